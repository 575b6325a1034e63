"""The synthetic city has the proportions and heights of the standard case."""

import numpy as np
import pytest

from anlan.science.flood.synthetic_city import Kind, synthetic_city


@pytest.mark.parametrize(("side", "cell_m", "seed"), [(800, 10.0, 7), (1600, 5.0, 7), (800, 10.0, 1)])
def test_each_kind_has_its_part_of_the_ground(side: int, cell_m: float, seed: int) -> None:
    city = synthetic_city(side, side, cell_m, seed)

    parts = [float((city.kind == kind).mean()) for kind in Kind]

    wanted = {Kind.BUILDING: 0.17, Kind.STREET: 0.18, Kind.CANAL: 0.08}
    for kind, part in wanted.items():
        assert parts[kind] == pytest.approx(part, abs=0.015), kind
    pits = parts[Kind.PIT] * 1e6 / 300  # of 30 m of a street of 10 m
    assert pits == pytest.approx(0.3, abs=0.12)


def test_each_kind_stands_as_high_or_deep_as_it_should() -> None:
    city = synthetic_city(800, 800, 10.0, 7)
    open_m = city.bed_m[city.kind == Kind.OPEN]

    assert open_m.mean() == pytest.approx(4.0, abs=0.1)
    assert 0.5 < open_m.max() - 4.0 < 0.55 + 0.18 + 0.1
    for kind, offset in {Kind.BUILDING: 3.0, Kind.STREET: -0.2, Kind.CANAL: -2.2}.items():
        where = city.kind == kind
        assert city.bed_m[where].mean() - open_m.mean() == pytest.approx(offset, abs=0.08), kind


def test_the_seed_and_the_extent_make_the_plan_and_the_cell_size_does_not() -> None:
    coarse, again, fine = (synthetic_city(n, n, size, 3) for n, size in ((300, 10.0), (300, 10.0), (600, 5.0)))

    assert np.array_equal(coarse.bed_m, again.bed_m)
    assert not np.array_equal(coarse.bed_m, synthetic_city(300, 300, 10.0, 4).bed_m)
    assert (fine.kind[::2, ::2] == coarse.kind).mean() > 0.85


def test_canals_go_through() -> None:
    kind = synthetic_city(300, 400, 10.0, 7).kind

    assert (kind == Kind.CANAL).any(axis=0).all()
    assert (kind == Kind.CANAL).any(axis=1).all()


@pytest.mark.parametrize("bad", [(0, 5, 10.0), (5, 0, 10.0), (5, 5, 0.0), (5, 5, float("nan"))])
def test_a_city_without_cells_is_refused(bad: tuple[int, int, float]) -> None:
    with pytest.raises(ValueError, match="needs cells"):
        synthetic_city(*bad, seed=1)


def test_a_city_of_one_cell_is_a_city() -> None:
    assert synthetic_city(1, 1, 10.0, 1).bed_m.shape == (1, 1)
