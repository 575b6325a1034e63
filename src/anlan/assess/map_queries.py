"""The reads of a forecast's map: its layers and legends, tiles, a place, arrivals, closed roads.

A forecast is shown to whom `anlan.assess.queries.forecast` shows it.
"""

import threading
import zlib
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import shapely
import sqlalchemy as sa

from anlan.assess import queries
from anlan.assess.closed_roads import Closure, Rule, closures, course_of
from anlan.assess.compute import moment
from anlan.assess.footprint import Footprint, unpack
from anlan.assess.model import footprints, forecasts
from anlan.assess.tiles import PALETTES, Sheet, exists, layers, sheet, tile
from anlan.catalog.catalog import Catalog
from anlan.city.city import City, city_of
from anlan.city.roads import Roads
from anlan.kernel.access import jurisdiction
from anlan.kernel.actions import Reader
from anlan.kernel.errors import NotFound
from anlan.science.arrays import Floats

_KEPT = 6
"""Footprints held unpacked for each store; one of the whole city takes tens of megabytes."""

_DIGITS = 5
"""Of degrees: a metre."""


@dataclass(frozen=True)
class Laid:
    """A forecast's footprint on the grid, and a word for its bytes, by which old tiles are told from new ones."""

    sheet: Sheet
    version: str


_LAID: WeakKeyDictionary[sa.Engine, OrderedDict[str, Laid]] = WeakKeyDictionary()
_LOCK = threading.Lock()


def laid(reader: Reader, forecast_id: str) -> Laid:
    """Return a forecast's footprint on the grid; :class:`NotFound` if there is none in the reader's areas."""
    seen = sa.select(forecasts.c.id).where(forecasts.c.id == forecast_id, reader.scope.where(forecasts.c.area))
    if reader.conn.scalar(seen) is None:
        raise NotFound("forecast.unknown", at="forecast", value=forecast_id)
    with _LOCK:
        kept = _LAID.setdefault(reader.conn.engine, OrderedDict())
        if forecast_id not in kept:
            packed = reader.conn.scalar(sa.select(footprints.c.packed).where(footprints.c.forecast == forecast_id))
            if packed is None:
                raise NotFound("forecast.unknown", at="forecast", value=forecast_id)
            own = sheet(city_of(reader).terrain, unpack(packed))
            kept[forecast_id] = Laid(own, f"{zlib.crc32(packed):08x}")
        kept.move_to_end(forecast_id)
        while len(kept) > _KEPT:
            kept.popitem(last=False)
        return kept[forecast_id]


def classes_of(catalog: Catalog, shown: str) -> tuple[float, ...]:
    """Return the lower bounds of a legend's classes: of ``depth`` in m, ``chance`` in per cent, ``arrival`` in min."""
    names = {"depth": "depth_classes_m", "chance": "chance_classes", "arrival": "arrival_classes_min"}
    found = tuple(float(word) for word in str(catalog.setting(f"forecast.{names[shown]}")).split(","))
    return found[: len(PALETTES[shown]) - 1]


def frames(footprint: Footprint) -> list[datetime]:
    """Return the moments of the frames."""
    return [moment(float(at)) for at in footprint.frames_s]


def tile_png(reader: Reader, forecast_id: str, layer: str, place: tuple[int, int, int], frame: int = 0) -> bytes:
    """Return a tile, its place its level, column and row.

    Raises
    ------
    NotFound
        ``forecast.unknown``, ``forecast.layer``, ``forecast.tile`` or ``forecast.frame``.
    """
    own = laid(reader, forecast_id).sheet
    known = layers(own.footprint)
    if layer not in known:
        raise NotFound("forecast.layer", at="layer", value=layer, params={"known": ", ".join(known)})
    if not exists(*place):
        raise NotFound("forecast.tile", at="tile", value="/".join(map(str, place)))
    last = len(own.footprint.frames_s) - 1
    if layer == "frame" and not 0 <= frame <= last:
        raise NotFound("forecast.frame", at="frame", value=frame, params={"last": last})
    classes = own.classes(layer, classes_of(reader.catalog, known[layer]), frame)
    return tile(own, known[layer], classes, *place)


