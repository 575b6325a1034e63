"""The catalogue of data resources: what there is, from whom, and who may use it on which terms."""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from anlan.catalog.schema.base import Entry, QuantityId, RoleId, Some, Sourced, faulty, reference

SectorId = Annotated[str, AfterValidator(lambda value, info: reference("sectors", value, info))]

Sharing = Literal["unconditional", "conditional", "none"]
"""The three classes of government data: shared without conditions, on conditions, not shared."""


class DataResource(Entry, Sourced):
    """One dataset of the pool.

    ``quantities`` tie it to what instruments observe, so that its quality can be told from the history; a resource
    without them is of another kind. ``condition_zh`` and ``condition_en`` say on which terms it is shared, or by which
    law it is not. ``noun`` is what a role must read to use it.
    """

    sector: SectorId | None = None
    provider_zh: str = Field(min_length=1)
    provider_en: str = Field(min_length=1)
    quantities: tuple[QuantityId, ...] = ()
    noun: str = Field(pattern=r"^[a-z_]+$")
    address: str = Field(pattern=r"^/[a-z0-9/_{}.-]+$")
    format: Some[Literal["json", "csv", "arrow", "parquet", "sensorthings", "geojson"]]
    cadence_s: float | None = Field(default=None, gt=0)
    sharing: Sharing
    condition_zh: str | None = None
    condition_en: str | None = None
    personal: bool = False
    roles: Some[RoleId]

    @model_validator(mode="after")
    def _says_on_which_terms(self) -> Self:
        if self.sharing != "unconditional" and not (self.condition_zh and self.condition_en):
            raise faulty("key.missing", ("condition_zh",), "condition_zh", "condition_en")
        return self
