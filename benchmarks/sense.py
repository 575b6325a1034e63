"""Sense from door to alarm: the parts' own measurements in turn; ``ANLAN_BENCH_PARTS`` names some of them."""

import importlib
import os
import sys
from pathlib import Path
from typing import Any

PARTS = ("rules", "log", "station", "history", "doors", "partition", "anomalies", "latency")


def run() -> list[dict[str, Any]]:
    """Return the cases of all parts, each named by its part."""
    sys.path.insert(0, str(Path(__file__).parent))
    chosen = os.environ.get("ANLAN_BENCH_PARTS", ",".join(PARTS)).split(",")
    found = []
    for part in chosen:
        module = importlib.import_module(f"sensing.{part}")
        found += [{"part": part, **case} for case in module.cases()]
    return found
