"""The verbs of assess."""

from anlan.assess import advice, run
from anlan.kernel.actions import Action

ACTIONS: dict[str, Action] = {**advice.ACTIONS, **run.ACTIONS}
