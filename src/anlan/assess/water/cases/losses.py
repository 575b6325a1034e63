"""What a case loses to the soil, the air and the drains, from the file to `anlan.science.flood`."""

import numpy as np

from anlan.assess.water.cases.case import Draft
from anlan.assess.water.cases.faults import Findings, RefusedError, Spot
from anlan.assess.water.cases.frame import Frame
from anlan.assess.water.cases.loss_shapes import GreenAmptShape, SubcatchmentShape, SwmmShape, Values
from anlan.assess.water.cases.places import cells_of
from anlan.assess.water.cases.rain import frame_of
from anlan.assess.water.cases.rasters import on_frame
from anlan.assess.water.cases.series import quantity
from anlan.assess.water.cases.shapes import Raster
from anlan.assess.water.cases.terrain import HIGHEST_M, LOWEST_M
from anlan.assess.water.inp import SwmmError
from anlan.assess.water.swmm import Coupling, SwmmExchange
from anlan.science.arrays import Floats
from anlan.science.flood.drains import Drains, Outfall, Subcatchment
from anlan.science.flood.grid import Grid
from anlan.science.flood.infiltration import SOILS, CurveNumber, Evaporation, GreenAmpt
from anlan.science.flood.simulation import Exchange

_MOST_MM_DAY = 50.0
"""Twice what open water loses on the hottest days."""


class Losses:
    """Makes the exchanges of a case that take water for good."""

    def __init__(self, draft: Draft, frame: Frame, grid: Grid, findings: Findings) -> None:
        """Take what they stand on."""
        self.draft, self.frame, self.grid, self.findings = draft, frame, grid, findings

    def read(self) -> tuple[Exchange, ...]:
        """Return infiltration, drains by capacity, and evaporation, as far as a case has them.

        Raises
        ------
        RefusedError
            With all faults.
        """
        faults, case = Findings(notes=self.findings.notes), self.draft.case
        made = []
        if case.infiltration is not None:
            made.append(faults.attempt(self._infiltration))
        if case.drains is not None and case.drains.capacity:
            made.append(faults.attempt(self._drains))
        if case.drains is not None and case.drains.swmm is not None:
            faults.attempt(self._swmm_file)
        if case.evaporation_mm_day is not None:
            made.append(faults.attempt(self._evaporation))
        if faults.faults:
            raise RefusedError(*faults.faults)
        return tuple(one for one in made if one is not None)

    def _values(self, given: Values, spot: Spot) -> float | Floats:
        if not isinstance(given, Raster):
            return given
        values = on_frame(self.draft, given, self.frame, spot, self.findings)
        gaps = np.isnan(values) & self.grid.ground
        if gaps.any():
            raise (spot / "file").refused("raster.gaps", int(gaps.sum()), int(self.grid.ground.sum()))
        return values

    def _infiltration(self) -> Exchange:
        given, spot = self.draft.case.infiltration, self.draft.spot / "infiltration"
        if given is not None and given.green_ampt is not None:
            return self._green_ampt(given.green_ampt, spot / "green_ampt")
        if given is None or given.curve_number is None:
            raise RuntimeError("an infiltration has one of its forms")
        number = self._values(given.curve_number.number, spot / "curve_number" / "number")
        try:
            return CurveNumber(self.grid, number, initial=given.curve_number.initial)
        except ValueError as error:
            raise (spot / "curve_number").refused("structure.refused", "", error) from None

    def _green_ampt(self, given: GreenAmptShape, spot: Spot) -> Exchange:
        parameters: list[float | Floats]
        if given.soil is not None:
            if given.soil not in SOILS:
                raise (spot / "soil").refused("value.not_permitted", given.soil, *SOILS)
            soil = SOILS[given.soil]
            parameters = [soil.conductivity_mm_h, soil.suction_mm, soil.deficit(given.saturation or 0.0)]
        else:
            names = ("conductivity_mm_h", "suction_mm", "deficit")
            parameters = [self._values(getattr(given, name), spot / name) for name in names]
        pervious = self._values(given.pervious, spot / "pervious")
        try:
            return GreenAmpt(self.grid, *parameters, pervious=pervious, every_s=given.every_s)
        except ValueError as error:
            raise spot.refused("structure.refused", "", error) from None

    def _evaporation(self) -> Exchange:
        given, spot = self.draft.case.evaporation_mm_day, self.draft.spot / "evaporation_mm_day"
        if given is None:
            raise RuntimeError("evaporation is read of a case that has some")
        return Evaporation(self.grid, quantity(self.draft, given, (0.0, _MOST_MM_DAY), spot, self.findings))

    def _drains(self) -> Exchange:
        given, spot = self.draft.case.drains, self.draft.spot / "drains" / "capacity"
        faults = Findings(notes=self.findings.notes)
        some = () if given is None else given.capacity
        made = faults.each(len(some), lambda k: self._subcatchment(some[k], spot / k))
        if faults.faults:
            raise RefusedError(*faults.faults)
        try:
            return Drains(self.grid, made)
        except ValueError as error:
            raise spot.refused("structure.refused", "", error) from None

    def _subcatchment(self, one: SubcatchmentShape, spot: Spot) -> Subcatchment:
        bed = np.asarray(self.grid.bed_m)
        cells = np.flatnonzero(self.grid.ground)
        if one.where is not None:
            cells = cells_of(self.draft, one.where, self.frame, bed, spot / "where", self.findings)
        inlets = None
        if one.inlets is not None:
            inlets = cells_of(self.draft, one.inlets, self.frame, bed, spot / "inlets", self.findings)
        try:
            outfall = None
            if one.outfall is not None:
                bounds, at = (LOWEST_M, HIGHEST_M), spot / "outfall" / "level_m"
                level = quantity(self.draft, one.outfall.level_m, bounds, at, self.findings)
                outfall = Outfall(level, one.outfall.outfall_m, one.outfall.street_m, one.outfall.flap)
            rates = one.capacity_mm_h, one.storage_mm, one.inlet_mm_h
            return Subcatchment(one.name, cells, *rates, one.pumped, outfall, inlets)
        except ValueError as error:
            raise spot.refused("structure.refused", "", error) from None

    def _swmm_file(self) -> None:
        given = None if self.draft.case.drains is None else self.draft.case.drains.swmm
        if given is not None and not self.draft.file(given.inp).exists():
            raise (self.draft.spot / "drains" / "swmm" / "inp").refused("file.missing", given.inp)


def swmm_of(draft: Draft, given: SwmmShape, frame: Frame, grid: Grid) -> SwmmExchange:
    """Return SWMM under the grid; it runs in a process of its own until it is closed.

    Raises
    ------
    RefusedError
        If SWMM refuses the file, or it does not fit the grid.
    """
    coupling = Coupling(every_s=given.every_s, closed=given.closed, rim_off_m=given.rim_off_m, alone_s=given.alone_s)
    try:
        return SwmmExchange(draft.file(given.inp), grid, frame_of(frame), coupling)
    except SwmmError as error:
        raise (draft.spot / "drains" / "swmm").refused("drains.swmm", given.inp, error) from None
