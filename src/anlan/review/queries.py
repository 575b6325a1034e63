"""What can be asked of review: the timeline, summaries, the chart of the night, and the findings kept."""

from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import cached_property
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from anlan.catalog.catalog import Catalog
from anlan.city.city import City, city_of
from anlan.kernel.access import Scope, jurisdiction
from anlan.kernel.actions import Reader
from anlan.kernel.entries import all_entries, entries
from anlan.kernel.errors import NotFound
from anlan.review import gantt as chart
from anlan.review.gantt import Interval, Lane
from anlan.review.model import compilations, findings
from anlan.review.record import ACCOUNTS, KERNEL, ROOMS, Entry, Record
from anlan.review.summary import Summary, summarise
from anlan.review.timeline import Item, is_routine
from anlan.review.timeline import timeline as tell
from anlan.review.wording import Names, spoken

MOST = 1000
"""Items in one answer."""


@dataclass(frozen=True)
class CityNames:
    """Names of a city's areas and of its policy."""

    city: City
    catalog: Catalog

    @cached_property
    def zone(self) -> tzinfo:
        """The city's time zone."""
        return ZoneInfo(self.city.package.timezone)

    def name(self, subject: str, code: str, lang: str) -> str:
        """Return the name of an area or of an entry of the catalog, the sign of a unit; of one unknown, its code."""
        if subject == "areas":
            return self.city.name(code, lang) if self.city.contains(code) else code
        entry = getattr(self.catalog, subject).get(code)
        if subject == "units" and entry is not None:
            return str(entry.sign)
        return code if entry is None else str(getattr(entry, lang, entry.zh))


def names_of(reader: Reader) -> Names:
    """Return the names that sentences need."""
    return CityNames(city_of(reader), reader.catalog)


def timeline(
    reader: Reader,
    *,
    after: int = 0,
    before: int | None = None,
    limit: int = MOST,
    rooms: tuple[str, ...] = (),
    area: str | None = None,
    subject: str | None = None,
    routine: bool = False,
) -> list[Item]:
    """Return items of the timeline, oldest first.

    Parameters
    ----------
    after, before, limit
        The first items after an entry or, with ``before``, the last ones before it.
    rooms
        Only what these rooms did.
    area, subject
        Only what happened in an area; only what was done to one thing.
    routine
        Also what happens all the time, such as readings taken in.
    """
    verbs = _verbs(rooms)
    found: list[Item] = []
    # Routine entries are left out after reading, so pages are read until there is enough.
    while len(found) < limit:
        size = max(limit, 200)
        page = entries(reader, after, size, verbs, subject, before=before, area=area)
        items = tell((e for e in page if _told(reader, e, routine)), names_of(reader))
        found = items + found if before is not None else found + items
        if len(page) < size:
            break
        after, before = (after, page[0]["seq"]) if before is not None else (page[-1]["seq"], None)
    return found[-limit:] if before is not None else found[:limit]


def _verbs(rooms: tuple[str, ...]) -> tuple[str, ...]:
    """Return patterns of the verbs of some rooms."""
    nouns = [noun for noun, room in ROOMS.items() if room in rooms]
    kernel = ("reaction", *sorted(ACCOUNTS)) if KERNEL in rooms else ()
    return tuple(f"{noun}.*" for noun in (*nouns, *kernel))


def _told(reader: Reader, entry: Entry, routine: bool) -> bool:
    """Tell whether an entry belongs on this reader's timeline; people's accounts are for those who may read users."""
    if is_routine(entry) and not routine:
        return False
    about_accounts = entry["verb"].partition(".")[0] in ACCOUNTS
    return not about_accounts or reader.actor.sight(reader.catalog.roles, "user").covers(entry["area"])


def summary(reader: Reader, since: datetime, until: datetime, area: str | None = None) -> Summary:
    """Return what a stretch of the journal comes to, freshly read."""
    return summarise(all_entries(reader, since=since, until=until, area=area), since, until)


def gantt(
    reader: Reader, *, since: datetime | None = None, area: str | None = None, lanes: tuple[Lane, ...] = ()
) -> list[Interval]:
    """Return alarms, warnings, activations, tasks and shelters as intervals."""
    wanted = lanes or tuple(chart.LANES)
    verbs = tuple(sorted({f"{verb.partition('.')[0]}.*" for lane in wanted for verb in chart.LANES[lane].begins}))
    told = list(all_entries(reader, verbs=verbs, since=since, area=area))
    found = chart.gantt(Record(told, reader.now), names_of(reader))
    return [interval for interval in found if interval.lane in wanted]


@dataclass(frozen=True)
class Compilation:
    """One review that was kept."""

    id: str
    area: str
    at: datetime
    by: str
    since: datetime
    until: datetime
    summary: Summary
    findings: int


@dataclass(frozen=True)
class FindingLine:
    """One finding in words; ``evidence`` are the journal entries that prove it."""

    compilation: str
    code: str
    area: str
    subject: str
    zh: str
    en: str
    evidence: list[int]


def compilation_list(reader: Reader, *, limit: int = MOST) -> list[Compilation]:
    """Return the reviews that were kept, the newest first."""
    where = reader.scope.where(compilations.c.area)
    query = sa.select(compilations).where(where).order_by(compilations.c.seq.desc()).limit(min(limit, MOST))
    return [_compilation(reader, row) for row in reader.conn.execute(query).mappings().all()]


def _compilation(reader: Reader, row: sa.RowMapping) -> Compilation:
    count = sa.select(sa.func.count()).where(findings.c.compilation == row["id"])
    own = {name: row[name] for name in ("id", "area", "at", "by", "since", "until")}
    told = Summary.model_validate(row["summary"])
    return Compilation(**own, summary=told, findings=reader.conn.scalar(count) or 0)


def finding_list(
    reader: Reader, *, compilation: str | None = None, area: str | None = None, code: str | None = None
) -> list[FindingLine]:
    """Return the findings of a review, by default of the last one that tells of the reader's areas.

    Raises
    ------
    NotFound
        ``review.unknown``, where no such review was kept.
    """
    chosen = compilation or _latest(reader)
    if chosen is None:
        return []
    if reader.conn.execute(sa.select(compilations.c.id).where(compilations.c.id == chosen)).first() is None:
        raise NotFound("review.unknown", at="compilation", value=chosen)
    where = [findings.c.compilation == chosen, reader.scope.where(findings.c.area)]
    if area is not None:
        where.append(Scope((jurisdiction(area),)).where(findings.c.area))
    if code is not None:
        where.append(findings.c.code == code)
    rows = reader.conn.execute(sa.select(findings).where(*where).order_by(findings.c.number)).mappings()
    names = names_of(reader)
    return [_finding(row, names) for row in rows]


def _latest(reader: Reader) -> str | None:
    """Return the newest review of an area of the reader's, or with a finding there."""
    told = sa.select(findings.c.compilation).where(reader.scope.where(findings.c.area))
    seen = sa.or_(reader.scope.where(compilations.c.area), compilations.c.id.in_(told))
    query = sa.select(compilations.c.id).where(seen).order_by(compilations.c.seq.desc()).limit(1)
    return reader.conn.scalar(query)


def _finding(row: sa.RowMapping, names: Names) -> FindingLine:
    told = row["told"] | {"area": row["area"], "subject": row["subject"]}
    code = f"finding.{row['code']}"
    return FindingLine(
        compilation=row["compilation"],
        code=row["code"],
        area=row["area"],
        subject=row["subject"],
        zh=spoken(code, told, "zh", names),
        en=spoken(code, told, "en", names),
        evidence=row["evidence"],
    )
