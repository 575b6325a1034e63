"""What of the standard this service offers, as it says itself on its landing page (18-088 clause 9.2.1)."""

from typing import Any

from anlan.catalog.catalog import Catalog
from anlan.sense.sensorthings.entities import Set

ROOT = "http://www.opengis.net/spec/iot_sensing/1.1/req/"
CREATE_BY_MQTT = "create-observations-via-mqtt/observations-creation"
RECEIVE_BY_MQTT = "receive-updates-via-mqtt/receive-updates"

_ENTITIES = (
    *("thing", "location", "historical-location", "datastream", "sensor", "observed-property", "observation"),
    "feature-of-interest",
)

OFFERED = (
    "datamodel",
    *(f"datamodel/{entity}/{part}" for entity in _ENTITIES for part in ("properties", "relations")),
    "datamodel/entity-control-information/common-control-information",
    "resource-path/resource-path-to-entities",
    "request-data",
    *(
        f"request-data/{part}"
        for part in (
            *("status-code", "query-status-code", "order", "expand", "select", "orderby", "top", "skip", "count"),
            *("filter", "built-in-filter-operations", "built-in-query-functions", "pagination"),
        )
    ),
    "create-update-delete/deep-insert-status-code",
    "create-update-delete/update-entity-put",
    "create-update-delete/update-entity-jsonpatch",
    "batch-request/batch-request",
    "data-array/data-array",
)
"""Requirements that are met, by the end of their URIs; creating by MQTT besides, where a broker is named."""

PARTLY = (
    "create-update-delete",
    "create-update-delete/create-entity",
    "create-update-delete/link-to-existing-entities",
    "create-update-delete/deep-insert",
    "create-update-delete/update-entity",
    "create-update-delete/delete-entity",
    RECEIVE_BY_MQTT,
)
"""Requirements that are met as far as this house knows the things; what it cannot keep is refused, with the reason."""

NOT_OFFERED = (
    "create-update-delete/historical-location-auto-creation",
    "create-update-delete/historical-location-manual-creation",
    "multi-datastream",
    "multi-datastream/properties",
    "multi-datastream/relations",
    "multi-datastream/constraints",
)
"""Requirements that are not met."""


def landing_page(base: str, catalog: Catalog) -> dict[str, Any]:
    """Return the service's root resource: its entity sets and what it conforms to."""
    broker = str(catalog.setting("sensorthings.mqtt"))
    offered = [*OFFERED, *((CREATE_BY_MQTT,) if broker else ())]
    settings: dict[str, Any] = {"conformance": [ROOT + name for name in offered]}
    if broker:
        settings |= {ROOT + name: {"endpoints": [broker]} for name in (CREATE_BY_MQTT, RECEIVE_BY_MQTT)}
    sets = [{"name": entity_set.value, "url": f"{base}/{entity_set}"} for entity_set in Set]
    return {"value": sets, "serverSettings": settings}
