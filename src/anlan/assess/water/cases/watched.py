"""What a run is watched by: outcomes of every cell, frames, series at points; and what they leave as maps."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from anlan.assess.water.cases.build import Parts
from anlan.assess.water.cases.drive_shapes import Outputs
from anlan.assess.water.cases.frames import Frames
from anlan.assess.water.cases.layers import Layer, PointSeries, masked
from anlan.science.arrays import Floats
from anlan.science.compiled import Singles
from anlan.science.flood.gauges import Gauges
from anlan.science.flood.outcomes import Outcomes
from anlan.science.flood.simulation import Observer, Solver

FRAMES = "frames"
_MOVING = {"speed", "depth_speed", "hazard"}


@dataclass(frozen=True, eq=False)
class Watch:
    """The observers of a run."""

    outcomes: Outcomes | None
    frames: Frames | None
    gauges: Gauges | None

    @property
    def observers(self) -> tuple[Observer, ...]:
        """Those that there are."""
        return tuple(one for one in (self.outcomes, self.frames, self.gauges) if one is not None)

    def begin(self, solver: Solver) -> None:
        """Look at the water as it stands at the beginning."""
        if self.frames is not None:
            self.frames.begin(solver)
        if self.gauges is not None:
            self.gauges.see(-self.gauges.every_s, 0.0, solver)


def watch_of(parts: Parts, out: Path) -> Watch:
    """Return the observers that a case asks for."""
    given = parts.draft.case.outputs
    outcomes = None
    if set(given.maps) - {"depth"}:
        outcomes = Outcomes(
            parts.grid,
            thresholds_m=given.wet_m if {"arrival", "duration"} & set(given.maps) else (),
            hazard=given.hazard if "hazard" in given.maps else None,
            motion=bool(_MOVING & set(given.maps)),
            every_s=given.look_every_s,
        )
    frames = None if given.frames_every_s is None else Frames(out / FRAMES, given.frames_every_s, parts.ground.depths)
    gauges = None
    if given.points is not None and parts.places is not None:
        cells = dict(zip(parts.places.names, parts.places.cells, strict=True))
        gauges = Gauges(parts.grid, cells, every_s=given.points.every_s)
    return Watch(outcomes, frames, gauges)


def layers_of(given: Outputs, peak_m: Singles, bed: Floats, outcomes: Outcomes | None) -> list[Layer]:
    """Return the maps that a case asks for."""
    layers = []
    for name in dict.fromkeys(given.maps):
        if name == "depth":
            titles = ("greatest depth of water", "flood_water_thickness", "time: maximum")
            layers.append(Layer("max_depth", masked(peak_m, bed), "m", *titles))
        elif outcomes is not None:
            layers += _outcome(name, given, bed, outcomes)
    return layers


def _outcome(name: str, given: Outputs, bed: Floats, outcomes: Outcomes) -> list[Layer]:
    if name == "speed":
        titles = ("greatest speed of water", "flood_water_speed", "time: maximum")
        return [Layer("max_speed", masked(outcomes.peak_speed_m_s, bed), "m s-1", *titles)]
    if name == "depth_speed":
        values = masked(outcomes.peak_depth_speed_m2_s, bed)
        title = "greatest product of depth and speed at one moment"
        return [Layer("max_depth_speed", values, "m2 s-1", title, None, "time: maximum")]
    if name == "hazard" and outcomes.hazard is not None:
        flags = dict(enumerate(outcomes.hazard.classes))
        values = masked(outcomes.hazard_class, bed)
        title, source = f"worst hazard class by {given.hazard}", outcomes.hazard.source
        return [Layer("hazard", values, "1", title, None, "time: maximum", None, flags, source)]
    layers = []
    for wet in given.wet_m:
        suffix = f"{round(wet * 100):d}cm" if abs(wet * 100 - round(wet * 100)) < 1e-9 else f"{wet * 1000:g}mm"
        if name == "arrival":
            values, title = masked(outcomes.arrival_s(wet), bed), f"when the water first was {wet:g} m deep"
            standard = "time_when_flood_water_rises_above_threshold"
        else:
            values, title = masked(outcomes.duration_s(wet), bed), f"how long the water was {wet:g} m deep or more"
            standard = "flood_water_duration_above_threshold"
        layers.append(Layer(f"{name}_{suffix}", values, "s", title, standard, None, wet))
    return layers


def series_of(parts: Parts, gauges: Gauges | None) -> PointSeries | None:
    """Return the depths at points."""
    places = parts.places
    if gauges is None or places is None:
        return None
    found = [gauges.series(name) for name in places.names]
    depth = np.stack([one.depth_m for one in found], axis=1)
    bed = parts.bed_m.ravel()[parts.ground.fine_frame.cells(places.x_m, places.y_m)[0]]
    if parts.ground.tables is not None:  # the depth above the point, not that of the whole cell
        depth = np.maximum(0.0, parts.ground.levels(np.array(places.cells), depth) - bed)
    return PointSeries(places.names, places.x_m, places.y_m, bed, found[0].time_s, depth)
