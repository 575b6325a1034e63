"""One sentence for one journal entry, from the template ``timeline.<verb>`` of ``locale``.

A template may name anything that the entry's data or arguments tell. Names of areas, roles, items and the like stand
for their codes; ``name_zh`` and ``name_en`` are ``{name}`` in either language; ``people`` is ``{people_low}``,
``{people_best}``, ``{people_high}``; a list is told by its length as ``{n_towns}``.
"""

import string
from collections.abc import Iterator, Mapping
from datetime import datetime, tzinfo
from typing import Any, Protocol

from anlan.catalog.texts import LANGUAGES, text, texts
from anlan.review.record import Entry

UNKNOWN = "—"
"""Stands for what the entry does not tell."""

SUBJECTS: Mapping[str, str] = {
    "area": "areas",
    "to_area": "areas",
    "role": "roles",
    "item": "supply_items",
    "quantity": "quantities",
    "unit": "units",
    "asset_type": "asset_types",
    "event_type": "event_types",
    "plan": "plans",
}
"""Which list of names the value of a field is looked up in."""

STATES = frozenset({"grade", "level", "state", "kind"})
"""Fields whose values are words of ``locale``: ``timeline.word.<value>``."""


class Names(Protocol):
    """What the sentences need to know of a city and its policy."""

    @property
    def zone(self) -> tzinfo:
        """The city's time zone."""
        ...

    def name(self, subject: str, code: str, lang: str) -> str:
        """Return the name of an area or of an entry of the catalog; of one unknown, its code."""
        ...


def sentence(entry: Entry, lang: str, names: Names) -> str:
    """Return what happened, in one sentence.

    Parameters
    ----------
    entry
        The journal entry.
    lang
        ``zh`` or ``en``.
    names
        Where names of areas and of catalog entries come from.
    """
    code = f"timeline.{entry['verb']}"
    own = {name: entry[name] for name in ("verb", "subject", "by", "area")}
    told = {**entry["args"], **entry["data"], **own}
    return spoken(code if code in texts("zh") else "timeline.other", told, lang, names)


def spoken(code: str, told: Mapping[str, Any], lang: str, names: Names) -> str:
    """Return the text of a code with what it names taken from ``told``; what is not told there is a dash."""
    known = dict(_told(told, lang, names))
    template = texts(lang).get(code) or texts("zh").get(code, "")
    wanted = [field for _, field, _, _ in string.Formatter().parse(template) if field]
    return text(code, lang, **{field: known.get(field, UNKNOWN) for field in wanted})


def _told(told: Mapping[str, Any], lang: str, names: Names) -> Iterator[tuple[str, str]]:
    for field, value in told.items():
        head, _, tail = field.rpartition("_")
        if head and tail in LANGUAGES:
            if tail == lang:
                yield head, str(value)
        elif isinstance(value, Mapping):
            yield from ((f"{field}_{inner}", said) for inner, said in _told(value, lang, names))
        elif isinstance(value, list):
            yield f"n_{field}", str(len(value))
        elif value is not None:
            yield field, _word(field, value, lang, names)
        elif field == "grade":
            yield field, text("timeline.word.none", lang)


def _word(field: str, value: Any, lang: str, names: Names) -> str:
    if isinstance(value, str):
        return _text_word(field, value, lang, names)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"{value:,.2f}".rstrip("0").rstrip(".")
    return str(value)


def _text_word(field: str, value: str, lang: str, names: Names) -> str:
    if field in SUBJECTS:
        return names.name(SUBJECTS[field], value, lang)
    if field in STATES and (code := f"timeline.word.{value}") in texts(lang):
        return text(code, lang)
    return local_time(value, names.zone) or value


def local_time(value: str, zone: tzinfo) -> str | None:
    """Return a journal's moment as the city's clock shows it, None for other texts.

    Examples
    --------
    >>> from datetime import UTC
    >>> local_time("2024-09-15T16:05:00.000000Z", UTC)
    '09-15 16:05'
    """
    if len(value) != len("2024-09-15T16:05:00.000000Z") or not value.endswith("Z"):
        return None
    try:
        return datetime.fromisoformat(value).astimezone(zone).strftime("%m-%d %H:%M")
    except ValueError:
        return None
