"""What was agreed to do: when a plan is called for, its activation at a level, and its actions as tasks on desks."""
