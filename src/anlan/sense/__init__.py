"""What is happening now: sensors, their observations, the rules that watch them, and alarms."""
