"""How a city answers: response levels and the measures that the law lists."""

from typing import Literal

from anlan.catalog.schema.base import Entry, Grade, Sourced


class ResponseLevel(Entry, Sourced):
    """One of the four levels of response; who commands, who approves, and the rhythm."""

    rank: int
    grade: Grade
    commander: str
    approver: str
    duty: str
    report_cycle_h: int
    meeting_cycle_h: int


class Measure(Entry, Sourced):
    """A measure that the law names for warnings (W), response (R) or social security incidents (S)."""

    kind: Literal["warning", "response", "social_security", "after"]
    grades: tuple[Grade, ...] = ()
    done_by: str | None = None
