"""What a forecast's entry in the journal tells: the timeline, the reactions and the next rooms read it."""

import numpy as np

from anlan.assess.compute import Result, moment
from anlan.assess.harm import HAZARD, at_grades, gravest
from anlan.assess.water import policy
from anlan.catalog.catalog import Catalog
from anlan.city.city import City
from anlan.kernel.canonical import JSON
from anlan.science.arrays import Floats
from anlan.science.models import MODELS

FLOOD, WIND = MODELS["flood.simulation.inertial"], MODELS["wind.wind_field"]
MATURITY = "screening"
"""The models are verified; the ground, the drains and the land's wind that they are run with here are assumptions."""

BOUNDS = ("low", "best", "high")


def told_of(catalog: Catalog, city: City, found: Result) -> dict[str, JSON]:
    """Return the entry's data."""
    harm, hours, rows = found.harm, found.hours, found.towns
    codes = [str(code) for code in city.terrain.towns.code]
    order = sorted(rows.tolist(), key=lambda row: (-harm.people[1, row], codes[row]))
    towns: list[JSON] = [
        {"area": codes[row], "grade": harm.grade[row], "people": spread(harm.people[:, row])}
        for row in order
        if harm.grade[row] is not None
    ]
    hit_types = city.assets.type[found.hit.row[found.hit.critical]]
    least = min(catalog.grades["impact_ponding_depth"].bounds.values())
    return {
        "hazard": HAZARD,
        "grade": gravest(harm.grade[row] for row in rows),
        "maturity": MATURITY,
        "model": FLOOD.id,
        "members": found.water.members,
        "failed_members": len(found.water.failures),
        "synthetic": city.terrain.synthetic or bool(found.driven.inputs["outlook_synthetic"]),
        "people": spread(harm.people[:, rows].sum(axis=1)),
        "towns": towns,
        "underpasses": int(np.sum(hit_types == "underpass")),
        "assets_hit": int(np.sum(found.hit.depth_m >= least)),
        "critical_assets": int(found.hit.critical.sum()),
        "max_depth_m": round(float(found.water.depth_m[1].max(initial=0.0)), 2),
        "valid_from": moment(hours.now_s),
        "valid_to": moment(hours.end_s),
        "peak": moment(float(np.clip(found.water.peak_s, hours.now_s, hours.end_s))),
        "wind": _wind(found),
    }


def _wind(found: Result) -> JSON:
    if found.wind is None or found.advice is None or np.isnan(found.wind.gust_m_s[found.towns]).all():
        return None
    grades = [found.wind.grade[row] for row in found.towns]
    return {
        "advice": found.advice["id"],
        "grade": gravest(grades),
        "gust_m_s": round(float(np.nanmax(found.wind.gust_m_s[found.towns])), 1),
        "beaufort": int(found.wind.beaufort[found.towns].max()),
        "people": at_grades(grades, found.population[found.towns]),
        "model": WIND.id,
        "maturity": MATURITY,
    }


def inputs_of(catalog: Catalog, city: City, found: Result) -> dict[str, JSON]:
    """Return on what a forecast rests, flat, so that a screen can list it."""
    advice, spreads, gauges = found.advice, policy.uncertain(catalog), found.correction
    return {
        **found.driven.inputs,
        "rain_factors": list(spreads.rain),
        "drain_factors": list(spreads.drains),
        "roughness_factors": list(spreads.roughness),
        "rain_shift_m": spreads.shift_m,
        "pump_failure": spreads.pump_failure,
        "members": found.water.members,
        "failed_members": [f"{one.number}: {one.error}" for one in found.water.failures],
        "water_from": moment(found.begun.at_s),
        "mass_error": float(f"{found.water.mass_error:.1e}"),
        "depth_gauges": gauges.gauges,
        "depth_misfit_before_m": round(gauges.before_m, 3),
        "depth_misfit_after_m": round(gauges.after_m, 3),
        "depth_corrected_m3": round(gauges.added_m3),
        "terrain_synthetic": city.terrain.synthetic,
        "cyclone": None if advice is None else advice["id"],
        "cyclone_source": None if advice is None else advice["source"],
        "cyclone_synthetic": False if advice is None else advice["synthetic"],
        "catalog": catalog.fingerprint,
    }


def spread(values: Floats) -> dict[str, int]:
    """Return low, best and high as whole numbers."""
    return {bound: round(float(value)) for bound, value in zip(BOUNDS, values, strict=True)}
