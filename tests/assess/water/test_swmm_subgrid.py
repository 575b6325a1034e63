"""SWMM under a coarse grid with sub-grid tables: manholes stand in lanes that the cells are wider than."""

import numpy as np
import pytest

from anlan.assess.water.street import Street
from anlan.assess.water.swmm import SwmmExchange
from anlan.science.flood.grid import Grid
from anlan.science.flood.rainfall import Frame, everywhere
from anlan.science.flood.simulation import Case, Simulation
from anlan.science.flood.subgrid import SubgridSolver
from anlan.science.flood.subgrid_tables import subgrid_tables
from assess.water.networks import network

FINE = Frame(1000.0, 2060.0, 1.0, 1.0, 60, 200)
FACTOR = 10


def lane() -> Grid:
    """Return ground that falls eastwards, 2 m above a lane in which the manholes stand."""
    y = FINE.north_m - np.arange(FINE.rows) - 0.5
    x = np.arange(FINE.columns) + 0.5
    bed = 10.0 - 0.005 * (x[None, :] - 2.5) + np.where(np.abs(y - 2032.5) < 2, 0.0, 2.0)[:, None]
    return Grid(bed.astype(np.float32), 1.0, 1.0, 0.02)


def test_the_depth_at_a_manhole_is_that_of_the_lane_it_stands_in():
    terrain = lane()
    tables = subgrid_tables(terrain, FACTOR)
    places = np.ravel_multi_index(([27, 27, 5], [27, 127, 60]), terrain.shape)
    street = Street(terrain, places, tables)
    level = terrain.bed_m.ravel()[places[:2]].max() + 0.3
    filled = tables.mean_depth_m(np.full(tables.grid.shape, level, dtype=np.float32)).ravel()[street.cells]

    np.testing.assert_allclose(street.level_m(filled)[:2], level, atol=2e-3)
    np.testing.assert_allclose(street.depth_m(filled), np.maximum(level - terrain.bed_m.ravel()[places], 0), atol=2e-3)
    assert street.depth_m(filled)[2] == 0  # on the bank, above the water
    assert filled[0] < 0.5 * street.depth_m(filled)[0]  # what the solver keeps is no depth in the lane
    with pytest.raises(ValueError, match="were made from a terrain of"):
        Street(Grid(terrain.bed_m[:50], 1.0, 1.0, 0.02), places, tables)


def test_coarse_cells_let_down_what_fine_ones_do(tmp_path):
    inp, terrain, level = network(tmp_path), lane(), 10.1
    tables = subgrid_tables(terrain, FACTOR)
    fine = np.maximum(level - terrain.bed_m, 0).astype(np.float32)
    coarse = tables.mean_depth_m(np.full(tables.grid.shape, level, dtype=np.float32))
    with (
        SwmmExchange(inp, terrain, FINE) as on_fine,
        SwmmExchange(inp, terrain, FINE, tables=tables) as on_coarse,
    ):
        on_coarse.apply(0, 5, coarse, None)
        on_fine.apply(0, 5, fine.copy(), None)
        wanted = on_fine._wanted_m3(fine.ravel()[on_fine._unique])

        np.testing.assert_allclose(on_coarse._reserve_m3, wanted, rtol=0.03)
        assert wanted.min() > 0


def test_the_books_hold_on_a_coarse_grid(tmp_path):
    inp, terrain = network(tmp_path, diameter_m=0.3, inflow_m3_s=0.2), lane()
    tables = subgrid_tables(terrain, FACTOR)
    with SwmmExchange(inp, terrain, FINE, tables=tables) as exchange:
        solver = SubgridSolver(tables)
        run = Simulation(solver, Case(rain=everywhere([0, 600], [80.0]), exchanges=[exchange]))
        run.run(1200.0)

    assert abs(run.mass_error()) < 1e-6
    assert exchange.down_m3.sum() > 1
    assert exchange.up_m3.sum() > 1
