"""A typhoon night to watch or to act in: nature, instruments, forecasters and people, all by the same verbs."""
