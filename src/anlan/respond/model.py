"""Tables and types of respond."""
