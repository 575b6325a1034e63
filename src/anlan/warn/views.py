"""What the reads of warn give: warnings, their steps and messages, and what is in force."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from anlan.catalog.schema.base import Grade
from anlan.warn.cap import Certainty
from anlan.warn.states import State


@dataclass(frozen=True)
class Words:
    """The texts in one language."""

    headline: str
    description: str
    instruction: str


@dataclass(frozen=True)
class Warned:
    """A warning as lists show it."""

    id: str
    area: str
    areas: list[str]
    event_type: str
    event_zh: str
    event_en: str
    grade: Grade
    state: State
    candidate: bool
    certainty: Certainty
    texts: dict[str, Words]
    onset: datetime
    expires: datetime
    drafted: datetime
    issued: datetime | None
    ended: datetime | None
    authors: list[str]
    approver: str | None
    issuer: str | None
    forecast: str | None
    supersedes: str | None
    reason: str


@dataclass(frozen=True)
class StepTaken:
    """One step in a warning's life: who did what, and why."""

    seq: int
    at: datetime
    by: str
    step: str
    state: State
    reason: str


@dataclass(frozen=True)
class MessageSent:
    """One CAP message; ``headline`` by language."""

    identifier: str
    warning: str
    seq: int
    sender: str
    sent: datetime
    status: str
    msg_type: str
    headline: dict[str, str]
    sha256: str


@dataclass(frozen=True)
class WarnedInFull(Warned):
    """A warning with its steps, its messages, what was known when it was written, and what updates it."""

    facts: dict[str, Any]
    steps: list[StepTaken]
    messages: list[MessageSent]
    superseded_by: list[str]


@dataclass(frozen=True)
class InForce:
    """What is in force: a warning of our own, or an official signal that is relayed."""

    id: str
    origin: Literal["own", "relayed"]
    issuer_zh: str | None
    issuer_en: str | None
    area: str
    areas: list[str]
    event_type: str
    event_zh: str
    event_en: str
    grade: Grade
    texts: dict[str, Words]
    since: datetime
    onset: datetime
    expires: datetime | None
