"""Road graphs against the figures of their sources and the geodesic length of their lines."""

import numpy as np
import pyproj
import pytest

from anlan.city.city import City


def test_the_skeleton_has_the_length_of_its_source(city: City) -> None:
    roads = city.expressways

    assert (len(roads.node_lon), len(roads.tail)) == (3318, 5153)
    assert roads.length_m.sum() / 1000 == pytest.approx(1919, abs=1)
    assert not roads.oneway.any()


def test_lengths_are_those_of_the_lines(city: City) -> None:
    geod = pyproj.Geod(ellps="WGS84")
    roads = city.center_roads
    length = np.array([geod.geometry_length(line) for line in roads.geometry])

    assert roads.length_m == pytest.approx(length, rel=0.01, abs=1.0)


def test_edges_end_at_their_nodes(city: City) -> None:
    roads = city.center_roads
    start = np.array([line.coords[0] for line in roads.geometry])
    end = np.array([line.coords[-1] for line in roads.geometry])

    assert start[:, 0] == pytest.approx(roads.node_lon[roads.tail], abs=1e-5)
    assert end[:, 1] == pytest.approx(roads.node_lat[roads.head], abs=1e-5)
