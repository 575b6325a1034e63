"""The verbs of sense."""

from anlan.kernel.actions import Action
from anlan.sense import ingest, rules, sensors, sources
from anlan.sense.alarming import conditions, handling
from anlan.sense.stream import follow

ACTIONS: dict[str, Action] = {
    **sensors.ACTIONS,
    **sources.ACTIONS,
    **rules.ACTIONS,
    **ingest.ACTIONS,
    **follow.ACTIONS,
    **conditions.ACTIONS,
    **handling.ACTIONS,
}
