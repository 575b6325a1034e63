"""The subjects of the catalog: what may stand at the top of a content file, and the shape of its entries."""

from collections.abc import Mapping
from types import MappingProxyType

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
from anlan.catalog.schema.settings import Setting
from anlan.catalog.schema.signals import GaugeStation, WarningSignal
from anlan.catalog.schema.supplies import ShelterClass, StockRange, SupplyItem, SupplyNorm
from anlan.catalog.schema.tables import Checklist, CodeList, Table
from anlan.catalog.schema.tasks import TaskPolicy
from anlan.catalog.schema.templates import WarningTemplate
from anlan.catalog.schema.vital_signs import VitalSign

SUBJECTS: Mapping[str, type[Entry]] = MappingProxyType(
    {
        "roles": Role,
        "reactions": Reaction,
        "settings": Setting,
        "event_types": EventType,
        "event_levels": EventLevelName,
        "event_scales": EventScale,
        "warning_signals": WarningSignal,
        "gauge_stations": GaugeStation,
        "warning_templates": WarningTemplate,
        "response_levels": ResponseLevel,
        "measures": Measure,
        "report_rules": ReportRule,
        "report_elements": ReportElement,
        "report_kinds": ReportKind,
        "units": Unit,
        "quantities": Quantity,
        "asset_types": AssetType,
        "sensor_kinds": SensorKind,
        "sensor_rules": SensorRule,
        "detectors": Detector,
        "payload_mappings": PayloadMapping,
        "sectors": Sector,
        "vital_signs": VitalSign,
        "data_resources": DataResource,
        "plans": Plan,
        "task_policies": TaskPolicy,
        "grades": Grading,
        "vulnerabilities": Vulnerability,
        "supply_items": SupplyItem,
        "supply_norms": SupplyNorm,
        "stock_ranges": StockRange,
        "shelter_classes": ShelterClass,
        "chemicals": Chemical,
        "chemical_classes": ChemicalClass,
        "indicators": Indicator,
        "resilience": ResiliencePart,
        "tables": Table,
        "checklists": Checklist,
        "code_lists": CodeList,
    }
)
