"""The text of a report: each element of the catalog's kind, filled from the scene; what is unknown says so."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from anlan.catalog.catalog import Catalog
from anlan.catalog.schema.base import GRADES
from anlan.catalog.texts import text, texts
from anlan.kernel.access import AreaTree
from anlan.respond.due import KINDS, Kind
from anlan.respond.scene import Entry, Scene


@dataclass(frozen=True)
class Voice:
    """In which language a report speaks, by which clock, with which names."""

    lang: str
    zone: tzinfo
    catalog: Catalog
    city: AreaTree
    lines: int

    def say(self, code: str, **params: Any) -> str:
        """Return one sentence of this room."""
        return text(f"respond.{code}", self.lang, **params)

    def time(self, moment: datetime | str | None) -> str:
        """Return a moment by the city's clock."""
        if moment is None:
            return self.unknown
        at = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
        return at.astimezone(self.zone).strftime("%m-%d %H:%M")

    def named(self, thing: Mapping[str, Any], field: str) -> str:
        """Return what a thing says of itself in this language."""
        return str(thing.get(f"{field}_{self.lang}") or thing.get(f"{field}_zh") or self.unknown)

    def grade(self, grade: str | None) -> str:
        """Return the name of a colour."""
        return self.say(f"grade.{grade}") if grade else self.unknown

    @property
    def unknown(self) -> str:
        """What stands where nothing is known."""
        return self.say("unknown")


def write(scene: Scene, kind: Kind, number: int, voice: Voice) -> str:
    """Return the text of a report on a scene."""
    elements = voice.catalog.report_kinds[KINDS[kind]].elements or voice.catalog.report_kinds[KINDS["first"]].elements
    heading = voice.say(f"heading.{kind}", title=voice.named(scene.incident, "title"), number=number)
    lines = [heading]
    for name in elements:
        element = voice.catalog.report_elements[name]
        value = ELEMENTS[name](scene, voice) if name in ELEMENTS else ""
        label = element.en if voice.lang == "en" else element.zh
        lines.append(label + voice.say("joint.label") + (value or voice.unknown))
    return "\n".join(lines)


def _time(scene: Scene, voice: Voice) -> str:
    times = {name: voice.time(scene.incident[name]) for name in ("occurred", "received")}
    return voice.say("time", **times)


def _place(scene: Scene, voice: Voice) -> str:
    row, names, here = scene.incident, [], scene.incident["area"]
    while here is not None:
        names.append(voice.city.name(here, voice.lang))
        here = voice.city.parent(here)
    told = voice.say("joint.area").join(names if voice.lang == "en" else reversed(names))
    parts = [told, row["place"]]
    if row["lon"] is not None and row["lat"] is not None:
        parts.append(f"{row['lon']:.5f}, {row['lat']:.5f}")
    return voice.say("joint.part").join(part for part in parts if part)


def _source(scene: Scene, voice: Voice) -> str:
    row = scene.incident
    return row["source"] or (voice.say("source.warning", warning=row["warning"]) if row["warning"] else "")


def _cause(scene: Scene, voice: Voice) -> str:
    event = voice.catalog.event_types[scene.incident["event_type"]]
    parts = [event.en if voice.lang == "en" else event.zh]
    parts += [voice.say("cause.storm", name=voice.named(storm["data"], "name")) for storm in scene.above]
    parts += [scene.incident["detail"]] if scene.incident["detail"] else []
    return voice.say("joint.part").join(parts)


def _course(scene: Scene, voice: Voice) -> str:
    told = [line for entry in scene.entries if (line := _course_line(entry, voice))]
    alarms = scene.of("alarm.open")
    if alarms:
        told.insert(0, _alarms(alarms, voice))
    kept = told if len(told) <= voice.lines else [told[0], *told[-(voice.lines - 1) :]]
    return voice.say("joint.sentence").join(kept)


def _course_line(entry: Entry, voice: Voice) -> str:
    """Return what one entry adds to the course; nothing for a verb that is told otherwise."""
    code, data = f"course.{entry['verb']}", entry["data"]
    if f"respond.{code}" not in texts("zh"):
        return ""
    level = voice.catalog.event_levels.get(str(data.get("level")))
    return voice.say(
        code,
        time=voice.time(entry["at"]),
        grade=voice.grade(data.get("grade")),
        headline=voice.named(data, "headline"),
        name=voice.named(data, "name"),
        title=voice.named(data, "title"),
        level=(level.en if voice.lang == "en" else level.zh) if level else data.get("level") or voice.unknown,
        tasks=data.get("tasks", 0),
    )


def _alarms(alarms: Sequence[Entry], voice: Voice) -> str:
    counts = Counter(alarm["data"].get("grade") for alarm in alarms)
    grades = voice.say("joint.part").join(f"{voice.grade(g)} {counts[g]}" for g in GRADES if counts[g])
    times = {"start": voice.time(alarms[0]["at"]), "end": voice.time(alarms[-1]["at"])}
    return voice.say("course.alarms", n=len(alarms), grades=grades, **times)


def _consequence(scene: Scene, voice: Voice) -> str:
    told = []
    for name, value in scene.incident["consequences"].items():
        code = f"consequence.{name}"
        known = f"respond.{code}" in texts("zh")
        told.append(voice.say(code if known else "consequence.other", name=name, n=f"{value:g}"))
    return voice.say("joint.part").join(told)


def _scope(scene: Scene, voice: Voice) -> str:
    forecast = scene.last("forecast.run")
    if forecast is None:
        return ""
    data, people = forecast["data"], forecast["data"].get("people") or {}
    numbers = {name: people.get(name, voice.unknown) for name in ("low", "best", "high")}
    rest = {"towns": len(data.get("towns") or ()), "underpasses": data.get("underpasses", voice.unknown)}
    return voice.say("scope", **numbers, **rest)


def _trend(scene: Scene, voice: Voice) -> str:
    forecast = scene.last("forecast.run")
    if forecast is None:
        return ""
    data = forecast["data"]
    told = {"until": voice.time(data.get("valid_to")), "grade": voice.grade(data.get("grade"))}
    depth = data.get("max_depth_m")
    return voice.say("trend", depth_m=voice.unknown if depth is None else f"{depth:.1f}", **told)


def _disposal(scene: Scene, voice: Voice) -> str:
    counts, told = scene.counts, []
    total = sum(counts.by_state.values()) - counts.by_state["cancelled"]
    if total:
        numbers = {"total": total, "closed": counts.by_state["closed"], "overdue": counts.overdue}
        told.append(voice.say("disposal.tasks", open=counts.open, **numbers))
    if shelters := len({entry["subject"] for entry in scene.of("shelter.open")}):
        told.append(voice.say("disposal.shelters", n=shelters))
    return voice.say("joint.sentence").join(told)


def _measures(scene: Scene, voice: Voice) -> str:
    titles = list(dict.fromkeys(t.title_en if voice.lang == "en" else t.title_zh for t in scene.next_tasks))
    return voice.say("joint.sentence").join(titles)


ELEMENTS: Mapping[str, Callable[[Scene, Voice], str]] = {
    "time": _time,
    "place": _place,
    "source": _source,
    "cause": _cause,
    "process": _course,
    "consequence": _consequence,
    "scope": _scope,
    "trend": _trend,
    "disposal": _disposal,
    "measures": _measures,
}
"""How each element of the catalog is filled; one that does not stand here is for people to write."""
