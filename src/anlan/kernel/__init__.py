"""Who may do what, and what happened: world, clock, store, journal, gate, reactions, access, jobs."""
