"""Anlan: the open safety brain of a city."""
