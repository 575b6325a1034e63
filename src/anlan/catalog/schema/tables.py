"""Tables, checklists and code lists that screens show and formulas look up."""

from typing import ClassVar, Self

from pydantic import model_validator

from anlan.catalog.schema.base import Entry, FrozenMap, Model, Sourced, faulty

Cell = bool | int | float | str | None


class Column(Model):
    """One column of a table."""

    id: str
    zh: str
    unit: str | None = None


class Table(Entry, Sourced):
    """A small table of reference values."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]

    @model_validator(mode="after")
    def _rows_fit(self) -> Self:
        for i, row in enumerate(self.rows):
            if len(row) != len(self.columns):
                raise faulty("table.row_length", ("rows", i), f"{len(row)}, {len(self.columns)}")
        return self

    def column(self, name: str) -> tuple[Cell, ...]:
        """Return the values of one column."""
        at = [column.id for column in self.columns].index(name)
        return tuple(row[at] for row in self.rows)


class Item(Sourced):
    """One line of a checklist, with points where it is scored."""

    zh: str
    points: float | None = None
    note: str | None = None


class Checklist(Entry, Sourced):
    """A list of things to have, to say or to do."""

    hands_down: ClassVar[tuple[str, ...]] = ("items",)

    items: tuple[Item, ...]


class CodeList(Entry, Sourced):
    """Codes of a national classification with their names."""

    codes: FrozenMap[str, str]
