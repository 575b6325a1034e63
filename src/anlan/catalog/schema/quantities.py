"""What instruments measure, in which units."""

from pydantic import Field

from anlan.catalog.schema.base import Entry, UnitId


class Unit(Entry):
    """A unit by its UCUM code, with the sign it is shown by."""

    ucum: str
    sign: str


class Quantity(Entry):
    """A quantity: its unit, the range outside which a reading is a fault of the instrument, its CF standard name."""

    unit: UnitId
    valid: tuple[float, float]
    standard_name: str | None = Field(default=None, pattern=r"^[a-z_0-9]+$")
