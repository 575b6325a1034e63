"""Detectors in the form in which alarms know rules."""

from anlan.catalog.schema.detectors import Detector
from anlan.catalog.schema.sensors import SensorRule


def rule_of(detector: Detector) -> SensorRule:
    """Return a detector in the form in which alarms know rules: its grades are values of its score, without a unit."""
    told = detector.model_dump(by_alias=True, include={"id", "zh", "en", "note", "layer", "about", "asset_types"})
    provenance = {"source": detector.source, "confidence": detector.confidence, "from": detector.from_}
    compared = {"quantity": detector.quantities[0], "op": ">=", "unit": "1", "clear": detector.clear}
    held = {"clear_hold_s": detector.clear_hold_s, "max_gap_s": detector.max_gap_s, "hold_s": 0.0}
    graded = {"grades": dict(detector.grades), "suppressed_by": detector.suppressed_by}
    return SensorRule.model_validate({**told, **provenance, **compared, **held, **graded})
