"""How this one is fought: incidents and their levels, reports within their limits, the duty log."""
