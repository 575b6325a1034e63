"""Floodings put together by hand, without a model."""

from typing import Any

import numpy as np

from anlan.assess.ground import ground_of
from anlan.assess.water.flooding import SPREAD, Flooding
from anlan.city.city import City

THRESHOLDS = (0.15, 0.3, 0.5, 1.0)


def flooding(city: City, member_depth_m: Any, cell: Any, **more: Any) -> Flooding:
    """Return what members, (members, cells), say together of some cells of the city's grid."""
    members, ground = np.asarray(member_depth_m, dtype=np.float32), ground_of(city)
    grid = np.zeros((len(members), city.terrain.elevation_m.size + 1), dtype=np.float32)
    grid[:, cell] = members
    at_assets = grid[:, ground.asset_cell]  # -1 is the dry one at the end
    made: dict[str, Any] = {
        "cell": np.asarray(cell, dtype=np.int64),
        "depth_m": np.quantile(members, SPREAD, axis=0),
        "member_depth_m": members,
        "thresholds_m": THRESHOLDS,
        "chance": np.array([np.mean(members >= t, axis=0) for t in THRESHOLDS], dtype=np.float32),
        "arrival_s": np.full(members.shape[1], np.nan),
        "frames_s": np.zeros(0),
        "frames_m": np.zeros((0, members.shape[1]), dtype=np.float32),
        "asset_depth_m": np.quantile(at_assets, SPREAD, axis=0),
        "asset_chance": np.array([np.mean(at_assets >= t, axis=0) for t in THRESHOLDS], dtype=np.float32),
        "asset_arrival_s": np.full(at_assets.shape[1], np.nan),
        "watched": np.zeros(0, dtype=np.int64),
        "looks_s": np.zeros(0),
        "series_m": np.zeros((len(members), 0, 0), dtype=np.float32),
        "peak_s": 0.0,
        "failures": (),
        "members": len(members),
        "mass_error": 0.0,
    }
    return Flooding(**made | more)
