"""Sensors out of a CSV file: each line read and checked by itself, by the rules of ``sensor.register``.

The head line names the columns, in any order: those of :class:`~anlan.sense.sensors.SensorItem`. An empty cell is one
that was not given; spaces around a cell do not count; empty lines are left out.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import sqlalchemy as sa
from pydantic import ValidationError

from anlan.catalog.catalog import Catalog
from anlan.catalog.texts import near
from anlan.kernel.access import AreaTree, Scope
from anlan.kernel.arguments import places_of
from anlan.sense.sensors import SensorItem, item_faults, known_sensors

VERB = "sensor.register"
COLUMNS = tuple(SensorItem.model_fields)
NEEDED = tuple(name for name, one in SensorItem.model_fields.items() if one.is_required())
_HEAD_LINE = 1


class Fault(NamedTuple):
    """What is wrong in one place: the line from 1, the column (empty: the whole line), what stands there, the rule."""

    line: int
    column: str
    value: str
    rule: str
    params: Mapping[str, Any] = {}


@dataclass
class Sheet:
    """The lines that are sound so far, as sensors, and the faults of the others.

    Attributes
    ----------
    lines : int
        How many lines of sensors the file has.
    items : mapping of line to SensorItem
    """

    lines: int = 0
    items: dict[int, SensorItem] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def refuse(self, faults: Sequence[Fault]) -> None:
        """Leave out the lines that have faults."""
        self.faults = sorted([*self.faults, *faults], key=lambda fault: fault.line)
        for fault in faults:
            self.items.pop(fault.line, None)


def read_sheet(content: bytes) -> Sheet:
    """Return the sensors of a file as far as the file alone tells; a head line that does not hold refuses it whole."""
    sheet = Sheet()
    try:
        lines = list(_lines(content.decode("utf-8-sig")))
    except (UnicodeDecodeError, csv.Error) as error:
        sheet.refuse([Fault(_HEAD_LINE, "", str(error)[:80], "message.csv")])
        return sheet
    _, head = lines[0] if lines else (_HEAD_LINE, [])
    sheet.lines = max(0, len(lines) - 1)
    sheet.refuse(list(_head_faults(head)))
    if sheet.faults:
        return sheet
    faults: list[Fault] = []
    for line, cells in lines[1:]:
        if len(cells) != len(head):
            faults.append(Fault(line, "", str(len(cells)), "cli.sense.cells", {"count": len(head)}))
            continue
        given = {name: cell for name, cell in zip(head, cells, strict=True) if cell}
        try:
            sheet.items[line] = SensorItem.model_validate(given)
        except ValidationError as error:
            faults += _model_faults(line, given, error)
    sheet.refuse(faults)
    return sheet


def check_sheet(sheet: Sheet, conn: sa.Connection, catalog: Catalog, tree: AreaTree, scope: Scope) -> None:
    """Refuse what does not fit the catalog, the city, what is registered, or the areas that an actor reaches."""
    known = known_sensors(conn, [item.id for item in sheet.items.values()])
    seen: dict[str, int] = {}
    faults: list[Fault] = []
    for line, item in sheet.items.items():
        for place in item_faults(catalog, tree, item):
            near_ones = {"near": ", ".join(tree.near(item.area))} if place.at == "area" else {}
            faults.append(Fault(line, place.at, str(place.value), place.rule, near_ones))
        faults += _reach_faults(line, item, tree, scope, known.get(item.id))
        if item.id in seen:
            faults.append(Fault(line, "id", item.id, "sensor.twice"))
        seen.setdefault(item.id, line)
    sheet.refuse(faults)


def _reach_faults(line: int, item: SensorItem, tree: AreaTree, scope: Scope, known: Any) -> Iterator[Fault]:
    if tree.contains(item.area) and not scope.covers(item.area):
        yield Fault(line, "area", item.area, "access.area", {"verb": VERB})
    if known is None:
        return
    if not scope.covers(known.area):
        yield Fault(line, "id", item.id, "sensor.elsewhere")
    elif known.quantity != item.quantity:
        yield Fault(line, "quantity", item.id, "sensor.other_quantity", {"quantity": known.quantity})


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the lines that hold anything, each with its number; of one that is broken within quotes, the first."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    before = 0
    for cells in reader:
        stripped = [cell.strip() for cell in cells]
        if any(stripped):
            yield before + 1, stripped
        before = reader.line_num


def _head_faults(head: Sequence[str]) -> Iterator[Fault]:
    for place, name in enumerate(head):
        if name not in COLUMNS:
            yield Fault(_HEAD_LINE, name, name, "cli.sense.column", {"near": ", ".join(near(name, COLUMNS))})
        elif name in head[:place]:
            yield Fault(_HEAD_LINE, name, name, "cli.sense.column_twice")
    for name in NEEDED:
        if name not in head:
            yield Fault(_HEAD_LINE, name, "", "cli.sense.column_missing")


def _model_faults(line: int, given: Mapping[str, str], error: ValidationError) -> Iterator[Fault]:
    for place in places_of(error.errors(include_url=False)):
        column = place.at.removeprefix("args").removeprefix(".")
        yield Fault(line, column, given.get(column, ""), place.rule)
