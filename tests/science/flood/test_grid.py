"""What a grid takes, and what it refuses with a word that names the fault."""

from typing import Any

import numpy as np
import pytest

from anlan.science.flood.grid import Grid

BED = np.array([[1.0, 2.0, np.nan], [0.5, 1.5, 2.5]])


def test_ground_is_where_the_bed_is_a_number() -> None:
    grid = Grid(BED, 10.0, 20.0, 0.03)

    assert grid.shape == (2, 3)
    assert grid.ground.tolist() == [[True, True, False], [True, True, True]]
    assert grid.cell_m2 == 200.0


def test_roughness_is_told_of_cells_whether_it_is_one_number_or_a_grid() -> None:
    rough = np.array([[0.01, 0.02, 0.03], [0.04, 0.05, 0.06]], dtype=np.float32)

    assert Grid(BED, 1.0, 1.0, 0.03).manning_at(np.array([0, 5])).tolist() == pytest.approx([0.03, 0.03])
    assert Grid(BED, 1.0, 1.0, rough).manning_at(np.array([1, 5])).tolist() == pytest.approx([0.02, 0.06])


def test_roughness_matters_on_ground_only() -> None:
    rough = np.where(np.isnan(BED), np.nan, 0.03).astype(np.float32)

    Grid(BED, 1.0, 1.0, rough)

    with pytest.raises(ValueError, match="manning"):
        Grid(np.nan_to_num(BED), 1.0, 1.0, rough)


@pytest.mark.parametrize(
    ("wrong", "word"),
    [
        ({"bed_m": np.zeros(3)}, "bed_m"),
        ({"bed_m": np.zeros((0, 3))}, "bed_m"),
        ({"bed_m": np.array([[1.0, np.inf]])}, "bed_m"),
        ({"bed_m": np.full((2, 2), np.nan)}, "bed_m"),
        ({"dx_m": 0.0}, "dx_m"),
        ({"dy_m": np.nan}, "dy_m"),
        ({"dy_m": np.inf}, "dy_m"),
        ({"manning": 0.0}, "manning"),
        ({"manning": np.nan}, "manning"),
        ({"wall_x_m": np.zeros((2, 3), np.float32)}, "wall_x_m"),
        ({"wall_y_m": np.zeros((2, 3), np.float32)}, "wall_y_m"),
        ({"wall_x_m": np.full((2, 2), np.inf, np.float32)}, "wall_x_m"),
    ],
)
def test_what_is_no_grid_is_refused(wrong: dict[str, Any], word: str) -> None:
    sound = {"bed_m": BED, "dx_m": 1.0, "dy_m": 1.0, "manning": 0.03}

    with pytest.raises(ValueError, match=word):
        Grid(**(sound | wrong))
