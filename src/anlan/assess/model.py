"""Tables and types of assess."""
