"""The nouns of the Common Alerting Protocol 1.2 (OASIS Standard, 1 July 2010) as frozen values.

Only what the standard allows can be built: whole seconds with a zone, identifiers without the restricted
characters, polygons that close. Attribute names are the standard's element names in snake case.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from anlan.catalog.schema.base import Grade

Status = Literal["Actual", "Exercise", "System", "Test", "Draft"]
MsgType = Literal["Alert", "Update", "Cancel", "Ack", "Error"]
Scope = Literal["Public", "Restricted", "Private"]
Category = Literal[
    "Geo", "Met", "Safety", "Security", "Rescue", "Fire", "Health", "Env", "Transport", "Infra", "CBRNE", "Other"
]
ResponseType = Literal["Shelter", "Evacuate", "Prepare", "Execute", "Avoid", "Monitor", "Assess", "AllClear", "None"]
Urgency = Literal["Immediate", "Expected", "Future", "Past", "Unknown"]
Severity = Literal["Extreme", "Severe", "Moderate", "Minor", "Unknown"]
Certainty = Literal["Observed", "Likely", "Possible", "Unlikely", "Unknown"]

SEVERITY: dict[Grade, Severity] = {"red": "Extreme", "orange": "Severe", "yellow": "Moderate", "blue": "Minor"}
"""OASIS severity of a colour, as public carriers of Chinese warnings pair them (secondary sources; no norm found)."""

COLOUR: dict[Grade, str] = {"red": "Red", "orange": "Orange", "yellow": "Yellow", "blue": "Blue"}
"""What the national profile writes in ``severity``; here it stands in a parameter beside the OASIS word."""


def grade_of(word: str) -> Grade | None:
    """Return the colour that a word of either profile stands for: ``Orange`` or ``Severe``."""
    named: dict[str, Grade] = {w: g for table in (SEVERITY, COLOUR) for g, w in table.items()}
    return named.get(word)


def _check_moment(moment: datetime | None) -> None:
    if moment is None:
        return
    offset = moment.utcoffset()
    if offset is None or offset.total_seconds() % 60 or moment.microsecond:
        raise ValueError(f"CAP moments have whole seconds and a zone of whole minutes: {moment!r}")


def _check_identifier(text: str) -> None:
    # CAP 1.2 §3.2.1: no spaces, commas or restricted characters (< and &).
    if not text or any(c in ",<&" or c.isspace() for c in text):
        raise ValueError(f"not an identifier for CAP: {text!r}")


def _check_listed(items: tuple[str, ...]) -> None:
    # CAP 1.2 §3.2.1: items with blanks are enclosed in double quotes, so that they cannot hold one.
    if any(not item or '"' in item for item in items):
        raise ValueError(f"items of a list are not empty and hold no quotation mark: {items!r}")


@dataclass(frozen=True)
class Named:
    """A value in a system of values: ``eventCode``, ``parameter``, ``geocode``."""

    value_name: str
    value: str


@dataclass(frozen=True)
class Reference:
    """An earlier message: its sender, identifier and time."""

    sender: str
    identifier: str
    sent: datetime

    def __post_init__(self) -> None:
        _check_identifier(self.sender)
        _check_identifier(self.identifier)
        _check_moment(self.sent)


Point = tuple[float, float]
"""Latitude and longitude, WGS 84, in this order (CAP 1.2 §1.5)."""


def _check_point(point: Point) -> None:
    if not (-90 <= point[0] <= 90 and -180 <= point[1] <= 180):
        raise ValueError(f"not a latitude and longitude: {point!r}")


@dataclass(frozen=True)
class Polygon:
    """A closed ring of at least four points, the last one the first again (CAP 1.2 §3.2.4)."""

    points: tuple[Point, ...]

    def __post_init__(self) -> None:
        if len(self.points) < 4 or self.points[0] != self.points[-1]:
            raise ValueError("a polygon has at least four points and ends where it began")
        for point in self.points:
            _check_point(point)


@dataclass(frozen=True)
class Circle:
    """A central point and a radius in kilometres."""

    centre: Point
    radius_km: float

    def __post_init__(self) -> None:
        _check_point(self.centre)
        if not 0 <= self.radius_km < float("inf"):
            raise ValueError(f"not a radius: {self.radius_km!r}")


@dataclass(frozen=True)
class Area:
    """Where: a description, shapes and codes, and heights in feet above mean sea level as the standard has it."""

    area_desc: str
    polygons: tuple[Polygon, ...] = ()
    circles: tuple[Circle, ...] = ()
    geocodes: tuple[Named, ...] = ()
    altitude_ft: float | None = None
    ceiling_ft: float | None = None

    def __post_init__(self) -> None:
        if self.ceiling_ft is not None and self.altitude_ft is None:
            raise ValueError("a ceiling needs an altitude")


@dataclass(frozen=True)
class Resource:
    """A file that goes with the message."""

    resource_desc: str
    mime_type: str
    size: int | None = None
    uri: str | None = None
    deref_uri: str | None = None
    digest: str | None = None


@dataclass(frozen=True)
class Info:
    """What is expected, in one language."""

    categories: tuple[Category, ...]
    event: str
    urgency: Urgency
    severity: Severity
    certainty: Certainty
    language: str | None = None
    response_types: tuple[ResponseType, ...] = ()
    audience: str | None = None
    event_codes: tuple[Named, ...] = ()
    effective: datetime | None = None
    onset: datetime | None = None
    expires: datetime | None = None
    sender_name: str | None = None
    headline: str | None = None
    description: str | None = None
    instruction: str | None = None
    web: str | None = None
    contact: str | None = None
    parameters: tuple[Named, ...] = ()
    resources: tuple[Resource, ...] = ()
    areas: tuple[Area, ...] = ()

    def __post_init__(self) -> None:
        if not self.categories:
            raise ValueError("an info block has at least one category")
        for moment in (self.effective, self.onset, self.expires):
            _check_moment(moment)


@dataclass(frozen=True)
class Alert:
    """One message."""

    identifier: str
    sender: str
    sent: datetime
    status: Status
    msg_type: MsgType
    scope: Scope
    source: str | None = None
    restriction: str | None = None
    addresses: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    note: str | None = None
    references: tuple[Reference, ...] = ()
    incidents: tuple[str, ...] = ()
    infos: tuple[Info, ...] = ()

    def __post_init__(self) -> None:
        _check_identifier(self.identifier)
        _check_identifier(self.sender)
        _check_moment(self.sent)
        _check_listed(self.addresses)
        _check_listed(self.incidents)
        if self.msg_type in {"Update", "Cancel", "Ack", "Error"} and not self.references:
            raise ValueError(f"a message of type {self.msg_type} names what it refers to")
        if (self.scope == "Restricted") != (self.restriction is not None):
            raise ValueError("a restriction stands with the scope Restricted, and only there")
