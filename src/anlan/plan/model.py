"""Tables and types of plan."""
