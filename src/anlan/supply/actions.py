"""The verbs of supply."""

from anlan.kernel.actions import Action

ACTIONS: dict[str, Action] = {}
