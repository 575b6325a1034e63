"""Hypothesis without deadlines: a test that times out on a busy machine says nothing about a formula."""

from hypothesis import settings

settings.register_profile("science", deadline=None)
settings.load_profile("science")
