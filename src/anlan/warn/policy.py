"""What the catalog says of a warning: whose signal it is, who approves it, how long it holds, how it reads."""

from datetime import timedelta

from anlan.catalog.catalog import Catalog
from anlan.catalog.schema.base import Grade
from anlan.catalog.schema.events import EventType
from anlan.catalog.schema.signals import WarningSignal
from anlan.catalog.schema.templates import WarningTemplate
from anlan.catalog.texts import near
from anlan.kernel.errors import Invalid


def event_type(catalog: Catalog, code: str) -> EventType:
    """Return the type of event that a warning is about.

    Raises
    ------
    Invalid
        ``warning.event_type`` if the catalog has none such.
    """
    found = catalog.event_types.get(code)
    if found is None:
        raise Invalid(
            "warning.event_type",
            at="args.event_type",
            value=code,
            params={"near": ", ".join(near(code, catalog.event_types))},
        )
    return found


def official_signal(catalog: Catalog, code: str) -> WarningSignal | None:
    """Return the official signal that a type of event is warned of with, or None if the warning is ours to issue.

    The meteorological station issues weather signals (Meteorological Disaster Prevention Regulations art. 30): all
    types of a group in which the catalog knows a signal of the station are taken as such, listed or not.
    """
    signals = [s for s in catalog.warning_signals.values() if s.event_type is not None]
    weather = [s for s in signals if s.issuer == "meteorological_station"]
    same_group = [s for s in weather if _group(catalog, s.event_type) == _group(catalog, code)]
    exact = [s for s in signals if s.event_type == code]
    return (exact or same_group)[0] if same_group else None


def _group(catalog: Catalog, code: str | None) -> str | None:
    found = catalog.event_types.get(code or "")
    return None if found is None else found.parent if found.tier == "type" else found.id


def template(catalog: Catalog, code: str, grade: Grade) -> WarningTemplate | None:
    """Return the template for a type and grade: of the type itself, else of its group, else of its class."""
    at: str | None = code
    while at is not None:
        for found in catalog.warning_templates.values():
            if found.event_type == at and grade in found.texts:
                return found
        at = catalog.event_types[at].parent
    return None


def approvers(catalog: Catalog, code: str, grade: Grade) -> frozenset[str]:
    """Return the roles one of which must approve: the template's, and the one that may approve any warning."""
    found = template(catalog, code, grade)
    return frozenset({str(catalog.setting("warning.approver"))} | ({found.approver} if found else set()))


def validity(catalog: Catalog, code: str, grade: Grade) -> timedelta | None:
    """Return how long a warning holds unless its author says otherwise."""
    found = template(catalog, code, grade)
    return timedelta(hours=found.valid_h[grade]) if found and grade in found.valid_h else None


def type_of_hazard(catalog: Catalog, hazard: str) -> str | None:
    """Return the type of event that the catalog keys by a hazard's name."""
    return next((t.id for t in catalog.event_types.values() if t.key == hazard and "warning" in t.uses), None)


def category(catalog: Catalog, code: str) -> str:
    """Return the CAP category of a type of event: that of the longest head of its code in the list."""
    listed = catalog.code_lists["cap_categories"].codes
    return next((listed[code[:n]] for n in range(len(code), 0, -1) if code[:n] in listed), "Other")
