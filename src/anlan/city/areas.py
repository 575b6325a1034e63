"""The tree of areas: city, districts, towns, committees."""

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Literal

from shapely.geometry.base import BaseGeometry

from anlan.kernel.access import jurisdiction
from anlan.kernel.errors import NotFound

Level = Literal["city", "district", "town", "village"]
LEVELS: tuple[Level, ...] = ("city", "district", "town", "village")
_SUGGESTIONS = 3


@dataclass(frozen=True)
class Area:
    """One area.

    ``lon`` and ``lat`` are the label's place; ``quality`` says how the boundary was obtained. Committees have neither
    boundary nor label. ``population`` is None where no figure can be given, and ``population_synthetic`` says that it
    is shared out by a script rather than counted.
    """

    code: str
    zh: str
    en: str
    level: Level
    kind: str
    parent: str | None
    lon: float | None
    lat: float | None
    area_km2: float | None
    quality: str | None
    population: int | None
    population_synthetic: bool
    employment_2023: int | None
    geometry: BaseGeometry | None

    def name(self, lang: str) -> str:
        """Return the name in one language; Chinese for one that has none."""
        return self.en if lang == "en" else self.zh


@dataclass(frozen=True)
class Areas:
    """All areas of a city by code, the city first, then each level in the order of its codes."""

    by_code: Mapping[str, Area] = field(repr=False)
    borders: Mapping[str, tuple[str, ...]] = field(repr=False)

    @cached_property
    def root(self) -> str:
        """Code of the whole city."""
        return next(area.code for area in self if area.parent is None)

    @cached_property
    def levels(self) -> Mapping[str, tuple[Area, ...]]:
        """Areas of each level."""
        return MappingProxyType({level: tuple(a for a in self if a.level == level) for level in LEVELS})

    @cached_property
    def _children(self) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {}
        for area in self:
            if area.parent is not None:
                found.setdefault(area.parent, []).append(area.code)
        return {code: tuple(children) for code, children in found.items()}

    def __iter__(self) -> Iterator[Area]:
        return iter(self.by_code.values())

    def __len__(self) -> int:
        return len(self.by_code)

    def __contains__(self, code: object) -> bool:
        return code in self.by_code

    def area(self, code: str) -> Area:
        """Return one area.

        Raises
        ------
        NotFound
            ``city.area.unknown``, with the codes or names that may have been meant.
        """
        found = self.by_code.get(code)
        if found is None:
            raise NotFound("city.area.unknown", value=code, params={"near": ", ".join(self.near(code))})
        return found

    def children(self, code: str) -> tuple[str, ...]:
        """Return the codes right below an area."""
        self.area(code)
        return self._children.get(code, ())

    def descendants(self, code: str, level: Level | None = None) -> tuple[str, ...]:
        """Return the codes of everything below an area, of one level or all, itself left out."""
        self.area(code)
        prefix = jurisdiction(code)
        below = self.levels[level] if level else self
        return tuple(a.code for a in below if a.code != code and a.code.startswith(prefix))

    def ancestors(self, code: str) -> tuple[str, ...]:
        """Return the codes above an area, nearest first."""
        above: list[str] = []
        parent = self.area(code).parent
        while parent is not None:
            above.append(parent)
            parent = self.area(parent).parent
        return tuple(above)

    def neighbours(self, town: str) -> tuple[str, ...]:
        """Return the codes of the towns that share a border with one."""
        self.area(town)
        return self.borders.get(town, ())

    def near(self, word: str) -> Sequence[str]:
        """Return codes or names that the writer may have meant, best first."""
        if word.isdigit():
            return _near_codes(word, self.by_code)
        exact = [area.code for area in self if word in (area.zh, area.en)]
        return exact[:_SUGGESTIONS] or _near_names(word, self)


def _near_codes(code: str, known: Mapping[str, Area]) -> Sequence[str]:
    """Return the codes most like one; of the same length, and with the longest head in common, come first."""
    for length in range(len(code), 1, -1):
        alike = [other for other in known if other.startswith(code[:length])]
        same = [other for other in alike if len(other) == len(code)] or alike
        if same:
            likeness = difflib.SequenceMatcher(b=code)
            return sorted(same, key=lambda other: (-_ratio(likeness, other), other))[:_SUGGESTIONS]
    return list(known)[:_SUGGESTIONS]


def _ratio(likeness: difflib.SequenceMatcher[str], other: str) -> float:
    likeness.set_seq1(other)
    return likeness.ratio()


def _near_names(word: str, areas: Areas) -> Sequence[str]:
    names = [area.en for area in areas] if re.fullmatch(r"[ -~]+", word) else [area.zh for area in areas]
    return difflib.get_close_matches(word, names, n=_SUGGESTIONS, cutoff=0.5)
