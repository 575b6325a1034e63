"""From the words of a foreign client to those of this house: quantities, units, places, ids, registered sensors."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from anlan.kernel.errors import Conflict, Invalid
from anlan.sense.sensorthings import given
from anlan.sense.sensorthings.columns import MEASUREMENT, definition, unit_definition
from anlan.sense.sensorthings.given import Json
from anlan.sense.sensorthings.view import View

Item = dict[str, Any]
Taken = Callable[[str], bool]

FIELDS = (
    *("id", "asset", "asset_type", "quantity", "unit", "area", "lon", "lat", "name_zh", "name_en", "synthetic", "kind"),
    *("cadence_s", "low", "high", "owner", "calibrated_on"),
)
"""What the verb ``sensor.register`` takes of a sensor."""

TOLD_OF_SENSORS = ("kind", "low", "high", "owner", "calibrated_on")
"""What the metadata of a Sensor may say."""

TOLD_OF_DATASTREAMS = ("name_zh", "name_en", "cadence_s", "synthetic", "sensor", "area", "quantity")
"""What the properties of a Datastream may say; ``sensor`` is the id that it shall have."""

TOLD_OF_THINGS = ("asset_type", "asset", "area", "synthetic")
"""What the properties of a Thing may say; ``asset`` is the id that it shall have."""


@dataclass(frozen=True)
class Spot:
    """Where an asset stands, and which one it is."""

    asset: str
    lon: float
    lat: float
    area: str
    asset_type: str | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


def quantity_of(view: View, told: Any, at: str) -> str:
    """Return the quantity that an ObservedProperty names: by id, by its URI, or by one of its names.

    Raises
    ------
    Invalid
        ``sensorthings.quantity`` if there is none, or more than one.
    """
    known = view.catalog.quantities
    id_ = given.linked(told)
    if id_ is not None:
        found = [id_] if id_ in known else []
    else:
        one = given.an_object(told, at)
        names = {str(one.get("name", "")).strip().lower(), str(one.get("definition", "")).strip().lower()} - {""}
        found = [quantity for quantity in known if names & _names(view, quantity)]
        exact = [quantity for quantity in found if str(one.get("name", "")).lower() in _names(view, quantity)]
        found = exact or found
    if len(found) != 1:
        params = {"found": ", ".join(found) or "-"}
        raise Invalid("sensorthings.quantity", at=at, value=given.shortened(told), params=params)
    return found[0]


def _names(view: View, quantity: str) -> set[str]:
    one = view.catalog.quantities[quantity]
    told = {quantity, one.zh, one.en, definition(view, quantity), one.standard_name or quantity}
    return {name.lower() for name in told} | {name.lower().rstrip("/") for name in told}


def unit_of(view: View, quantity: str, told: Any, at: str) -> str:
    """Return the quantity's unit, which a unitOfMeasurement must name by definition, symbol or name."""
    unit = view.catalog.units[view.catalog.quantities[quantity].unit]
    known = {unit.id, unit.ucum, unit.sign, unit.zh, unit.en, unit_definition(unit.ucum)} - {""}
    one = given.an_object(told, at)
    named = {str(one.get(name)) for name in ("symbol", "definition", "name") if one.get(name)}
    if named and not named & known:
        raise Invalid("sensorthings.unit", at=at, value=given.shortened(told), params={"unit": unit.ucum})
    if not named and unit.sign:
        raise Invalid("sensorthings.unit", at=at, value=given.shortened(told), params={"unit": unit.ucum})
    return unit.id


def area_of(view: View, lon: float, lat: float, at: str) -> str:
    """Return the town in which a place lies."""
    area = str(view.backend.city.locate([lon], [lat])[0])
    if not area:
        raise Invalid("sensorthings.outside", at=at, value=f"{lon:g}, {lat:g}")
    return area


def spot_of(view: View, told: Any, at: str) -> Spot:
    """Return where a Thing stands that is linked to or described."""
    id_ = given.linked(told)
    return _described(view, given.an_object(told, at), at) if id_ is None else known_spot(view, id_, at)


def known_spot(view: View, asset: str, at: str) -> Spot:
    """Return where an asset stands that is in sight, or that the city knows there."""
    place = view.sight.index.asset_place.get(asset, -1)
    number = int(view.sight.place_of[place]) if place >= 0 else -1
    registry = view.sight.index.registry
    if number >= 0:
        area, type_ = registry.area.at(number), registry.asset_type.at(number)
        return Spot(asset, float(registry.lon[number]), float(registry.lat[number]), area or "", type_)
    assets = view.backend.city.assets
    if place < 0 and asset in assets:
        one = assets.asset(asset)
        if view.scope.covers(one.area):
            return Spot(asset, one.lon, one.lat, one.area, one.type)
    raise Invalid("sensorthings.unknown_link", at=at, value=asset)


