"""Tables and types of supply."""
