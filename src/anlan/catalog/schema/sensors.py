"""When a reading is an alarm, and what kinds of instruments there are."""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from types import MappingProxyType
from typing import Any, ClassVar, Literal, Self

from pydantic import Field, ValidationInfo, model_validator

from anlan.catalog.schema.base import (
    GRADES,
    PROVENANCE,
    AssetTypeId,
    Entry,
    FrozenMap,
    Grade,
    Level,
    QuantityId,
    Some,
    Sourced,
    UnitId,
    faulty,
)
from anlan.catalog.schema.rule_parts import (
    CADENCES,
    EVERY,
    NEVER,
    Override,
    RuleId,
    RuleKind,
    Schedule,
    Season,
    SensorGrade,
    Term,
    Watched,
)

_ENTRY = {"id", "layer", "zh", "en", "note", *PROVENANCE}
_EVERY_KIND = {"about", "kind", "schedule", "suppressed_by", "hold_s", "clear_hold_s"}
_OF_SENSORS = {"asset_types", "stations", "quantity", "op", "unit", "grades", "clear", "max_gap_s", "overrides"}
_COMPARED = {"quantity", "op", "grades", "clear", "hold_s", "clear_hold_s", "max_gap_s"}

_NEEDS: Mapping[str, set[str]] = {
    "threshold": _COMPARED | {"unit"},
    "rate": _COMPARED | {"unit", "window_s"},
    "deviation": _COMPARED | {"season"},
    "drift": _COMPARED | {"window_s"},
    "stuck": {"quantity", "grades", "tolerance"},
    "silence": {"quantity", "grades", "clear"},
    "faulty": {"quantity", "hold_s", "clear_hold_s"},
    "compound": {"over", "window_s"},
}
_MAY: Mapping[str, set[str]] = {
    **{kind: _OF_SENSORS | needs for kind, needs in _NEEDS.items()},
    "deviation": _OF_SENSORS | {"season", "tolerance"},
    "drift": _OF_SENSORS | {"window_s", "tolerance"},
    "compound": {"over", "level", "network", "all", "any", "window_s", "gathers"},
}
_UNITS: Mapping[str, str] = {"stuck": "s", "silence": "s"}


