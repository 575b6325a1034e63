"""The verbs of assess."""

from anlan.kernel.actions import Action

ACTIONS: dict[str, Action] = {}
