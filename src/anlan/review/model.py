"""Tables and types of review."""
