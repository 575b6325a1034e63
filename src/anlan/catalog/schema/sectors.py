"""Sector kits: what belongs to gas, water, lifts and the like, so that a sector is taken up as a whole."""

from typing import Annotated

from pydantic import AfterValidator, Field

from anlan.catalog.schema.base import AssetTypeId, Entry, Hazard, QuantityId, Some, Sourced, reference
from anlan.catalog.schema.rule_parts import RuleId
from anlan.catalog.schema.simulation import SensorKindId, SensorProfile

VitalSignId = Annotated[str, AfterValidator(lambda value, info: reference("vital_signs", value, info))]


class Sector(Entry, Sourced):
    """One field of a city's safety with all that the catalog says of it.

    ``reach_m`` is how far around itself an instrument of the sector tells of a hazard, for gaps on the map.
    ``profiles`` say how its instruments behave, for simulators.
    """

    hazards: tuple[Hazard, ...]
    quantities: Some[QuantityId]
    sensor_kinds: Some[SensorKindId]
    asset_types: Some[AssetTypeId]
    rules: Some[RuleId]
    vital_signs: tuple[VitalSignId, ...] = ()
    reach_m: float = Field(gt=0)
    profiles: Some[SensorProfile]
