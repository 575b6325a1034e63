"""The verbs of sense."""

from anlan.kernel.actions import Action
from anlan.sense import alarms, ingest, sensors

ACTIONS: dict[str, Action] = {
    "sensor.register": Action("sensor.register", sensors.RegisterSensors, sensors.register),
    **ingest.ACTIONS,
    **alarms.ACTIONS,
}
