"""Tables and types of sense."""
