"""What structures, drains and soils did in a run, by name, for the summary."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from anlan.assess.water.swmm import SwmmExchange
from anlan.science.flood.drains import Drains
from anlan.science.flood.links import Links
from anlan.science.flood.pumps import Pumps
from anlan.science.flood.simulation import Exchange
from anlan.science.flood.storages import Storages


def reports(exchanges: Iterable[Exchange]) -> dict[str, Any]:
    """Return a list by name for every kind of exchange that has something to tell; moments are seconds."""
    told: dict[str, Any] = {}
    for one in exchanges:
        if isinstance(one, Storages):
            told["storages"] = [{k: _plain(v) for k, v in report.__dict__.items()} for report in one.reports()]
        elif isinstance(one, Links):
            told["links"] = [
                {"name": link.name, "forward_m3": float(passed[0]), "back_m3": float(passed[1])}
                for link, passed in zip(one.links, one.passed_m3, strict=True)
            ]
        elif isinstance(one, Pumps):
            told["pumps"] = [
                {"name": pump.name, "lifted_m3": float(lifted), "ran_s": float(ran)}
                for pump, lifted, ran in zip(one.pumps, one.lifted_m3, one.ran_s, strict=True)
            ]
        elif isinstance(one, Drains):
            told["drains"] = _drains(one)
        elif isinstance(one, SwmmExchange):
            told["swmm"] = _swmm(one)
    return told


def _drains(one: Drains) -> list[dict[str, Any]]:
    books = one.books
    columns = {"entered_m3": books.entered_m3, "carried_m3": books.carried_m3}
    columns |= {"came_up_m3": books.came_up_m3, "held_m3": books.held_m3}
    return [
        {"name": name, **{column: float(values[number]) for column, values in columns.items()}}
        for number, name in enumerate(books.names)
    ]


def _swmm(one: SwmmExchange) -> dict[str, Any]:
    holes = one.manholes
    flows = zip(holes.names, one.down_m3, one.up_m3, strict=True)
    return {
        "manholes": [{"name": name, "down_m3": float(down), "up_m3": float(up)} for name, down, up in flows],
        "outside": list(holes.outside),
        "unplaced": list(holes.unplaced),
    }


def _plain(value: Any) -> Any:
    return None if isinstance(value, float) and np.isnan(value) else value
