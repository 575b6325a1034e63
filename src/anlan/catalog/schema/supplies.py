"""What people and teams need, and how much of it."""

from typing import Literal

from pydantic import Field

from anlan.catalog.schema.base import Entry, Model, Sourced, SupplyItemId


class Content(Model):
    """How much of what a norm counts one item holds, such as 0.55 L in a bottle."""

    value: float = Field(gt=0)
    unit: str


class SupplyItem(Entry, Sourced):
    """An item that is stocked and moved."""

    code: str
    unit: str
    group: Literal["living", "equipment", "engineering"]
    shelf_life_days: int | None = None
    content: Content | None = None


class SupplyNorm(Entry, Sourced):
    """How much is needed: per person, per person and day, per household, or how many persons share one."""

    basis: Literal[
        "per_person",
        "per_person_day",
        "per_person_month",
        "per_household",
        "persons_per_one",
        "limit",
        "per_10_households",
    ]
    value: float
    unit: str
    item: SupplyItemId | None = None
    estimated: bool = False


class StockRange(Entry, Sourced):
    """How much of an item a reserve keeps."""

    item: SupplyItemId | None = None
    least: int
    most: int


class ShelterClass(Entry, Sourced):
    """A class of emergency shelter with its norms."""

    open_days_max: int
    area_per_person_m2: float
    service_radius_km: float | None = None
    min_area_ha: float | None = None
    max_people: int | None = None
    service_area_km2_max: float | None = None
    service_people_max: int | None = None
