"""Who must tell whom what, by when; clocks run from the moment the sender learns of it."""

from typing import Literal

from anlan.catalog.schema.base import ElementId, Entry, Sourced


class ReportRule(Entry, Sourced):
    """One duty to report: from whom to whom, in what form, within what time or at what rhythm."""

    kind: Literal["first", "follow_up", "final", "daily", "verification", "supplement", "referral"]
    sender: str
    receiver: str
    applies: str | None = None
    mode: Literal["oral", "written", "any"] = "any"
    limit_minutes: int | None = None
    limit_days: int | None = None
    cycle_h: int | None = None
    per_level: bool = False
    elements: tuple[ElementId, ...] = ()


class ReportElement(Entry, Sourced):
    """One thing that a report says."""

    required: bool
    parts: tuple[str, ...] = ()


class ReportKind(Entry, Sourced):
    """One kind of report and the elements it must have."""

    elements: tuple[ElementId, ...] = ()
    extra: tuple[str, ...] = ()
    numbered: bool = False
    cycle_h: int | None = None
