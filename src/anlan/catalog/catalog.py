"""The catalog: all policy of one city, read once, frozen."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from importlib import resources
from pathlib import Path
from types import MappingProxyType
from typing import Any

from anlan.catalog.checking import check_drafts, unit_faults
from anlan.catalog.faults import CatalogError, Fault
from anlan.catalog.layers import Drafts, gather
from anlan.catalog.schema.access import Role
from anlan.catalog.schema.assets import AssetType
from anlan.catalog.schema.base import Entry
from anlan.catalog.schema.chemicals import Chemical, ChemicalClass
from anlan.catalog.schema.data_catalogue import DataResource
from anlan.catalog.schema.detectors import Detector
from anlan.catalog.schema.events import EventLevelName, EventScale, EventType
from anlan.catalog.schema.grading import Grading, Vulnerability
from anlan.catalog.schema.indicators import Indicator, ResiliencePart
from anlan.catalog.schema.mappings import PayloadMapping
from anlan.catalog.schema.plans import Plan
from anlan.catalog.schema.quantities import Quantity, Unit
from anlan.catalog.schema.reactions import Reaction
from anlan.catalog.schema.reports import ReportElement, ReportKind, ReportRule
from anlan.catalog.schema.responses import Measure, ResponseLevel
from anlan.catalog.schema.sectors import Sector
from anlan.catalog.schema.sensors import SensorKind, SensorRule
from anlan.catalog.schema.settings import Setting, SettingValue
from anlan.catalog.schema.signals import GaugeStation, WarningSignal
from anlan.catalog.schema.supplies import ShelterClass, StockRange, SupplyItem, SupplyNorm
from anlan.catalog.schema.tables import Checklist, CodeList, Table
from anlan.catalog.schema.tasks import TaskPolicy
from anlan.catalog.schema.templates import WarningTemplate
from anlan.catalog.schema.vital_signs import VitalSign
from anlan.catalog.texts import near

_CHAINS = {
    "cn": ("cn",),
    "shanghai": ("cn", "shanghai"),
    "songjiang": ("cn", "shanghai", "songjiang"),
    "demo": ("cn", "shanghai", "songjiang", "demo"),
}


def _none() -> Mapping[str, Any]:
    return MappingProxyType({})


@dataclass(frozen=True)
class Catalog:
    """All policy, one mapping from identifier to entry per subject, in the order of the files."""

    roles: Mapping[str, Role] = field(default_factory=_none)
    reactions: Mapping[str, Reaction] = field(default_factory=_none)
    settings: Mapping[str, Setting] = field(default_factory=_none)
    event_types: Mapping[str, EventType] = field(default_factory=_none)
    event_levels: Mapping[str, EventLevelName] = field(default_factory=_none)
    event_scales: Mapping[str, EventScale] = field(default_factory=_none)
    warning_signals: Mapping[str, WarningSignal] = field(default_factory=_none)
    gauge_stations: Mapping[str, GaugeStation] = field(default_factory=_none)
    warning_templates: Mapping[str, WarningTemplate] = field(default_factory=_none)
    response_levels: Mapping[str, ResponseLevel] = field(default_factory=_none)
    measures: Mapping[str, Measure] = field(default_factory=_none)
    report_rules: Mapping[str, ReportRule] = field(default_factory=_none)
    report_elements: Mapping[str, ReportElement] = field(default_factory=_none)
    report_kinds: Mapping[str, ReportKind] = field(default_factory=_none)
    units: Mapping[str, Unit] = field(default_factory=_none)
    quantities: Mapping[str, Quantity] = field(default_factory=_none)
    asset_types: Mapping[str, AssetType] = field(default_factory=_none)
    sensor_kinds: Mapping[str, SensorKind] = field(default_factory=_none)
    sensor_rules: Mapping[str, SensorRule] = field(default_factory=_none)
    detectors: Mapping[str, Detector] = field(default_factory=_none)
    payload_mappings: Mapping[str, PayloadMapping] = field(default_factory=_none)
    sectors: Mapping[str, Sector] = field(default_factory=_none)
    vital_signs: Mapping[str, VitalSign] = field(default_factory=_none)
    data_resources: Mapping[str, DataResource] = field(default_factory=_none)
    plans: Mapping[str, Plan] = field(default_factory=_none)
    task_policies: Mapping[str, TaskPolicy] = field(default_factory=_none)
    grades: Mapping[str, Grading] = field(default_factory=_none)
    vulnerabilities: Mapping[str, Vulnerability] = field(default_factory=_none)
    supply_items: Mapping[str, SupplyItem] = field(default_factory=_none)
    supply_norms: Mapping[str, SupplyNorm] = field(default_factory=_none)
    stock_ranges: Mapping[str, StockRange] = field(default_factory=_none)
    shelter_classes: Mapping[str, ShelterClass] = field(default_factory=_none)
    chemicals: Mapping[str, Chemical] = field(default_factory=_none)
    chemical_classes: Mapping[str, ChemicalClass] = field(default_factory=_none)
    indicators: Mapping[str, Indicator] = field(default_factory=_none)
    resilience: Mapping[str, ResiliencePart] = field(default_factory=_none)
    tables: Mapping[str, Table] = field(default_factory=_none)
    checklists: Mapping[str, Checklist] = field(default_factory=_none)
    code_lists: Mapping[str, CodeList] = field(default_factory=_none)
    fingerprint: str = ""

    def setting(self, name: str) -> SettingValue:
        """Return one value of policy.

        Raises
        ------
        KeyError
            If there is no such setting; names near ones.
        """
        if name not in self.settings:
            raise KeyError(f"no setting {name!r}; near: {', '.join(near(name, self.settings)) or 'none'}")
        return self.settings[name].value


def builtin_layers(name: str = "songjiang") -> tuple[Path, ...]:
    """Return the folders of the content that ships with the package, from the nation down to ``name``.

    Raises
    ------
    KeyError
        If no such content ships.
    """
    if name not in _CHAINS:
        raise KeyError(f"no content {name!r}; there is: {', '.join(_CHAINS)}")
    root = Path(str(resources.files("anlan.catalog"))) / "content"
    return tuple(root / layer for layer in _CHAINS[name])


def load_catalog(*layers: Path) -> Catalog:
    """Read layers of content, the first lowest, into one catalog.

    Raises
    ------
    CatalogError
        With every fault of every file, if there is any.
    """
    drafts, entries, faults = _read(layers)
    if faults:
        raise CatalogError(faults)
    mappings: dict[str, Any] = {subject: MappingProxyType(named) for subject, named in entries.items()}
    return Catalog(**mappings, fingerprint=_fingerprint(drafts))


def check(paths: Iterable[Path], base: tuple[Path, ...] = ()) -> list[Fault]:
    """Return every fault of content files or folders, laid over ``base`` in the order given.

    Codes of units are checked here and not by every reading, because that takes a second.
    """
    drafts, _, faults = _read((*base, *paths))
    return sorted([*faults, *unit_faults(drafts)])


def _read(layers: tuple[Path, ...]) -> tuple[Drafts, dict[str, dict[str, Entry]], list[Fault]]:
    drafts, faults = gather(layers)
    entries, found = check_drafts(drafts)
    return drafts, entries, [*faults, *found]


def _fingerprint(drafts: Drafts) -> str:
    """Return the SHA-256 of the merged content: by which policy a journal's acts were done."""
    plain = {subject: {name: draft.value() for name, draft in named.items()} for subject, named in drafts.items()}
    text = json.dumps(plain, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def subjects() -> tuple[str, ...]:
    """Return the names of the catalog's subjects."""
    return tuple(f.name for f in fields(Catalog) if f.name != "fingerprint")