def at_place(reader: Reader, forecast_id: str, lon: float, lat: float) -> dict[str, Any]:
    """Return what a forecast says of the cell that a place lies in; ``told`` is false where it says nothing."""
    row = queries.forecast(reader, forecast_id)
    own = laid(reader, forecast_id).sheet
    terrain, footprint = own.terrain, own.footprint
    line, column = (int(one) for one in terrain.cells(lon, lat))
    town = int(terrain.town[line, column]) if line >= 0 else -1
    code = str(terrain.towns.code[town]) if town >= 0 else None
    river = line >= 0 and bool(terrain.water[line, column])
    told = code is not None and not river and _within(code, row["area"])
    cell = line * terrain.shape[1] + column if line >= 0 else -1
    wet = int(own.place[cell])
    known = wet < len(footprint.cell)
    minutes = int(footprint.arrival_min[wet]) if known else -1
    return {
        "lon": lon,
        "lat": lat,
        "town": code if told else None,
        "told": told,
        "depth_m": [float(depth) for depth in footprint.depth_m[:, wet]] if known else [0.0] * 3,
        "chance": [
            {"depth_m": depth, "chance": int(footprint.chance[number, wet]) / 100 if known else 0.0}
            for number, depth in enumerate(footprint.thresholds_m)
        ],
        "arrival": moment(footprint.begin_s + 60 * minutes) if minutes >= 0 else None,
        "frames": [
            {"at": at, "depth_m": float(footprint.frames_m[number, wet]) if known else 0.0}
            for number, at in enumerate(frames(footprint))
        ],
    }


def _within(code: str, area: str) -> bool:
    """Tell whether a town lies in the area of a forecast, or holds it."""
    prefix = jurisdiction(area)
    return code.startswith(prefix) or prefix.startswith(code)


def arrivals(reader: Reader, forecast_id: str) -> list[dict[str, Any]]:
    """Return the assets in sight that stand in water, in order of its arrival; those it may reach come last."""
    found = queries.impact_assets(reader, forecast_id)  # the deepest first, and sorting keeps that among equals
    return sorted(found, key=lambda asset: (asset["arrival"] is None, asset["arrival"] or reader.now))


NETWORKS = ("expressways", "center")
"""The city's road graphs: its skeleton, and all streets of its middle."""


def rule_of(catalog: Catalog) -> Rule:
    """Return what policy says of when a road closes."""
    depth, chance = (float(catalog.setting(f"forecast.closed_road_{name}")) for name in ("m", "chance"))
    words = str(catalog.setting("forecast.raised_road_words")).split(",")
    return Rule(depth, chance, tuple(word for word in words if word))


def graph(city: City, network: str) -> Roads:
    """Return a road graph of the city by its name."""
    return city.expressways if network == "expressways" else city.center_roads


def closed(reader: Reader, forecast_id: str, network: str) -> Closure:
    """Return what a forecast says of each edge of a road graph."""
    return closures(laid(reader, forecast_id).sheet, graph(city_of(reader), network), rule_of(reader.catalog))


def closed_roads(reader: Reader, forecast_id: str) -> list[dict[str, Any]]:
    """Return the edges of all graphs that a forecast closes, as GeoJSON features."""
    moments = frames(laid(reader, forecast_id).sheet.footprint)
    found: list[dict[str, Any]] = []
    for network in NETWORKS:
        roads, said = graph(city_of(reader), network), closed(reader, forecast_id, network)
        course = course_of(city_of(reader).terrain, roads)
        worst = np.column_stack([course.lon, course.lat])[said.worst].round(_DIGITS)
        feature = partial(_feature, network, roads, said, worst, moments)
        found += [feature(edge) for edge in said.closed.nonzero()[0].tolist()]
    return found


def _feature(
    network: str, roads: Roads, said: Closure, worst: Floats, moments: list[datetime], edge: int
) -> dict[str, Any]:
    frame = int(said.frame[edge])
    line = shapely.get_coordinates(roads.geometry[edge]).round(_DIGITS).tolist()
    return {
        "id": f"{network}-{edge}",
        "properties": {
            "network": network,
            "edge": edge,
            "name": str(roads.name[edge]),
            "kind": str(roads.kind[edge]),
            "length_m": round(float(roads.length_m[edge]), 1),
            "wet_m": round(float(said.wet_m[edge]), 1),
            "lon": float(worst[edge, 0]),
            "lat": float(worst[edge, 1]),
            "depth_m": round(float(said.depth_m[edge]), 2),
            "chance": round(float(said.chance[edge]), 2),
            "closes": moments[frame] if frame >= 0 else None,
        },
        "geometry": {"type": "LineString", "coordinates": line},
    }
