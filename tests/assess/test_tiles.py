"""Tiles of a footprint: pixel by pixel the cell that lies there, by the city's own projection."""

import math
from functools import cache

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from anlan.assess.footprint import pack, unpack
from anlan.assess.tiles import EMPTY, FARTHEST, NEAREST, PALETTES, SIDE, Sheet, exists, layers, sheet, tile, tile_bounds
from anlan.city.city import City
from anlan.city.load import load_city
from assess.floodings import THRESHOLDS, flooding
from assess.images import read_png

DEPTHS = (0.05, 0.15, 0.3, 0.5, 1.0, 2.0)
CHANCES = (1.0, 20.0, 40.0, 60.0, 80.0)
EDGE_OF_THE_WORLD = 85.0511287798066  # where a Mercator map is as high as it is wide: EPSG Guidance Note 7-2, 3856

levels = st.integers(8, NEAREST)
shares = st.floats(0, 1, exclude_max=True)


@cache
def wet() -> tuple[City, Sheet]:
    """Return a city of which every third cell is wet, by three members, with two moments."""
    city = load_city("shanghai")
    terrain, rng = city.terrain, np.random.default_rng(7)
    cell = np.flatnonzero((terrain.town.ravel() >= 0) & (rng.random(terrain.town.size) < 1 / 3))
    members = rng.gamma(1.0, 0.4, (3, len(cell)))
    frames = np.stack([members[0] / 2, members[0]]).astype(np.float32)
    arrival = np.where(rng.random(len(cell)) < 0.5, np.nan, rng.uniform(0, 20_000, len(cell)))
    made = flooding(city, members, cell, frames_s=np.array([1800.0, 3600.0]), frames_m=frames, arrival_s=arrival)
    return city, sheet(terrain, unpack(pack(made, 0.0)))


def tile_of(lon: float, lat: float, z: int) -> tuple[int, int, int, int]:
    """Return column and row of a tile and of a pixel in it; the Mercator ordinate in its other form."""
    across = (lon + 180) / 360 * 2**z * SIDE
    down = (1 - math.atanh(math.sin(math.radians(lat))) / math.pi) / 2 * 2**z * SIDE
    return int(across) // SIDE, int(down) // SIDE, int(across) % SIDE, int(down) % SIDE


def middle(z: int, x: int, y: int, column: int, row: int) -> tuple[float, float]:
    """Return where the middle of a pixel is."""
    lon = (x + (column + 0.5) / SIDE) / 2**z * 360 - 180
    up = math.pi * (1 - 2 * (y + (row + 0.5) / SIDE) / 2**z)
    return lon, math.degrees(math.asin(math.tanh(up)))


@given(levels, shares, shares, st.sampled_from(["depth_low", "depth", "depth_high", "frame", "chance_1", "arrival"]))
def test_a_pixel_shows_the_class_of_the_cell_under_its_middle(z: int, right: float, up: float, layer: str) -> None:
    city, own = wet()
    terrain, footprint = city.terrain, own.footprint
    west, south, east, north = city.area(city.root).geometry.bounds
    x, y, column, row = tile_of(west + right * (east - west), south + up * (north - south), z)
    lon, lat = middle(z, x, y, column, row)
    easting, northing = terrain.projection.metres(lon, lat)
    from_edge = [part % terrain.cell_m for part in (easting - terrain.west, terrain.north - northing)]
    assume(all(1 < part < terrain.cell_m - 1 for part in from_edge))
    values, bounds, shown = {
        "depth_low": (footprint.depth_m[0], DEPTHS, "depth"),
        "depth": (footprint.depth_m[1], DEPTHS, "depth"),
        "depth_high": (footprint.depth_m[2], DEPTHS, "depth"),
        "frame": (footprint.frames_m[1], DEPTHS, "depth"),
        "chance_1": (footprint.chance[1], CHANCES, "chance"),
        "arrival": (footprint.arrival_min, (0.0, 30.0, 60.0, 120.0, 240.0), "arrival"),
    }[layer]
    line, place = (int(one) for one in terrain.cells(lon, lat))
    here = np.flatnonzero(footprint.cell == line * terrain.shape[1] + place) if line >= 0 else np.zeros(0, int)
    expected = sum(values[here[0]] >= bound for bound in bounds) if len(here) else 0
    drawn = tile(own, shown, own.classes(layer, bounds, 1), z, x, y)

    image = np.zeros((SIDE, SIDE)) if drawn == EMPTY else read_png(drawn, len(PALETTES[shown]))
    assert image[row, column] == expected


