"""Measurements of the parts of sense; `cases()` of each module is collected by `anlan bench sense`."""
