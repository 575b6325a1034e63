"""What instruments measure, in which units."""

from pydantic import Field

from anlan.catalog.schema.base import Entry, UnitId


class Unit(Entry):
    """A unit by its UCUM code, with the sign it is shown by."""

    ucum: str
    sign: str


class Quantity(Entry):
    """A quantity: its unit, the range outside which a reading is a fault of the instrument, its CF standard name.

    ``keep_days`` says for how many days single observations are kept, where that is not what the settings say.
    """

    unit: UnitId
    valid: tuple[float, float]
    keep_days: int | None = Field(default=None, ge=1)
    standard_name: str | None = Field(default=None, pattern=r"^[a-z_0-9]+$")
