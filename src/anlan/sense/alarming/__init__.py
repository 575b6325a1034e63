"""Alarms in their life after ISA-18.2: what rules do to them, what people do, which gathers which."""
