"""Rules of a package's tables that need no geometry."""

import json
from collections import Counter, defaultdict
from typing import Any

from anlan.city.areas import LEVELS
from anlan.city.findings import Columns, Finding, Findings
from anlan.kernel.access import jurisdiction

AREAS, ASSETS, SENSORS = "areas.parquet", "assets.parquet", "sensors.parquet"
_LENGTHS = {"city": 6, "district": 6, "town": 9, "village": 12}


def area_tree(areas: Columns) -> Findings:
    """Codes stand once, have their level's length, and start with the prefix of their parent one level or more up."""
    yield from _once(AREAS, areas["code"])
    levels = dict(zip(areas["code"], areas["level"], strict=True))
    for code, level, parent, zh, en in zip(*(areas[n] for n in ("code", "level", "parent", "zh", "en")), strict=True):
        if len(code) != _LENGTHS.get(level, -1):
            yield Finding(AREAS, code, level, "city.rule.level")
        if not zh or not en:
            yield Finding(AREAS, code, zh or en, "city.rule.name")
        if level == "city":
            continue
        if parent not in levels or LEVELS.index(levels[parent]) >= LEVELS.index(level):
            yield Finding(AREAS, code, parent, "city.rule.parent")
        elif not code.startswith(jurisdiction(parent)):
            yield Finding(AREAS, code, parent, "city.rule.prefix")


def population(areas: Columns) -> Findings:
    """Sum the parts of every area that has figures: they make up the whole exactly."""
    people = dict(zip(areas["code"], areas["population"], strict=True))
    sums: dict[str, int] = defaultdict(int)
    for code, parent in zip(areas["code"], areas["parent"], strict=True):
        if people[code] is not None and people[code] < 0:
            yield Finding(AREAS, code, people[code], "city.rule.negative")
        if parent is not None and people[code] is not None:
            sums[parent] += people[code]
    for code, total in sums.items():
        if people.get(code) != total:
            yield Finding(AREAS, code, f"{total} <> {people.get(code)}", "city.rule.sum")


def adjacency(pairs: Columns, areas: Columns) -> Findings:
    """Pairs join two different towns, each pair once."""
    towns = {code for code, level in zip(areas["code"], areas["level"], strict=True) if level == "town"}
    joined = list(zip(pairs["a"], pairs["b"], strict=True))
    yield from _once("adjacency.parquet", ["-".join(sorted(pair)) for pair in joined])
    for a, b in joined:
        if a == b or a not in towns or b not in towns:
            yield Finding("adjacency.parquet", f"{a}-{b}", b if a in towns else a, "city.rule.pair")


def assets(table: Columns, areas: Columns) -> Findings:
    """Ids stand once, areas exist, attributes are objects, every synthetic row says so."""
    yield from _once(ASSETS, table["id"])
    known = set(areas["code"])
    for id_, area, text, synthetic in zip(*(table[n] for n in ("id", "area", "attributes", "synthetic")), strict=True):
        if area not in known:
            yield Finding(ASSETS, id_, area, "city.rule.area")
        if not _is_object(text):
            yield Finding(ASSETS, id_, text, "city.rule.attributes")
        if synthetic is None:
            yield Finding(ASSETS, id_, synthetic, "city.rule.synthetic")


def sensors(table: Columns, asset_table: Columns) -> Findings:
    """Ids stand once, each sensor sits on an asset and in its area."""
    yield from _once(SENSORS, table["id"])
    areas = dict(zip(asset_table["id"], asset_table["area"], strict=True))
    for id_, asset, area in zip(table["id"], table["asset"], table["area"], strict=True):
        if asset not in areas:
            yield Finding(SENSORS, id_, asset, "city.rule.asset")
        elif areas[asset] != area:
            yield Finding(SENSORS, id_, area, "city.rule.sensor_area")


def towns(table: Columns, areas: Columns) -> Findings:
    """Hold the rows against the towns in the order of their codes; shares are shares, rates are not negative."""
    wanted = sorted(code for code, level in zip(areas["code"], areas["level"], strict=True) if level == "town")
    if table["code"] != wanted:
        yield Finding("towns.parquet", "", len(table["code"]), "city.rule.town_order")
    for code, drain, storage, built in zip(
        *(table[n] for n in ("code", "drain_mm_h", "storage_mm", "built_share")), strict=True
    ):
        if drain < 0 or storage < 0:
            yield Finding("towns.parquet", code, min(drain, storage), "city.rule.negative")
        if not 0 <= built <= 1:
            yield Finding("towns.parquet", code, built, "city.rule.share")


def roads(nodes: Columns, edges: Columns, name: str) -> Findings:
    """Edges join nodes that exist and have a length."""
    known = set(nodes["node_id"])
    file = f"roads/{name}_edges.parquet"
    for row, (u, v, length) in enumerate(zip(edges["u"], edges["v"], edges["length_m"], strict=True)):
        if u not in known or v not in known:
            yield Finding(file, str(row), u if v in known else v, "city.rule.node")
        if length < 0:
            yield Finding(file, str(row), length, "city.rule.negative")


def _once(file: str, keys: list[Any]) -> Findings:
    for key, count in Counter(keys).items():
        if count > 1:
            yield Finding(file, str(key), count, "city.rule.twice")


def _is_object(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except (TypeError, ValueError):
        return False
