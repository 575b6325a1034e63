"""From bytes to observations: one module for each form of message, and a table of them in :mod:`.forms`."""
