"""From water to people and assets: exposure from the city, vulnerability and grades from the catalog."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from anlan.assess.ground import Ground
from anlan.assess.water.flooding import SPREAD, Flooding
from anlan.catalog.catalog import Catalog
from anlan.catalog.schema.base import GRADES, Grade, Hazard
from anlan.catalog.schema.grading import Vulnerability as Curve
from anlan.city.assets import Assets
from anlan.science.arrays import Bools, Floats, Ints, floats
from anlan.science.impact import Vulnerability

HAZARD: Hazard = "waterlogging"
_GROUND_FLOOR = "ground_floor_people"


@dataclass(frozen=True)
class Touched:
    """Assets in water: rows of the city's assets, and arrays of their length.

    Attributes
    ----------
    depth_m : array
        Best estimate.
    harm : (3, n) array
        Low, best and high share of damage or chance of outage; NaN where the type has no vulnerability.
    critical : array of bool
        Whether the type has a vulnerability and the best harm counts.
    """

    row: Ints
    depth_m: Floats
    harm: Floats
    critical: Bools


@dataclass(frozen=True)
class TownHarm:
    """Arrays by town: (3, towns) people, and (towns,) counts, depths, flooded areas."""

    people: Floats
    critical: Ints
    max_depth_m: Floats
    flooded_km2: Floats
    grade: tuple[Grade | None, ...]


def curve(catalog: Catalog, name: str) -> Vulnerability:
    """Return a vulnerability of the catalog in the form that science takes."""
    return _formed(catalog.vulnerabilities[name])


def _formed(entry: Curve) -> Vulnerability:
    intensity, low, best, high = zip(*entry.points, strict=True)
    return Vulnerability(intensity, low, best, high, entry.unit, entry.source)


def bound_by_bound(shape: Vulnerability, depth_m: Floats) -> Floats:
    """Return the low reading of the curve at the low depth, and so on; (3, n) in and out."""
    return np.stack([shape.parts(depth_m[i])[i] for i in range(3)])


def touched(catalog: Catalog, assets: Assets, water: Flooding, inside: Bools) -> Touched:
    """Return the assets, of those ``inside`` an area, that water harms and that stand in it by the high estimate."""
    least = min(catalog.grades["impact_ponding_depth"].bounds.values())
    harmed = np.isin(assets.type, [name for name, kind in catalog.asset_types.items() if HAZARD in kind.harmed_by])
    rows = np.flatnonzero(inside & harmed & (water.asset_depth_m[2] >= least))
    harm = np.full((3, len(rows)), np.nan)
    for kind in np.unique(assets.type[rows]):
        name = catalog.asset_types[str(kind)].vulnerability.get(HAZARD)
        if name is not None:
            own = assets.type[rows] == kind
            harm[:, own] = bound_by_bound(curve(catalog, name), water.asset_depth_m[:, rows[own]])
    counts = np.nan_to_num(harm[1]) >= float(catalog.setting("forecast.hit_harm"))
    return Touched(rows, water.asset_depth_m[1, rows], harm, counts)


def town_harm(catalog: Catalog, assets: Assets, ground: Ground, water: Flooding, hit: Touched) -> TownHarm:
    """Return people, critical assets, depth and colour of every town.

    People are those on ground floors in wet cells and those in dwellings that water reaches; residents are taken as
    spread evenly over a town's land.
    """
    count, town = len(ground.population), ground.cell_town[water.cell]
    wet = town >= 0
    people = _on_ground_floors(catalog, ground, water) + _in_dwellings(catalog, assets, ground, hit)
    own = ground.asset_town[hit.row[hit.critical]]
    critical = np.bincount(own[own >= 0], minlength=count).astype(np.int64)
    deepest = np.zeros(count)
    np.maximum.at(deepest, town[wet], water.depth_m[1, wet])
    least = min(catalog.grades["impact_ponding_depth"].bounds.values())
    flooded = floats(np.bincount(town[wet], water.depth_m[1, wet] >= least, count)) * ground.cell_m2 / 1e6
    grades = tuple(_town_grade(catalog, float(p), int(c)) for p, c in zip(people[1], critical, strict=True))
    return TownHarm(people, critical, deepest, flooded, grades)


def _on_ground_floors(catalog: Catalog, ground: Ground, water: Flooding) -> Floats:
    """Return (3, towns) people: percentiles over the members of what the low, best and high reading of harm gives.

    A member's water is its own everywhere at once, so that towns are not all at their worst in the same forecast.
    """
    count, town = len(ground.population), ground.cell_town[water.cell]
    living = ground.cell_people[water.cell] * float(catalog.setting("exposure.ground_floor_share"))
    living, town = np.where(town < 0, 0.0, living), np.maximum(town, 0)
    readings = curve(catalog, _GROUND_FLOOR).parts(water.member_depth_m)
    return np.stack(
        [
            np.quantile([np.bincount(town, living * share, count) for share in reading], part, axis=0)
            for reading, part in zip(readings, SPREAD, strict=True)
        ]
    )


def _in_dwellings(catalog: Catalog, assets: Assets, ground: Ground, hit: Touched) -> Floats:
    """Return (3, towns) people at risk in assets whose vulnerability tells the share of people exposed."""
    people = np.zeros((3, len(ground.population)))
    kinds, town = assets.type[hit.row], ground.asset_town[hit.row]
    for kind in np.unique(kinds):
        entry = catalog.asset_types[str(kind)]
        name = entry.vulnerability.get(HAZARD)
        if name is None or entry.capacity is None or catalog.vulnerabilities[name].harm != "share_exposed":
            continue
        own = (kinds == kind) & (town >= 0)
        living = assets.values(hit.row[own], entry.capacity)
        people += np.stack([np.bincount(town[own], living * part[own], people.shape[1]) for part in hit.harm])
    return people


def _town_grade(catalog: Catalog, people: float, critical: int) -> Grade | None:
    return gravest(
        [catalog.grades["impact_people"].grade(people), catalog.grades["impact_critical_assets"].grade(critical)]
    )


def gravest(grades: Iterable[Grade | None]) -> Grade | None:
    """Return the gravest of some grades; one red town makes the city red."""
    found = set(grades)
    return next((grade for grade in GRADES if grade in found), None)


def at_grades(grades: Sequence[Grade | None], people: Floats) -> Mapping[str, int]:
    """Return how many people live at each grade."""
    return {g: round(float(sum(p for own, p in zip(grades, people, strict=True) if own == g))) for g in GRADES}
