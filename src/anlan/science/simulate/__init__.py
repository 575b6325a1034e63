"""What instruments would tell: normal behaviour, events in the world, and faults of the instruments themselves.

A profile is a sum of parts (a daily rhythm, rain and what runs off, traffic, a tank that fills …) with noise, and the
events and faults that can befall it. All of it is synthetic, drawn from a generator that is handed in, so that a seed
gives the same series again, and every event and fault is labelled.
"""

from anlan.science.simulate.profile import (
    Cycle,
    Decline,
    Event,
    Fault,
    Fill,
    Level,
    Part,
    Profile,
    Pulses,
    Rain,
    Switch,
    Wander,
)
from anlan.science.simulate.run import Label, Occurrence, Simulation, simulate

__all__ = [
    "Cycle",
    "Decline",
    "Event",
    "Fault",
    "Fill",
    "Label",
    "Level",
    "Occurrence",
    "Part",
    "Profile",
    "Pulses",
    "Rain",
    "Simulation",
    "Switch",
    "Wander",
    "simulate",
]