class SensorRule(Entry, Sourced):
    """One rule: what is compared with the values of its grades is told by its ``kind``.

    ======== ==================================================================================================
    threshold  the value itself
    rate       its change per ``window_s``: (value - an earlier one) / (time between) x ``window_s``, the earlier one
               being the newest that is at least ``window_s`` older
    deviation  how far it lies from what is usual for this sensor at this time of its season, in robust scales, with
               its sign; ``tolerance`` is the least scale
    drift      how far a robust mean over ``window_s`` lies from a much longer one, in robust scales, without a sign;
               ``tolerance`` is the least scale
    stuck      for how long the value has not moved by more than ``tolerance``: s, or the sensor's cadences
    silence    for how long nothing was heard: s, or the sensor's cadences; found at ticks
    faulty     1 for a sample that is missing, suspect or out of range, 0 for a good one
    compound   how many of the terms' sensors stand at their terms' grades in one place within ``window_s``
    ======== ==================================================================================================

    A grade opens once met for ``hold_s`` and clears once clear for ``clear_hold_s``; ``clear`` is the value at which
    the mildest grade counts as clear, the others at the same distance from their own values; a silence longer than
    ``max_gap_s`` breaks a run. ``stations`` narrows the rule to sensors of these stations; without it and without
    ``asset_types`` all sensors of the quantity are watched, and of quantity ``*`` all sensors. Rules ``about`` an
    instrument tell of its health and not of the city. While an alarm of a rule named in ``suppressed_by`` is open on
    the same asset or an area around it, an alarm of this one opens suppressed, as its member.

    A compound rule looks for its terms in every asset, in every area of a ``level``, or at every place of a
    ``network`` and right behind it, up or down. It has its grades from the counts of its terms; their ``value`` is the
    greatest count asked for. With ``gathers`` the alarms of its sensors become members of its own.
    """

    hands_down: ClassVar[tuple[str, ...]] = ("grades", "overrides")

    about: Literal["hazard", "instrument"] = "hazard"
    kind: RuleKind = "threshold"
    asset_types: tuple[AssetTypeId, ...] = ()
    stations: tuple[str, ...] = ()
    quantity: Watched = EVERY
    op: Literal[">=", ">", "<=", "<"] = ">="
    unit: str = "1"
    grades: FrozenMap[Grade, SensorGrade] = Field(min_length=1)
    hold_s: float = Field(default=0.0, ge=0)
    clear: float = 0.0
    clear_hold_s: float = Field(default=0.0, ge=0)
    max_gap_s: float = Field(default=float("inf"), gt=0)
    window_s: float | None = Field(default=None, gt=0)
    season: Season | None = None
    tolerance: float | None = Field(default=None, ge=0)
    schedule: Schedule | None = None
    suppressed_by: tuple[RuleId, ...] = ()
    overrides: tuple[Override, ...] = ()
    over: Literal["asset", "area", "downstream", "upstream"] | None = None
    level: Level | None = None
    network: str | None = None
    all_: tuple[Term, ...] = Field(default=(), alias="all")
    any_: tuple[Term, ...] = Field(default=(), alias="any")
    gathers: bool = False

    @property
    def levels(self) -> tuple[tuple[Grade, float], ...]:
        """The grades with their values, mildest first."""
        return tuple((grade, self.grades[grade].value) for grade in reversed(GRADES) if grade in self.grades)

    @property
    def in_cadences(self) -> bool:
        """Whether the values are multiples of a sensor's cadence, and not seconds."""
        return self.unit == CADENCES

    @property
    def terms(self) -> tuple[Term, ...]:
        """The terms of a compound rule; which of :attr:`all_` and :attr:`any_` they are is told by :attr:`mode`."""
        return self.all_ or self.any_

    @property
    def mode(self) -> Literal["all", "any"]:
        """Whether all terms must be met, or any."""
        return "all" if self.all_ else "any"

    def hold(self, grade: Grade) -> float:
        """Return for how long a grade must be met, s."""
        own = self.grades[grade].hold_s
        return self.hold_s if own is None else own

    def clear_hold(self, grade: Grade) -> float:
        """Return for how long a grade must be clear, s."""
        own = self.grades[grade].clear_hold_s
        return self.clear_hold_s if own is None else own

    def need(self, term: Term) -> tuple[int, ...]:
        """Return how many of a term's sensors are needed for each grade of a compound rule, mildest first.

        A grade that the term does not name asks for what the next milder one asks for where all terms must be met,
        and for nothing if there is none; where any term does, a milder grade asks for what the next graver one asks
        for, and a graver one cannot be reached by this term.
        """
        count = term.count
        if isinstance(count, int):
            return (count,) * len(self.grades)
        named = [count.get(grade) for grade, _ in self.levels]
        if self.mode == "all":
            return tuple(_carried(named, 0))
        return tuple(reversed(list(_carried(reversed(named), NEVER))))

    def override(self, sensor: str, area: str) -> Override | None:
        """Return what is different for a sensor in an area: the most particular override, if there is any."""
        fitting = [one for one in self.overrides if one.sensor == sensor or one.covers(area)]
        return max(fitting, key=lambda one: one.rank, default=None)

    def changed(self, override: Override) -> Self:
        """Return the rule as it is under an override."""
        own = ("hold_s", "clear", "clear_hold_s", "max_gap_s")
        given: dict[str, Any] = {name: getattr(override, name) for name in own if getattr(override, name) is not None}
        grades = MappingProxyType({**self.grades, **override.grades})
        return self.model_copy(update={**given, "grades": grades, "overrides": ()})

    @model_validator(mode="before")
    @classmethod
    def _by_kind(cls, raw: Any) -> Any:
        """Refuse keys that a kind has not, ask for those that it needs, and give what follows from the kind."""
        if not isinstance(raw, dict) or raw.get("kind", "threshold") not in _NEEDS:
            return raw
        kind = raw.get("kind", "threshold")
        for key in raw:
            if key in _ANY_KEY and key not in _MAY[kind] | _EVERY_KIND | _ENTRY:
                raise faulty("rule.foreign_key", (key,), kind, *sorted(_MAY[kind] | _EVERY_KIND))
        for key in sorted(_NEEDS[kind] - raw.keys()):
            raise faulty("key.missing", (key,), key)
        given: dict[str, Any] = {"unit": _UNITS[kind]} if kind in _UNITS else {}
        own = {key: raw[key] for key in PROVENANCE if key in raw}
        if kind == "compound":
            given["grades"] = {g: {"value": n, **own} for g, n in _asked(raw.get("all") or raw.get("any") or ())}
        return {**given, **raw}

    @model_validator(mode="after")
    def _values_grow_with_severity(self) -> Self:
        _check_values(self, ())
        for number, override in enumerate(self.overrides):
            _check_values(self.changed(override), ("overrides", number))
        return self

    @model_validator(mode="after")
    def _quantity_and_unit_fit(self, info: ValidationInfo) -> Self:
        if self.kind == "compound":
            return self
        if self.quantity == EVERY and self.kind not in {"silence", "faulty", "stuck"}:
            raise faulty("rule.every_quantity", ("quantity",), self.kind, "silence", "faulty", "stuck")
        if self.kind in _UNITS:
            known = {"s", CADENCES}
        elif self.kind in {"threshold", "rate"}:
            known = _units(self.quantity, info)
        else:
            known = {"1"}
        if known and self.unit not in known:
            raise faulty("rule.unit", ("unit",), *sorted(known))
        return self

    @model_validator(mode="after")
    def _terms_fit(self) -> Self:
        if self.id in self.suppressed_by:
            raise faulty("rule.itself", ("suppressed_by",), self.id)
        if self.kind != "compound":
            return self
        if bool(self.all_) == bool(self.any_):
            raise faulty("rule.terms", (), "all", "any")
        if (self.over == "area") != (self.level is not None):
            raise faulty("rule.over", ("over",), "area: level")
        if (self.over in {"upstream", "downstream"}) != (self.network is not None):
            raise faulty("rule.over", ("over",), "upstream, downstream: network")
        for number, term in enumerate(self.terms):
            need = self.need(term)
            if any(milder > graver for milder, graver in pairwise(need)):
                raise faulty("rule.counts", (self.mode, number, "count"), ", ".join(str(n) for n in need))
        return self


