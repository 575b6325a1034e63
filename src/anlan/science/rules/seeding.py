"""Telling the engine what is known from elsewhere: that a slot or a group stands at a level."""

from anlan.science.rules.compounds import T_GROUP, T_LEVEL
from anlan.science.rules.layout import NEVER, SILENCE_SHIFT
from anlan.science.rules.memory import IN, OUT, S_DUE, S_LINGERING, S_WIDTH
from anlan.science.rules.plan import Plan
from anlan.science.rules.state import EngineState


def seed_slot(plan: Plan, state: EngineState, place: int, level: int) -> None:
    """Set the levels of one slot, up to and with one, in place; ``place`` is in the plan's own order.

    The slot counts in its groups from then on; they are looked at when the next tick comes.
    """
    state.words[plan.head_word(place)] |= (1 << level) - 1
    state.due[int(plan.slot_sensor[place]) >> SILENCE_SHIFT] = NEVER
    compounds, groups = plan.compounds, state.groups.reshape(-1, S_WIDTH)
    of = compounds.of[compounds.of_at[place] : compounds.of_at[place + 1]]
    counts = compounds.terms[compounds.member_term[of], T_LEVEL] <= level
    for member in of[counts].tolist():
        term = compounds.member_term[member]
        group = compounds.terms[term, T_GROUP]
        state.counts[term] += state.left[member] == OUT
        groups[group, S_LINGERING] -= state.left[member] not in {OUT, IN}
        groups[group, S_DUE] = 1
        state.left[member] = IN


def seed_group(state: EngineState, group: int, level: int) -> None:
    """Set the levels of one group, up to and with one. Changes the state in place."""
    state.groups[group * S_WIDTH] |= (1 << level) - 1
    state.groups[group * S_WIDTH + S_DUE] = 1
