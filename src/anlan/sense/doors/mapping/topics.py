"""MQTT topic filters (MQTT 5.0, section 4.7)."""

from collections.abc import Iterable


def fits(filters: Iterable[str], topic: str) -> bool:
    """Tell whether a topic matches one of some filters; ``+`` stands for a level, ``#`` at the end for the rest."""
    levels = topic.split("/")
    return any(_fits(one.split("/"), levels) for one in filters)


def _fits(wanted: list[str], levels: list[str]) -> bool:
    if wanted[0] in {"+", "#"} and levels[0].startswith("$"):
        return False  # 4.7.2: topics of the broker itself
    for place, want in enumerate(wanted):
        if want == "#":
            return True
        if place >= len(levels) or want not in {"+", levels[place]}:
            return False
    return len(wanted) == len(levels)