_ANY_KEY = {field.alias or name for name, field in SensorRule.model_fields.items()}


def _check_values(rule: SensorRule, place: tuple[str | int, ...]) -> None:
    """Refuse values that do not grow with severity, and a clearing value beyond the mildest grade."""
    sign = 1 if rule.op in {">=", ">"} else -1
    values = [value * sign for _, value in rule.levels]
    if rule.kind != "compound" and any(milder >= graver for milder, graver in pairwise(values)):
        told = (f"{grade} {rule.op} {value:g}" for grade, value in rule.levels)
        raise faulty("grades.not_monotonic", (*place, "grades"), *told)
    if rule.clear * sign > values[0]:
        grade, value = rule.levels[0]
        raise faulty("grades.not_monotonic", (*place, "clear"), f"clear {rule.clear:g}", f"{grade} {value:g}")


def _carried(named: Any, start: int) -> Iterator[int]:
    """Yield each number, or the one before where there is none."""
    for number in named:
        start = start if number is None else number
        yield start


def _asked(terms: Any) -> Iterator[tuple[str, int]]:
    """Yield each grade that terms count for, with the greatest count."""
    counts = [term.get("count") for term in terms if isinstance(term, dict)]
    named = [count for count in counts if isinstance(count, dict)]
    for grade in dict.fromkeys(grade for count in named for grade in count):
        asked = [count[grade] for count in named if isinstance(count.get(grade), int)]
        yield grade, max(asked, default=1)


def _units(quantity: str, info: ValidationInfo) -> set[str]:
    """Return the ways to write the unit of a quantity; none if the catalog is not at hand."""
    entries = (info.context or {}).get("entries") or {}
    unit = entries.get("quantities", {}).get(quantity, {}).get("unit")
    own = entries.get("units", {}).get(unit, {})
    return {name for name in (unit, own.get("ucum"), own.get("sign")) if name}


class SensorKind(Entry, Sourced):
    """A kind of instrument: what it measures, how often it tells, and within which range it can.

    ``unit`` is that of its messages where it differs from the quantity's; ``valid`` is in the quantity's unit and no
    wider than the quantity's own; ``battery`` is the quantity under which it tells of its battery.
    """

    quantity: QuantityId
    unit: UnitId | None = None
    cadence_s: float = Field(gt=0)
    valid: tuple[float, float]
    battery: QuantityId | None = None
    asset_types: Some[AssetTypeId]

    @model_validator(mode="after")
    def _range_is_one(self, info: ValidationInfo) -> Self:
        low, high = self.valid
        entries = (info.context or {}).get("entries") or {}
        least, most = entries.get("quantities", {}).get(self.quantity, {}).get("valid", (low, high))
        if not least <= low < high <= most:
            raise faulty("sensor_kind.range", ("valid",), f"{least:g} … {most:g}")
        return self
