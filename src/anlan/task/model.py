"""Tables and types of task."""
