"""Who promised what, by when: the closed loop from finding to closing, with deadlines and escalation."""
