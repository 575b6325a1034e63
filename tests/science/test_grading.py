"""Grading against the LEC sheet (tables/PROVENANCE.md) and the matrix of Chinese practice, cell by cell."""

import itertools
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.science.grading import band, gravest, lec, matrix

SHEET = json.loads((Path(__file__).parent / "tables" / "lec.json").read_text())
CUTS = [70, 160, 320]  # yellow, orange, red, as the sheet prints them


def test_every_score_of_the_sheet_falls_into_the_colour_that_it_prints():
    scores = [[float(k) for k in SHEET[part]] for part in "LEC"]
    for row in itertools.product(*scores):
        d = row[0] * row[1] * row[2]
        printed = 3 if d >= 320 else 2 if 160 <= d < 320 else 1 if 70 <= d < 160 else 0

        assert band(lec(*row), CUTS) == printed


def test_a_value_on_a_bound_has_reached_it():
    assert band([69.99, 70, 159.99, 160, 320], CUTS).tolist() == [0, 1, 1, 2, 3]
    assert band([np.nan], CUTS).tolist() == [0]


def test_matrix_looks_up_likelihood_by_rows_and_severity_by_columns():
    product = np.outer(range(1, 6), range(1, 6))
    table = band(product, [9, 15, 20])  # 1-8 blue, 9-12 yellow, 15-16 orange, 20-25 red
    likelihood, severity = np.meshgrid(range(1, 6), range(1, 6), indexing="ij")

    np.testing.assert_array_equal(matrix(likelihood, severity, table), table)
    assert matrix(4, 5, table) == 3
    assert matrix(4, 4, table) == 2
    assert matrix(3, 4, table) == 1
    assert matrix(1, 3, [[0, 1, 2], [0, 0, 0]]) == 2


@pytest.mark.parametrize(
    ("likelihood", "severity", "named"), [(0, 1, "likelihood"), (6, 1, "likelihood"), (1, 6, "severity")]
)
def test_a_class_off_the_matrix_is_refused(likelihood, severity, named):
    with pytest.raises(ValueError, match=named):
        matrix(likelihood, severity, np.zeros((5, 5)))


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(-1, 3)), max_size=40))
def test_one_red_object_makes_its_area_red(rows):
    expected = [max((g for g, a in rows if a == area), default=0) for area in range(4)]

    assert gravest([g for g, _ in rows], [a for _, a in rows], 4).tolist() == expected


def test_bounds_must_rise():
    with pytest.raises(ValueError, match="lower_bounds"):
        band([1], [2, 2])
