"""What happened, how fast, and what was late or missing: readings of the journal."""
