"""The verbs of respond."""

from anlan.respond import duty, incidents, reports

ACTIONS = incidents.ACTIONS | reports.ACTIONS | duty.ACTIONS
