"""The sensors that are known, as columns by their number: what doors, rules and screens look up thousands of times."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa

from anlan.kernel.access import Scope
from anlan.sense.model import sensors
from anlan.sense.stream.batch import Floats, Int32s

Bools = npt.NDArray[np.bool_]
_UNKNOWN = -1
_CODED = ("area", "asset_type", "quantity", "kind")


@dataclass(frozen=True)
class Coded:
    """A column of few different texts: the texts, and for each sensor the place of its own; -1 for none."""

    texts: tuple[str, ...]
    code: Int32s

    def at(self, number: int) -> str | None:
        """Return the text of one sensor."""
        code = int(self.code[number])
        return None if code < 0 else self.texts[code]

    def equals(self, text: str) -> Bools:
        """Tell which sensors have this text."""
        wanted = self.texts.index(text) if text in self.texts else len(self.texts)
        return np.asarray(self.code == wanted)

    def among(self, texts: Sequence[str]) -> Bools:
        """Tell which sensors have one of these texts."""
        return self.where([text in texts for text in self.texts])

    def where(self, chosen: Sequence[bool]) -> Bools:
        """Tell which sensors have a text that is chosen, given for each of :attr:`texts` in turn."""
        table = np.array([*chosen, False])  # the last place serves the code -1
        return np.asarray(table[self.code])

    @property
    def values(self) -> list[str]:
        """The text of every sensor; empty for none."""
        table = [*self.texts, ""]
        return [table[code] for code in self.code.tolist()]


@dataclass(frozen=True)
class Registry:
    """All sensors that ever were registered, by number; a snapshot that is replaced as a whole.

    Attributes
    ----------
    ids : tuple of str
        By number.
    lon, lat, low, high, cadence_s : (n,) arrays
        Degrees; the range in which a reading is believed; how often it should report, NaN where nobody said.
    area, asset_type, quantity, kind : Coded
    asset : tuple of str
    retired : (n,) bool
    """

    ids: tuple[str, ...] = field(repr=False)
    asset: tuple[str, ...] = field(repr=False)
    lon: Floats
    lat: Floats
    low: Floats
    high: Floats
    cadence_s: Floats
    area: Coded
    asset_type: Coded
    quantity: Coded
    kind: Coded
    retired: Bools
    synthetic: Bools

    @classmethod
    def read(
        cls, conn: sa.Connection, valid: Mapping[str, tuple[float, float]], cadences: Mapping[str, float]
    ) -> "Registry":
        """Read the table; a sensor without a range of its own has that of its quantity, without a cadence its kind's.

        Parameters
        ----------
        valid
            The range of each quantity.
        cadences
            How often each kind of instrument reports, s.
        """
        names = ("id", "asset", "lon", "lat", "low", "high", "cadence_s", "area", "asset_type", "quantity", "kind")
        chosen = (sensors.c.number, *(sensors.c[name] for name in names), sensors.c.synthetic, sensors.c.retired_at)
        rows = conn.execute(sa.select(*chosen).order_by(sensors.c.number)).all()
        if any(row.number != place for place, row in enumerate(rows)):
            raise AssertionError("the numbers of the sensors are not dense")
        ranges = [valid.get(row.quantity, (-np.inf, np.inf)) for row in rows]
        return cls(
            ids=tuple(row.id for row in rows),
            asset=_shared([row.asset for row in rows]),
            lon=_floats([row.lon for row in rows]),
            lat=_floats([row.lat for row in rows]),
            low=_floats([low if row.low is None else row.low for row, (low, _) in zip(rows, ranges, strict=True)]),
            high=_floats([high if row.high is None else row.high for row, (_, high) in zip(rows, ranges, strict=True)]),
            cadence_s=_floats([cadences.get(row.kind) if row.cadence_s is None else row.cadence_s for row in rows]),
            **{name: _coded([getattr(row, name) for row in rows]) for name in _CODED},
            retired=np.array([row.retired_at is not None for row in rows], dtype=np.bool_),
            synthetic=np.array([row.synthetic for row in rows], dtype=np.bool_),
        )

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def _number_of(self) -> dict[str, int]:
        return {name: number for number, name in enumerate(self.ids)}

    def number(self, sensor: str) -> int:
        """Return the number of one sensor; -1 if it is not known."""
        return self._number_of.get(sensor, _UNKNOWN)

    def numbers(self, names: Sequence[str]) -> Int32s:
        """Return the numbers of sensors; -1 where one is not known."""
        found = map(self._number_of.get, names, [_UNKNOWN] * len(names))
        return np.fromiter(found, dtype=np.int32, count=len(names))

    def names(self, numbers: Int32s) -> list[str]:
        """Return the names of sensors by their numbers."""
        return [self.ids[number] for number in numbers.tolist()]

    def without(self, left_out: Bools) -> "Registry":
        """Return the same with some sensors counted as retired: no rule watches them."""
        return replace(self, retired=self.retired | left_out)

    def within(self, scope: Scope) -> Bools:
        """Tell which sensors lie in some areas."""
        return self.area.where([scope.covers(area) for area in self.area.texts])


def _shared(texts: list[str]) -> tuple[str, ...]:
    """Return texts with equal ones being one object: a million sensors stand at far fewer assets."""
    seen: dict[str, str] = {}
    return tuple(seen.setdefault(text, text) for text in texts)


def _floats(values: Sequence[float | None]) -> Floats:
    return np.array(values, dtype=np.float64)


def _coded(values: Sequence[str | None]) -> Coded:
    texts = sorted({value for value in values if value is not None})
    place: dict[Any, int] = {text: code for code, text in enumerate(texts)}
    return Coded(tuple(texts), np.array([place.get(value, _UNKNOWN) for value in values], dtype=np.int32))
