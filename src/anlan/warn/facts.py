"""The numbers of a forecast that a warning tells, in the shape of a forecast's journal entry."""

from pydantic import AwareDatetime, BaseModel, ConfigDict

from anlan.catalog.schema.base import Grade


class _Fact(BaseModel):
    # A forecast's entry says more than a warning tells.
    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False)


class Spread(_Fact):
    """A number with its spread."""

    low: float
    best: float
    high: float


class Town(_Fact):
    """A town that a forecast grades."""

    area: str
    people: Spread | float | None = None


class Facts(_Fact):
    """Impact as forecast; what is not known is None."""

    people: Spread | float | None = None
    towns: tuple[Town, ...] = ()
    hazard: str = ""
    grade: Grade | None = None
    underpasses: int | None = None
    critical_assets: int | None = None
    assets_hit: int | None = None
    max_depth_m: float | None = None
    valid_from: AwareDatetime | None = None
    valid_to: AwareDatetime | None = None
    peak: AwareDatetime | None = None
    maturity: str = ""
    model: str = ""
    synthetic: bool | None = None
