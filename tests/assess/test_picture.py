"""The picture of a footprint: read back by the rules of the PNG standard, and looked up place by place."""

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from anlan.assess.footprint import pack
from anlan.assess.picture import WATER, indexed_png, picture
from anlan.city.city import City
from assess.floodings import flooding
from assess.images import read_png

CLASSES = (0.05, 0.15, 0.27, 0.50)


def packed(city: City, cell: list[int], depth_cm: list[int]) -> bytes:
    return pack(flooding(city, [[depth / 100 for depth in depth_cm]], cell), 0.0)


@given(arrays(np.uint8, st.tuples(st.integers(1, 20), st.integers(1, 20)), elements=st.integers(0, len(WATER) - 1)))
def test_an_image_is_read_back_as_it_was(image: np.ndarray) -> None:
    assert np.array_equal(read_png(indexed_png(image, WATER), len(WATER)), image)


def test_dry_ground_is_clear_and_deeper_water_is_more_opaque() -> None:
    opacity = [colour[3] for colour in WATER]

    assert opacity[0] == 0
    assert all(shallow < deep for shallow, deep in pairwise(opacity))


def test_each_wet_cell_shows_at_its_place_with_the_colour_of_its_depth(city: City) -> None:
    terrain, area = city.terrain, city.area("310117")
    assert area.geometry is not None
    west, south, east, north = area.geometry.bounds
    rows, cols = np.nonzero(terrain.town == city.terrain.towns.code.tolist().index("310117001"))
    some = np.linspace(0, len(rows) - 1, 12).astype(int)
    lon, lat = terrain.centres(rows[some], cols[some])
    depths = [3, 5, 10, 15, 20, 27, 40, 50, 99, 120, 300, 49]
    wet = packed(city, (rows[some] * terrain.shape[1] + cols[some]).tolist(), depths)
    image = read_png(picture(terrain, wet, (west, south, east, north), CLASSES), len(WATER))

    def merc(y: float) -> float:
        return float(np.arctanh(np.sin(np.radians(y))))  # the other form of the Mercator ordinate

    for x, y, depth in zip(lon, lat, depths, strict=True):
        column = int((x - west) / (east - west) * image.shape[1])
        row = int((merc(north) - merc(y)) / (merc(north) - merc(south)) * image.shape[0])
        near = image[max(0, row - 1) : row + 2, max(0, column - 1) : column + 2]
        expected = sum(depth / 100 >= bound for bound in CLASSES)
        assert expected == 0 or expected in near
    share = np.count_nonzero(image) / image.size
    assert share < 1e-3  # no cell is smeared over its neighbours
