"""What a draft says: given by its author, completed from the catalog, checked."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Self

import sqlalchemy as sa

from anlan.catalog.schema.base import Grade
from anlan.city.city import city_of
from anlan.kernel.actions import Tx
from anlan.kernel.errors import Invalid
from anlan.warn import places, policy, wording
from anlan.warn.cap import Certainty
from anlan.warn.facts import Facts
from anlan.warn.wording import Texts


@dataclass(frozen=True)
class Content:
    """One version of a warning's content; ``own`` are the words that people wrote, by language."""

    event_type: str
    grade: Grade
    areas: tuple[str, ...]
    own: Texts
    onset: datetime | None
    expires: datetime | None
    certainty: Certainty
    forecast: str | None
    facts: Facts
    reason: str

    @classmethod
    def of(cls, row: sa.Row[Any]) -> Self:
        """Return the content of a stored warning."""
        return cls(
            event_type=row.event_type,
            grade=row.grade,
            areas=tuple(row.areas),
            own=row.own,
            onset=row.onset,
            expires=row.expires,
            certainty=row.certainty,
            forecast=row.forecast,
            facts=Facts.model_validate(row.facts),
            reason=row.reason,
        )

    def changed(self, given: Mapping[str, Any], own: Texts) -> Self:
        """Return this content with what was given (None and empty is not given) and more words of people."""
        named = {name: value for name, value in given.items() if value not in (None, (), "")}
        return replace(self, **named, own={**self.own, **own})


def complete(tx: Tx, content: Content) -> dict[str, Any]:
    """Return the row of a content: areas checked and ordered, times and texts filled from the catalog.

    Raises
    ------
    Forbidden
        If an area lies outside the actor's.
    Invalid
        If the type is no type of warning, the times make no sense, or there is nothing to say.
    """
    policy.event_type(tx.catalog, content.event_type)
    areas = places.without_inner(content.areas)
    home = places.home(tx.city, areas)
    for area in (*areas, home):
        tx.require(area)
    onset, expires = _times(tx, content)
    about = wording.Occasion(home, areas, content.grade, onset, expires, content.facts)
    return {
        "area": home,
        "areas": list(areas),
        "event_type": content.event_type,
        "grade": content.grade,
        "candidate": policy.official_signal(tx.catalog, content.event_type) is not None,
        "certainty": content.certainty,
        "onset": onset,
        "expires": expires,
        "texts": _texts(tx, content, about),
        "own": content.own,
        "facts": content.facts.model_dump(mode="json"),
        "forecast": content.forecast,
        "reason": content.reason,
    }


def _times(tx: Tx, content: Content) -> tuple[datetime, datetime]:
    onset = content.onset or content.facts.valid_from or tx.now
    expires = content.expires
    if expires is None:
        validity = policy.validity(tx.catalog, content.event_type, content.grade)
        if validity is None:
            raise Invalid("warning.expires_missing", at="args.expires")
        expires = max(onset, tx.now) + validity
    if expires <= max(onset, tx.now):
        raise Invalid("warning.expires_early", at="args.expires", value=expires)
    return onset, expires


def _texts(tx: Tx, content: Content, about: wording.Occasion) -> Texts:
    template = policy.template(tx.catalog, content.event_type, content.grade)
    filled = wording.fill(tx.catalog, city_of(tx), template.texts[content.grade], about) if template else {}
    texts = {**filled, **content.own}
    if "zh" not in texts:
        raise Invalid("warning.text_missing", at="args.zh", params={"type": content.event_type, "grade": content.grade})
    return texts
