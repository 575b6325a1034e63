"""The verbs of sense."""

from anlan.kernel.actions import Action

ACTIONS: dict[str, Action] = {}
