"""Observations on their way from a door to an alarm: batches, the log, the plan of rules, the station that folds it."""
