"""The command line."""

from anlan.cli.main import main

__all__ = ["main"]
