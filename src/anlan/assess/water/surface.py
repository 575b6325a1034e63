"""The water as it stands on the ground now: carried on from forecast to forecast, so that none begins from dry land."""

import io
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import numpy as np
import sqlalchemy as sa

from anlan.assess.model import surfaces
from anlan.assess.water.district import District
from anlan.assess.water.members import Surface
from anlan.kernel.actions import Reader, Tx


def dry(district: District, at_s: float) -> Surface:
    """Return dry land and empty drains."""
    return Surface(at_s, np.zeros(district.shape, np.float32), {})


def load(reader: Reader, area: str, district: District, since_s: float, until_s: float) -> Surface | None:
    """Return the surface kept for an area; None if there is none between two moments, or it is of another ground."""
    row = reader.conn.execute(sa.select(surfaces).where(surfaces.c.area == area)).one_or_none()
    if row is None or not since_s <= row.at.timestamp() <= until_s:
        return None
    with np.load(io.BytesIO(row.packed)) as kept:
        surface = Surface(row.at.timestamp(), kept["depth_m"], _held(kept))
    return surface if surface.depth_m.shape == district.shape else None


def save(tx: Tx, area: str, at: datetime, surface: Surface) -> None:
    """Keep the surface in the place of the one before it."""
    stored = io.BytesIO()
    names, volumes = np.array(list(surface.held_m3), dtype=np.str_), np.array(list(surface.held_m3.values()))
    np.savez(stored, depth_m=surface.depth_m, drains=names, held_m3=volumes)
    tx.conn.execute(sa.delete(surfaces).where(surfaces.c.area == area))
    tx.conn.execute(sa.insert(surfaces).values(area=area, at=at, packed=stored.getvalue()))


def _held(kept: Mapping[str, Any]) -> dict[str, float]:
    return dict(zip(kept["drains"].tolist(), kept["held_m3"].tolist(), strict=True))
