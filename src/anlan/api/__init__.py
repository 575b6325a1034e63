"""The HTTP face: verbs, sessions, journal, live stream, and the routes of every room."""
