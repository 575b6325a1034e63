"""How many of each kind of asset the synthetic city has, where they go, and what is known of them.

``total`` is anchored where a figure is public (the anchor is told beside it), else general knowledge (G).
Weights share the total among towns: people, workplace employment, area, or their mix.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

Rng = np.random.Generator
Weight = Literal["people", "work", "area", "mixed", "central"]
Attributes = Callable[[Rng, int], list[dict[str, Any]]]


@dataclass(frozen=True)
class Facility:
    """One kind of synthetic asset."""

    type: str
    zh: str
    en: str
    total: int
    weight: Weight
    attributes: Attributes
    anchor: str
    least: int = 0


def _round(values: Any, to: int) -> list[int]:
    return [int(v) for v in np.maximum(to, np.round(np.asarray(values) / to) * to)]


def _pick(rng: Rng, n: int, options: dict[Any, float]) -> list[Any]:
    keys = list(options)
    return [keys[i] for i in rng.choice(len(keys), n, p=list(options.values()))]


def _hospital(rng: Rng, n: int) -> list[dict[str, Any]]:
    grades = _pick(rng, n, {"tertiary": 0.13, "secondary": 0.27, "primary": 0.6})
    middle = {"tertiary": 900, "secondary": 400, "primary": 90}
    beds = _round([middle[g] * f for g, f in zip(grades, rng.lognormal(0, 0.3, n), strict=True)], 10)
    hours = rng.integers(4, 25, n)
    return [
        {"grade": g, "beds": b, "emergency": g != "primary", "backup_power_h": int(h)}
        for g, b, h in zip(grades, beds, hours, strict=True)
    ]


def _school(rng: Rng, n: int) -> list[dict[str, Any]]:
    kinds = _pick(rng, n, {"primary": 0.45, "middle": 0.55})
    pupils = _round(rng.lognormal(6.8, 0.4, n), 10)
    return [{"kind": kind, "pupils": p} for kind, p in zip(kinds, pupils, strict=True)]


# Square metres per person by class: GB 51143-2015 as recalled (G); class E is a building opened for some nights.
_SHELTER_M2 = {"I": 4.5, "II": 3.0, "III": 2.0, "E": 2.0}
_SHELTER_AREA_M2 = {"I": 40000.0, "II": 12000.0, "III": 5000.0, "E": 1200.0}


def _shelter_of(kind: str, rng: Rng) -> dict[str, Any]:
    area = int(max(200, round(_SHELTER_AREA_M2[kind] * rng.lognormal(0, 0.35) / 100) * 100))
    return {
        "shelter_class": kind,
        "effective_area_m2": area,
        "capacity_people": int(area / _SHELTER_M2[kind] // 10 * 10),
        "activation_min": int(rng.choice([30, 60, 120])),
        "accessible": bool(rng.random() < 0.6),
        "indoor": kind == "E",
    }


def _shelter_classed(rng: Rng, n: int) -> list[dict[str, Any]]:
    return [_shelter_of(kind, rng) for kind in _pick(rng, n, {"I": 0.1, "II": 0.3, "III": 0.6})]


def _shelter_indoor(rng: Rng, n: int) -> list[dict[str, Any]]:
    return [_shelter_of("E", rng) for _ in range(n)]


def _warehouse(tier: str, layer: str, area_m2: float) -> Attributes:
    def make(rng: Rng, n: int) -> list[dict[str, Any]]:
        areas = _round(area_m2 * rng.lognormal(0, 0.25, n), 50)
        return [{"tier": tier, "layer": layer, "area_m2": area} for area in areas]

    return make


def _fire_station(rng: Rng, n: int) -> list[dict[str, Any]]:
    classes = _pick(rng, n, {"first": 0.4, "second": 0.4, "small": 0.2})
    crew = {"first": 40, "second": 25, "small": 15}
    engines = {"first": 6, "second": 4, "small": 2}
    return [{"class": c, "crew": crew[c], "engines": engines[c], "boats": int(rng.integers(0, 3))} for c in classes]


def _substation(rng: Rng, n: int) -> list[dict[str, Any]]:
    volts = _pick(rng, n, {35: 0.55, 110: 0.33, 220: 0.12})
    power = {35: 40, 110: 126, 220: 480}
    homes = {35: 9000, 110: 22000, 220: 60000}
    spread = rng.lognormal(0, 0.25, n)
    return [
        {"voltage_kv": v, "capacity_mva": power[v], "customers": int(homes[v] * f // 100 * 100)}
        for v, f in zip(volts, spread, strict=True)
    ]


def _gas_station(rng: Rng, n: int) -> list[dict[str, Any]]:
    return [{"tank_volume_m3": int(tanks) * 30} for tanks in rng.integers(3, 7, n)]


# Substances of GB 18218-2018 table 1 with their threshold quantities in tonnes.
_SUBSTANCES = {"chlorine": 5.0, "ammonia": 10.0, "gasoline": 200.0, "methanol": 500.0, "lpg": 50.0, "hydrogen": 5.0}


def _hazchem(rng: Rng, n: int) -> list[dict[str, Any]]:
    names = [list(_SUBSTANCES)[i] for i in rng.integers(0, len(_SUBSTANCES), n)]
    shares = rng.lognormal(-0.5, 0.9, n)
    return [
        {
            "substances": s,
            "quantity_t": round(float(_SUBSTANCES[s] * share), 1),
            "employees": int(rng.integers(10, 300)),
        }
        for s, share in zip(names, shares, strict=True)
    ]


def _high_rise(rng: Rng, n: int) -> list[dict[str, Any]]:
    heights = np.minimum(420, 100 + rng.exponential(35, n))
    uses = _pick(rng, n, {"office": 0.5, "residential": 0.4, "hotel": 0.1})
    return [
        {
            "height_m": round(float(h)),
            "floors": int(h / 3.6),
            "use": u,
            "residents": int(h / 3.6) * 30,
            "basement": True,
        }
        for h, u in zip(heights, uses, strict=True)
    ]


def _nursing_home(rng: Rng, n: int) -> list[dict[str, Any]]:
    beds = _round(rng.lognormal(5.2, 0.4, n), 10)
    return [{"beds": b, "bedridden": int(b * rng.uniform(0.1, 0.35))} for b in beds]


def _basement(rng: Rng, n: int) -> list[dict[str, Any]]:
    return [{"residents": int(people)} for people in np.maximum(2, rng.lognormal(3.0, 0.6, n))]


def _construction(rng: Rng, n: int) -> list[dict[str, Any]]:
    return [{"workers": int(rng.integers(20, 600)), "tower_cranes": int(rng.integers(0, 7))} for _ in range(n)]


_DROP_M = {"underpass": (1.2, 4.5), "low_road": (0.2, 0.6)}  # how far below the street around (G)


def _underpass(rng: Rng, n: int) -> list[dict[str, Any]]:
    return [
        {"kind": kind, "drop_m": round(float(rng.uniform(*_DROP_M[kind])), 2), "lanes": 2 * int(rng.integers(1, 4))}
        for kind in _pick(rng, n, {"underpass": 0.6, "low_road": 0.4})
    ]


def _pump_station(rng: Rng, n: int) -> list[dict[str, Any]]:
    flows = np.maximum(1.0, rng.lognormal(1.8, 0.6, n))
    return [{"capacity_m3_s": round(float(q), 1), "pumps": int(rng.integers(2, 9))} for q in flows]


FACILITIES: tuple[Facility, ...] = (
    Facility("hospital", "医院", "Hospital", 430, "people", _hospital, "about 430 hospitals (G)", least=1),
    Facility("school", "学校", "School", 1600, "people", _school, "about 1600 without kindergartens (G)", least=2),
    Facility(
        "shelter", "应急避难场所", "Emergency Shelter", 117, "mixed", _shelter_classed,
        "117 classed shelters in 2020 (V, city plan)",
    ),
    Facility(
        "shelter", "避灾安置点", "Evacuation Site", 900, "people", _shelter_indoor,
        "indoor sites for some nights; number is a guess (G)", least=2,
    ),
    Facility(
        "warehouse", "市级综合物资库", "Municipal Comprehensive Depot", 5, "area", _warehouse("city", "5", 12000),
        "5+8+11+N depots (V); which layer is which is a guess (G)",
    ),
    Facility(
        "warehouse", "市级专业物资库", "Municipal Specialised Depot", 8, "area", _warehouse("city", "8", 6000),
        "5+8+11+N depots (V); which layer is which is a guess (G)",
    ),
    Facility(
        "warehouse", "区级物资库", "District Depot", 11, "area", _warehouse("district", "11", 3000),
        "5+8+11+N depots (V); which layer is which is a guess (G)",
    ),
    Facility(
        "warehouse", "街镇物资储备点", "Town Depot", 217, "area", _warehouse("town", "N", 300),
        "one to a town (P)", least=1,
    ),
    Facility("fire_station", "消防救援站", "Fire Station", 174, "mixed", _fire_station, "174 in 2020 (V, city plan)"),
    Facility("substation", "变电站", "Substation", 650, "mixed", _substation, "a guess of the order (G)", least=1),
    Facility("gas_station", "加油站", "Filling Station", 830, "area", _gas_station, "about 830 (G)", least=1),
    Facility(
        "hazardous_chemical_enterprise", "危化企业", "Hazardous Chemicals Enterprise", 600, "area", _hazchem,
        "a sample of the 17 000 units (V, city plan)",
    ),
    Facility("high_rise", "超高层建筑", "High-rise", 1000, "central", _high_rise, "over 1000 of 100 m (V, city plan)"),
    Facility("nursing_home", "养老院", "Nursing Home", 730, "people", _nursing_home, "about 730 (G)", least=1),
    Facility("basement_dwelling", "地下室居住点", "Basement Dwellings", 600, "people", _basement, "a guess (G)", 1),
    Facility("construction_site", "建筑工地", "Construction Site", 800, "mixed", _construction, "a tenth of 8000 (V)"),
    Facility("underpass", "易积水点", "Low Spot", 700, "central", _underpass, "700+ ponding points (S)", least=1),
    Facility("pump_station", "排水泵站", "Pumping Station", 400, "mixed", _pump_station, "a guess of the order (G)"),
)  # fmt: skip
