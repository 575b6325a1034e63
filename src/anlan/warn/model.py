"""Tables and types of warn."""
