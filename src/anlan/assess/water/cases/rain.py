"""Rain of a case, from its file to `anlan.science.flood.rainfall`."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from anlan.assess.water.cases.case import Draft
from anlan.assess.water.cases.faults import Findings, Spot
from anlan.assess.water.cases.frame import Frame
from anlan.assess.water.cases.radar import MOST_VALUES, read_radar
from anlan.assess.water.cases.rain_shapes import HEAVIEST_MM_H, Design, Gauges, Uniform
from anlan.assess.water.cases.series import table
from anlan.assess.water.cases.vectors import features
from anlan.science.arrays import Floats, floats
from anlan.science.flood import rainfall
from anlan.science.rain import StormFormula

_FARTHEST = 10.0  # a gauge farther off than so many sides of the grid is a slip in its place


def read_rain(draft: Draft, frame: Frame | None, findings: Findings) -> rainfall.Rainfall | None:
    """Return the rain of a case; None where it has none, or stands on a grid that is not known.

    Raises
    ------
    RefusedError
    """
    given, spot = draft.case.rain, draft.spot / "rain"
    if given is None or (frame is None and (given.gauges or given.radar)):
        return None
    if given.uniform is not None:
        made = _uniform(draft, given.uniform, spot / "uniform")
    elif given.design is not None:
        made = _design(given.design, spot / "design")
    elif given.gauges is not None and frame is not None:
        made = _gauges(draft, given.gauges, frame, spot / "gauges", findings)
    elif given.radar is not None and frame is not None:
        made = read_radar(draft, given.radar, frame, frame_of(frame), spot / "radar", findings)
    else:
        raise RuntimeError("rain has one of its forms")
    if draft.case.time is None:
        return made
    length_s = draft.case.time.length_s
    if made.edges_s[0] > 0 or made.edges_s[-1] < length_s:
        findings.note(spot, "rain.short", f"{made.edges_s[0]:.0f} s ... {made.edges_s[-1]:.0f} s", f"{length_s:.0f} s")
    if made.edges_s[-1] <= 0 or made.edges_s[0] >= length_s:
        raise spot.refused("rain.apart", f"{made.edges_s[0]:.0f} s ... {made.edges_s[-1]:.0f} s", f"{length_s:.0f} s")
    return made


def frame_of(frame: Frame) -> rainfall.Frame:
    """Return a frame as `anlan.science.flood.rainfall` knows it."""
    return rainfall.Frame(frame.west_m, frame.north_m, frame.dx_m, frame.dy_m, frame.rows, frame.columns)


def intervals(moments: Floats, marks: str) -> Floats:
    """Return the moments between which rows hold: the first or the last interval is as long as the one beside it."""
    if marks == "begin":
        return np.append(moments, 2 * moments[-1] - moments[-2])
    return np.concatenate([[2 * moments[0] - moments[1]], moments])


def rates(values: Floats, edges: Floats, measure: str) -> Floats:
    """Return mm/h."""
    hours = np.diff(edges).reshape(-1, *[1] * (values.ndim - 1)) / 3600
    return values if measure == "mm_h" else values / hours


def checked_rates(values: Floats, spot: Spot) -> Floats:
    """Refuse rates that no rain ever had.

    Raises
    ------
    RefusedError
    """
    most = float(np.nanmax(values))
    if most > HEAVIEST_MM_H:
        raise spot.refused("rain.heaviest", f"{most:.0f}", HEAVIEST_MM_H)
    return values


def _uniform(draft: Draft, given: Uniform, spot: Spot) -> rainfall.Rainfall:
    if given.file is None:
        return rainfall.everywhere(floats(given.hours or ()) * 3600, given.mm_h or ())
    edges, values = _rows(draft, given, [given.value], (0.0, 1e4), spot)
    return rainfall.everywhere(edges, checked_rates(rates(values[:, 0], edges, str(given.measure)), spot / "file"))


def _rows(
    draft: Draft, given: Uniform | Gauges, columns: Sequence[str], bounds: tuple[float, float], spot: Spot, **more: Any
) -> tuple[Floats, Floats]:
    moments, values = table(draft, str(given.file), given.time, columns, bounds, spot, **more)
    if len(moments) < 2:
        raise (spot / "file").refused("rain.one_row", given.file)
    return intervals(moments, str(given.marks)), values


def _gauges(draft: Draft, given: Gauges, frame: Frame, spot: Spot, findings: Findings) -> rainfall.Rainfall:
    if given.places is not None:
        places = {name: np.array(at) for name, at in given.places.items()}
    elif given.vectors is not None:
        found = features(draft, given.vectors, frame.crs, spot / "vectors", findings, kinds=("Point",))
        names = [one.name(given.name, "gauge") for one in found]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise (spot / "vectors").refused("twice", twice[0], *twice)
        places = {name: np.array(one.shape.coords[0][:2]) for name, one in zip(names, found, strict=True)}
    else:
        raise RuntimeError("gauges have places")
    names = list(places)
    at = np.array([places[name] for name in names])
    west, south, east, north = frame.bounds
    far = _FARTHEST * max(east - west, north - south) + 1e5
    off = (at[:, 0] < west - far) | (at[:, 0] > east + far) | (at[:, 1] < south - far) | (at[:, 1] > north + far)
    if off.any():
        k = int(np.flatnonzero(off)[0])
        raise (spot / "places").refused("rain.far_gauge", f"{at[k, 0]:.1f} {at[k, 1]:.1f}", names[k])
    edges, values = _rows(draft, given, names, (0.0, 1e4), spot, gaps=given.silent == "others")
    silent = np.isnan(values)
    if silent.all(axis=1).any():
        row = int(np.flatnonzero(silent.all(axis=1))[0])
        raise (spot / "file").refused("rain.all_silent", f"{edges[row]:.0f} s")
    if silent.any():
        findings.note(spot / "silent", "rain.silent", int(silent.sum()), values.size)
    blocks = frame_of(frame).coarse(given.block_m)
    if len(values) * blocks.rows * blocks.columns > MOST_VALUES:
        raise (spot / "block_m").refused(
            "rain.too_fine", given.block_m, f"{blocks.rows} x {blocks.columns}", MOST_VALUES
        )
    found_rates = checked_rates(rates(values, edges, given.measure), spot / "file")
    return rainfall.gauged(edges, found_rates, at, frame_of(frame), block_m=given.block_m, power=given.power)


def _design(given: Design, spot: Spot) -> rainfall.Rainfall:
    formula = StormFormula(given.formula.a_l_s_ha, given.formula.c, given.formula.b_min, given.formula.n)
    try:
        return rainfall.design_storm(
            formula,
            given.years,
            minutes=given.minutes,
            step_minutes=given.step_minutes,
            peak=given.peak,
            begin_s=given.begin_hours * 3600,
            area_km2=given.area_km2,
        )
    except ValueError as error:
        raise spot.refused("value.out_of_range", given.formula.source, error) from None
