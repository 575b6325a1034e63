"""The verbs of respond."""

from anlan.kernel.actions import Action

ACTIONS: dict[str, Action] = {}
