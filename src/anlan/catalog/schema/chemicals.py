"""Major hazard installations: substances and classes with threshold quantities."""

from pydantic import Field

from anlan.catalog.schema.base import Entry, Sourced


class Chemical(Entry, Sourced):
    """A substance of table 1: its threshold quantity, and the factor beta where table 3 names it."""

    number: int
    cas: str | None = Field(default=None, pattern=r"^[0-9]{2,7}-[0-9]{2}-[0-9]$")
    threshold_t: float = Field(gt=0)
    beta: float | None = None


class ChemicalClass(Entry, Sourced):
    """A hazard class of tables 2 and 4, for substances that table 1 does not name."""

    threshold_t: float = Field(gt=0)
    beta: float = Field(gt=0)
