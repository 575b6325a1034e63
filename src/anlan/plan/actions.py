"""The verbs of plan."""

from anlan.kernel.actions import Action

ACTIONS: dict[str, Action] = {}
