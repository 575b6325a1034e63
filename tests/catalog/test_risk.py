"""Gradings against their tables, and major hazards against the worked vectors of GB 18218-2018."""

import pytest

from anlan.catalog import Catalog


@pytest.mark.parametrize(
    ("likelihood", "exposure", "consequence", "colour"),
    [(1, 6, 15, "yellow"), (3, 10, 15, "red"), (6, 6, 3, "yellow"), (1, 0.5, 40, "blue"), (1, 1, 70, "blue"),
    (2, 2, 80, "orange")],
)  # fmt: skip
def test_lec_bands_exclude_their_lower_bound(
    nation: Catalog, likelihood: float, exposure: float, consequence: float, colour: str
) -> None:
    product = likelihood * exposure * consequence

    assert nation.grades["risk_lec"].grade(product) == colour


def test_every_cell_of_the_matrix_has_the_colour_of_its_product(nation: Catalog) -> None:
    cells = nation.tables["risk_matrix_cells"].rows

    assert len(cells) == 25
    assert all(nation.grades["risk_matrix"].grade(float(str(r))) == colour for _, _, r, colour in cells)


# Substances as (table 1, class for beta where table 3 has no name, tonnes); residents within 500 m; S, R, level.
HAZARDS = [
    ([("c12", None, 5)], 120, 1.0, 8.0, "四级"),
    ([("c01", None, 50), ("c66", "W5.3", 400)], 35, 7.0, 14.4, "三级"),
    ([("c06", None, 3)], 60, 10.0, 300.0, "一级"),
    ([("c52", "W2", 200)], 0, 4.0, 3.0, "四级"),
    ([("c65", "W5.3", 400)], 10, 0.8, 0.8, None),
]
# S, R exactly on a bound, and the level.
BOUNDS = [
    (50.0, 100.0, "一级"),
    (50.0, 50.0, "二级"),
    (10.0, 10.0, "三级"),
    (9.99, 9.99, "四级"),
    (1.0, 0.5, "四级"),
    (0.99, 9, None),
]


def hazard_level(nation: Catalog, s: float, r: float) -> object:
    """GB 18218-2018, 4.2.1 and table 6: S of 1 and more makes a major hazard, R sets its level."""
    levels = nation.tables["major_hazard_levels"].rows
    return None if s < 1 else next(zh for zh, least, _ in levels if least is None or r >= float(str(least)))


@pytest.mark.parametrize(("store", "residents", "s", "r", "level"), HAZARDS)
def test_major_hazards_come_out_as_worked(
    nation: Catalog, store: list[tuple[str, str | None, float]], residents: int, s: float, r: float, level: str | None
) -> None:
    alpha = next(
        float(str(a)) for least, _, a in nation.tables["major_hazard_alpha"].rows if residents >= float(str(least))
    )
    parts = [
        (q / nation.chemicals[c].threshold_t, nation.chemical_classes[k].beta if k else nation.chemicals[c].beta or 0.0)
        for c, k, q in store
    ]
    total, grade = sum(ratio for ratio, _ in parts), alpha * sum(ratio * beta for ratio, beta in parts)

    assert (total, grade) == pytest.approx((s, r))
    assert hazard_level(nation, s, r) == level


@pytest.mark.parametrize(("s", "r", "level"), BOUNDS)
def test_a_bound_belongs_to_the_higher_level(nation: Catalog, s: float, r: float, level: str | None) -> None:
    assert hazard_level(nation, s, r) == level


def test_all_85_substances_are_there_with_valid_cas_numbers(nation: Catalog) -> None:
    """A CAS number's last digit is the sum of its digits, weighted 1, 2, 3 from the right, modulo 10."""
    assert [c.number for c in nation.chemicals.values()] == list(range(1, 86))
    for chemical in nation.chemicals.values():
        if chemical.cas is not None:
            digits = chemical.cas.replace("-", "")
            weighted = sum(i * int(d) for i, d in enumerate(reversed(digits[:-1]), 1))
            assert weighted % 10 == int(digits[-1]), chemical.cas


def test_a_grading_knows_its_own_bounds(nation: Catalog) -> None:
    depth = nation.grades["impact_ponding_depth"]

    assert [depth.grade(d) for d in (0.0, 0.049, 0.05, 0.15, 0.27, 0.5, 3.0)] == [
        None, None, "blue", "yellow", "orange", "red", "red",
    ]  # fmt: skip


def test_the_resilience_weights_sum_to_one(nation: Catalog) -> None:
    """The vectors: functional resilience alone at target gives 45, with process resilience 80."""
    by_dimension: dict[str, float] = {}
    for part in nation.resilience.values():
        by_dimension[part.dimension] = by_dimension.get(part.dimension, 0.0) + part.weight

    assert by_dimension == pytest.approx({"FR": 0.45, "PR": 0.35, "SR": 0.20})


def test_the_worked_need_comes_out_of_the_norms(nation: Catalog) -> None:
    """1000 persons for 3 days: 45 t of water, 50 toilets, 4 water points, 6 300 000 kcal."""
    norms = nation.supply_norms

    assert norms["water_total"].value * 1000 * 3 / 1000 == 45
    assert norms["food_energy"].value * 1000 * 3 == 6_300_000
    assert 1000 / norms["toilet"].value == 50
    assert 1000 / norms["water_point"].value == 4