def _described(view: View, thing: Json, at: str) -> Spot:
    given.only(thing, ("name", "description", "properties", "Locations", "Datastreams"), at)
    told = given.an_object(thing.get("properties") or {}, f"{at}.properties")
    given.only(told, TOLD_OF_THINGS, f"{at}.properties")
    name = given.text(thing, "name", at)
    locations = given.objects(thing.get("Locations"), f"{at}.Locations")
    if len(locations) != 1:
        raise Invalid("sensorthings.one_location", at=f"{at}.Locations", value=len(locations))
    lon, lat, area = _place_of(view, locations[0], f"{at}.Locations.0")
    area = str(told.get("area") or area or area_of(view, lon, lat, f"{at}.Locations.0"))
    asset = _new_asset(view, told.get("asset"), name)
    facts = {"name": name, "synthetic": bool(told.get("synthetic", False))}
    type_ = told.get("asset_type")
    if type_ is None and asset not in view.backend.city.assets:
        type_ = str(view.catalog.setting("sensorthings.asset_type"))
    return Spot(asset, lon, lat, area, type_, facts)


def _place_of(view: View, location: Json, at: str) -> tuple[float, float, str]:
    id_ = given.linked(location)
    if id_ is not None:
        spot = known_spot(view, id_, at)
        return spot.lon, spot.lat, spot.area
    given.only(location, ("name", "description", "encodingType", "location", "properties"), at)
    return *given.point(location.get("location"), f"{at}.location"), ""


def _new_asset(view: View, wanted: Any, name: str) -> str:
    known = view.sight.index.asset_place.__contains__
    if wanted is not None:
        if known(str(wanted)):
            raise Conflict("sensorthings.exists", at="properties.asset", value=wanted)
        return str(wanted)
    return free(given.slug(name) or "thing", known, len(view.sight.index.registry))


def free(wanted: str, taken: Taken, count: int) -> str:
    """Return an id like one that is wanted, with a number behind it if it is not free."""
    if not taken(wanted):
        return wanted
    while taken(f"{wanted}-{count}"):
        count += 1
    return f"{wanted}-{count}"


def item_of(view: View, datastream: Json, spot: Spot, taken: Taken, at: str) -> Item:
    """Return the sensor that a Datastream describes, to be registered at an asset.

    Parameters
    ----------
    taken : callable
        Tells whether the id of a sensor is not free.

    Raises
    ------
    Invalid
        If it says what this house cannot keep, or does not say what it needs.
    Conflict
        ``sensorthings.exists``.
    """
    allowed = ("name", "description", "observationType", "unitOfMeasurement", "observedArea", "properties")
    computed = ("phenomenonTime", "resultTime", "Observations")
    given.only(datastream, (*allowed, *computed, "Thing", "Sensor", "ObservedProperty"), at)
    if datastream.get("observationType") not in {None, "", MEASUREMENT}:
        value = given.shortened(datastream["observationType"])
        raise Invalid("sensorthings.type", at=f"{at}.observationType", value=value, params={"known": MEASUREMENT})
    told = given.an_object(datastream.get("properties") or {}, f"{at}.properties")
    given.only(told, TOLD_OF_DATASTREAMS, f"{at}.properties")
    quantity = quantity_of(view, datastream.get("ObservedProperty"), f"{at}.ObservedProperty")
    name = given.text(datastream, "name", at)
    lon, lat, area = spot.lon, spot.lat, spot.area
    if (observed := datastream.get("observedArea")) and _is_point(observed):
        lon, lat = given.point(observed, f"{at}.observedArea")
        area = area_of(view, lon, lat, f"{at}.observedArea")
    return {
        "id": _new_sensor(view, told.get("sensor"), f"{given.slug(spot.asset) or 'thing'}/{quantity}", taken),
        "asset": spot.asset,
        "asset_type": spot.asset_type,
        "quantity": quantity,
        "unit": unit_of(view, quantity, datastream.get("unitOfMeasurement"), f"{at}.unitOfMeasurement"),
        "area": str(told.get("area") or area),
        "lon": lon,
        "lat": lat,
        "name_zh": str(told.get("name_zh") or name),
        "name_en": str(told.get("name_en") or name),
        "synthetic": bool(told.get("synthetic", spot.facts.get("synthetic", False))),
        "cadence_s": told.get("cadence_s"),
        **_instrument(datastream.get("Sensor"), f"{at}.Sensor"),
    }


def _is_point(observed: Any) -> bool:
    return isinstance(observed, dict) and observed.get("type") in {"Point", "Feature"}


def _new_sensor(view: View, wanted: Any, otherwise: str, taken: Taken) -> str:
    if wanted is None:
        return free(otherwise, taken, len(view.sight.index.registry))
    if taken(str(wanted)):
        raise Conflict("sensorthings.exists", at="properties.sensor", value=wanted)
    return str(wanted)


def _instrument(sensor: Any, at: str) -> dict[str, Any]:
    """Return what the description of an instrument says that is kept; it belongs to its one Datastream."""
    if given.linked(sensor) is not None:
        raise Invalid("sensorthings.own_sensor", at=at, value=given.linked(sensor))
    one = given.an_object(sensor, at)
    given.only(one, ("name", "description", "encodingType", "metadata", "properties"), at)
    given.text(one, "name", at)
    metadata = one.get("metadata")
    return {name: metadata[name] for name in TOLD_OF_SENSORS if name in metadata} if isinstance(metadata, dict) else {}
