"""Drafting, editing and updating: verbs by which a warning gets its content."""

from dataclasses import replace
from typing import Annotated, Any, TypeVar

import sqlalchemy as sa
from pydantic import AwareDatetime, Field, StringConstraints

from anlan.catalog.schema.base import Grade
from anlan.kernel.actions import AreaCode, Args, Effect, Tx
from anlan.kernel.errors import Conflict, Invalid
from anlan.warn import people, policy, record, standing
from anlan.warn.cap import Certainty
from anlan.warn.content import Content, complete
from anlan.warn.facts import Facts
from anlan.warn.states import move
from anlan.warn.wording import Texts

WarningId = Annotated[str, StringConstraints(max_length=40)]


class Words(Args):
    """The texts of a warning in one language."""

    headline: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    description: Annotated[str, StringConstraints(max_length=5000)] = ""
    instruction: Annotated[str, StringConstraints(max_length=5000)] = ""


class ContentArgs(Args):
    """What can be said of a warning; what is left out stays as it is, or comes from the catalog."""

    grade: Grade | None = None
    areas: tuple[AreaCode, ...] = Field(default=(), max_length=300)
    zh: Words | None = None
    en: Words | None = None
    onset: AwareDatetime | None = None
    expires: AwareDatetime | None = None
    certainty: Certainty | None = None
    forecast: Annotated[str, StringConstraints(max_length=40)] | None = None
    facts: Facts | None = None
    reason: Annotated[str, StringConstraints(max_length=2000)] = ""

    @property
    def own(self) -> Texts:
        """The words given, by language."""
        return {lang: words.model_dump() for lang, words in (("zh", self.zh), ("en", self.en)) if words}

    @property
    def given(self) -> dict[str, Any]:
        """Everything given but the words."""
        names = ("grade", "areas", "onset", "expires", "certainty", "forecast", "facts", "reason")
        return {name: getattr(self, name) for name in names}


class DraftWarning(ContentArgs):
    """Draft a warning; texts and times left out come from the catalog, filled with the numbers of a forecast.

    Type, grade and areas left out come from ``facts``: what the forecast found.
    """

    event_type: Annotated[str, StringConstraints(max_length=5)] | None = None


def draft(tx: Tx, args: DraftWarning) -> Effect:
    """Store a draft. A program that has said the same already is answered with what stands."""
    content = _first_content(tx, args)
    values = complete(tx, content)
    if people.automatic(tx.actor):
        return standing.draft_or_refresh(tx, values)
    return record.told(tx, record.insert(tx, values))


def _first_content(tx: Tx, args: DraftWarning) -> Content:
    facts = args.facts or Facts()
    towns = tuple(town.area for town in facts.towns)
    return Content(
        event_type=_needed(args.event_type or policy.type_of_hazard(tx.catalog, facts.hazard), "event_type"),
        grade=_needed(args.grade or facts.grade, "grade"),
        areas=_needed(args.areas or towns, "areas"),
        own=args.own,
        onset=args.onset,
        expires=args.expires,
        certainty=args.certainty or "Likely",
        forecast=args.forecast,
        facts=facts,
        reason=args.reason,
    )


T = TypeVar("T")


def _needed(value: T | None, name: str) -> T:
    if not value:
        raise Invalid("warning.needed", at=f"args.{name}")
    return value


class EditWarning(ContentArgs):
    """Change a draft; whoever does is one of its authors."""

    warning: WarningId


def edit(tx: Tx, args: EditWarning) -> Effect:
    """Replace what is given; texts that nobody wrote are filled anew."""
    row = record.load(tx, args.warning)
    move(row.state, "edit")
    values = complete(tx, Content.of(row).changed(args.given, args.own))
    row = record.take(tx, row, "edit", args.reason, **values, authors=people.authors(tx, row))
    return record.told(tx, row)


class UpdateWarning(ContentArgs):
    """Draft a warning that supersedes an issued one when it is issued itself."""

    warning: WarningId


def update(tx: Tx, args: UpdateWarning) -> Effect:
    """Store a draft that starts from the issued warning's content."""
    old = record.load(tx, args.warning)
    move(old.state, "update")
    waiting = standing.waiting_update(tx.conn, old.id)
    if waiting is not None:
        raise Conflict("warning.update_waits", at="args.warning", value=old.id, params={"update": waiting})
    return record.told(tx, record.insert(tx, _next_content(tx, old, args), old))


def _next_content(tx: Tx, old: sa.Row[Any], args: UpdateWarning) -> dict[str, Any]:
    before = Content.of(old)
    # Words that people wrote were about the old warning; they stay only where no template can speak of the new one.
    grade = args.grade or before.grade
    kept = before.own if policy.template(tx.catalog, before.event_type, grade) is None else {}
    after = before.changed(args.given, {})
    own = {**kept, **args.own}
    return complete(tx, replace(after, onset=args.onset, expires=args.expires, own=own, reason=args.reason))
