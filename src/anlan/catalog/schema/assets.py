"""What can be harmed or can help: types of assets with their form, map symbol, instruments and weaknesses."""

from typing import Literal, Self

from pydantic import Field, model_validator

from anlan.catalog.schema.base import Entry, FrozenMap, Hazard, Model, QuantityId, VulnerabilityId, faulty
from anlan.catalog.texts import near


class Attribute(Model):
    """One field of the form of an asset type."""

    zh: str
    en: str
    type: Literal["number", "integer", "text", "boolean", "date", "choice"]
    unit: str | None = None
    required: bool = False
    choices: tuple[str, ...] = ()


class Symbol(Model):
    """The map symbol: an icon of the sprite and a colour token of the page."""

    icon: str
    colour: str


class AssetType(Entry):
    """A type of asset; ``code`` is the national class code of protection targets, hazards or resources."""

    code: str | None = None
    geometry: Literal["point", "line", "polygon"] = "point"
    symbol: Symbol
    attributes: FrozenMap[str, Attribute]
    measures: tuple[QuantityId, ...] = ()
    harmed_by: tuple[Hazard, ...] = ()
    capacity: str | None = None
    vulnerability: FrozenMap[Hazard, VulnerabilityId] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _capacity_is_an_attribute(self) -> Self:
        if self.capacity is not None and self.capacity not in self.attributes:
            advice = near(self.capacity, self.attributes) or sorted(self.attributes)
            raise faulty("reference.unknown", ("capacity",), "attributes", *advice)
        return self