def test_a_tile_far_from_the_water_is_empty_and_so_is_one_of_a_dry_city(city: City) -> None:
    _, own = wet()
    classes = own.classes("depth", DEPTHS)
    dry = sheet(city.terrain, unpack(pack(flooding(city, np.zeros((3, 0)), np.zeros(0, int)), 0.0)))
    x, y, _, _ = tile_of(121.4, 31.2, 10)

    assert tile(own, "depth", classes, 10, 0, 0) == EMPTY
    assert tile(own, "depth", classes, 10, x, y) != EMPTY
    assert tile(dry, "depth", dry.classes("depth", DEPTHS), 10, x, y) == EMPTY
    assert not read_png(EMPTY, 1).any()


@pytest.mark.parametrize("corner", [(0, 0), (0, -1), (-1, 0), (-1, -1)])
def test_a_single_wet_cell_in_a_corner_of_the_grid_is_not_lost(city: City, corner: tuple[int, int]) -> None:
    terrain = city.terrain
    row, column = (index % side for index, side in zip(corner, terrain.shape, strict=True))
    made = flooding(city, np.full((3, 1), 3.0), np.array([row * terrain.shape[1] + column]))
    own = sheet(terrain, unpack(pack(made, 0.0)))
    lon, lat = (float(one) for one in terrain.centres(row, column))
    x, y, across, down = tile_of(lon, lat, NEAREST)
    image = read_png(tile(own, "depth", own.classes("depth", DEPTHS), NEAREST, x, y), len(PALETTES["depth"]))

    assert image[down, across] == len(DEPTHS)
    assert image.sum() < len(DEPTHS) * 20**2  # a cell of 100 m has 10 or 11 pixels of 8 m on a side, askew


def test_tiles_cover_the_world_without_gap() -> None:
    assert tile_bounds(0, 0, 0) == pytest.approx((-180, -EDGE_OF_THE_WORLD, 180, EDGE_OF_THE_WORLD))
    west, south, east, north = tile_bounds(9, 428, 209)

    assert tile_bounds(10, 856, 418)[::3] == pytest.approx((west, north))
    assert tile_bounds(10, 857, 419)[1:3] == pytest.approx((south, east))


@given(st.integers(-3, 30), st.integers(-5, 2**15), st.integers(-5, 2**15))
def test_only_tiles_of_the_levels_made_exist(z: int, x: int, y: int) -> None:
    inside = 0 <= x < 2 ** max(z, 0) and 0 <= y < 2 ** max(z, 0)

    assert exists(z, x, y) == (FARTHEST <= z <= NEAREST and inside)


def test_a_footprint_without_moments_has_no_layer_of_them() -> None:
    city, own = wet()
    still = unpack(pack(flooding(city, [[1.0]], [5]), 0.0))

    assert "frame" in layers(own.footprint)
    assert set(layers(own.footprint)) - set(layers(still)) == {"frame"}
    assert [layer for layer in layers(still) if layer.startswith("chance_")] == [
        f"chance_{n}" for n in range(len(THRESHOLDS))
    ]


def test_every_palette_begins_clear() -> None:
    assert all(palette[0][3] == 0 and all(colour[3] > 0 for colour in palette[1:]) for palette in PALETTES.values())


@pytest.mark.parametrize("side", ["north", "south", "west", "east"])
def test_a_straight_row_of_wet_cells_lies_whole_within_its_box(city: City, side: str) -> None:
    terrain = city.terrain
    numbers = np.arange(terrain.elevation_m.size).reshape(terrain.shape)
    cell = {"north": numbers[0], "south": numbers[-1], "west": numbers[:, 0], "east": numbers[:, -1]}[side]
    own = sheet(terrain, unpack(pack(flooding(city, np.full((1, len(cell)), 1.0), cell), 0.0)))
    rows, columns = np.divmod(cell, terrain.shape[1])
    corners = [terrain.centres(rows + down, columns + right) for down in (-0.5, 0.5) for right in (-0.5, 0.5)]

    assert own.box is not None
    west, south, east, north = own.box
    for lon, lat in corners:
        assert west <= lon.min() <= lon.max() <= east
        assert south <= lat.min() <= lat.max() <= north
