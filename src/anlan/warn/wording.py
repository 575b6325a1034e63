"""The texts of a warning: the catalog's template filled with the numbers of a forecast, in each language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from anlan.catalog.catalog import Catalog
from anlan.catalog.schema.base import Grade
from anlan.catalog.schema.templates import Wording
from anlan.catalog.texts import LANGUAGES, text
from anlan.city.city import City
from anlan.warn.facts import Facts, Spread, Town

Texts = Mapping[str, Mapping[str, str]]
"""Headline, description and instruction by language."""

PARTS = ("headline", "description", "instruction")


@dataclass(frozen=True)
class Occasion:
    """What a text is about."""

    home: str
    areas: Sequence[str]
    grade: Grade
    onset: datetime
    expires: datetime
    facts: Facts


def issuer(catalog: Catalog, city: City, area: str, lang: str) -> str:
    """Return the name of the bureau that issues an area's warnings."""
    return str(catalog.setting(f"warning.issuer_{lang}")).format(area=city.name(area, lang))


def fill(catalog: Catalog, city: City, wordings: Mapping[str, Wording], about: Occasion) -> Texts:
    """Return a template's texts with their placeholders filled."""
    filled: dict[str, dict[str, str]] = {}
    for lang in LANGUAGES:
        if lang in wordings:
            values = _values(catalog, city, about, lang)
            filled[lang] = {part: getattr(wordings[lang], part).format_map(values) for part in PARTS}
    return filled


def _values(catalog: Catalog, city: City, about: Occasion, lang: str) -> dict[str, str]:
    """Return every placeholder's text (:data:`anlan.catalog.schema.templates.PLACEHOLDERS`)."""
    facts, zone = about.facts, ZoneInfo(city.package.timezone)
    unknown = text("warning.unknown", lang)
    assets = facts.assets_hit if facts.critical_assets is None else facts.critical_assets
    return {
        "issuer": issuer(catalog, city, about.home, lang),
        "area": _names(city, about.areas, lang),
        "towns": _names(city, _towns(facts.towns) or about.areas, lang),
        "grade": text(f"warning.grade.{about.grade}", lang),
        "people": unknown if facts.people is None else _people(facts.people, lang),
        "assets": unknown if assets is None else str(assets),
        "depth_m": unknown if facts.max_depth_m is None else f"{facts.max_depth_m:.1f}",
        "onset": _moment(about.onset, zone, lang),
        "until": _moment(about.expires, zone, lang),
        "peak": unknown if facts.peak is None else _moment(facts.peak, zone, lang),
    }


def _towns(towns: Sequence[Town]) -> list[str]:
    """Return the graded towns, those with most people first."""
    return [t.area for t in sorted(towns, key=lambda t: (-_best(t.people), t.area))]


def _best(people: Spread | float | None) -> float:
    return people.best if isinstance(people, Spread) else people or 0.0


def _people(people: Spread | float, lang: str) -> str:
    if not isinstance(people, Spread):
        return f"{people:.0f}"
    rounded = {name: f"{getattr(people, name):.0f}" for name in ("low", "best", "high")}
    return text("warning.people", lang, **rounded)


def _names(city: City, areas: Sequence[str], lang: str) -> str:
    return text("warning.and", lang).join(city.name(area, lang) for area in areas)


def _moment(moment: datetime, zone: ZoneInfo, lang: str) -> str:
    local = moment.astimezone(zone)
    return text(
        "warning.moment", lang, year=local.year, month=local.month, day=local.day, hour=local.hour, minute=local.minute
    )
