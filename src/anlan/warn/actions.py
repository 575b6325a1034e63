"""The verbs of warn."""

from anlan.kernel.actions import Action

ACTIONS: dict[str, Action] = {}
