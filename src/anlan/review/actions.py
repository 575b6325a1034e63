"""The verbs of review."""

from anlan.kernel.actions import Action

ACTIONS: dict[str, Action] = {}
