"""The verbs of task."""

from anlan.kernel.actions import Action

ACTIONS: dict[str, Action] = {}
