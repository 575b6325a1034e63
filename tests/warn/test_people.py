"""Nobody issues alone: random walks of a whole office over warnings of two levels."""

from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from anlan.kernel.access import Actor
from anlan.kernel.errors import AnlanError
from anlan.warn import queries

GRADES = ("red", "orange", "yellow", "blue")
WORDS = {"headline": "h", "description": "d", "instruction": "i"}
STATES_AFTER = {
    "submit": "in_review",
    "approve": "approved",
    "return": "draft",
    "issue": "issued",
    "cancel": "cancelled",
}
NEXT = {"draft": "submit", "in_review": "approve", "approved": "issue", "issued": "issue", "cancelled": "issue"}
REASONED = {"return", "cancel"}
LEVELS = {"310117": ["310117001"], "310000": ["310117", "310115"]}


PEOPLE = ("wang", "li", "zhao", "chen", "city_duty", "city_leader", "machine")
REACH = {"310117": "310117", "310115": "310115", "310000": ""}


class Night(RuleBasedStateMachine):
    """Acts at random, and after each act compares with what somebody with pencil and paper would have noted."""

    office: Any

    def __init__(self) -> None:
        super().__init__()
        self.hands: dict[str, set[str]] = {}  # who wrote or submitted
        self.approved: dict[str, str | None] = {}
        self.state: dict[str, str] = {}
        self.home: dict[str, str] = {}

    def _try(self, actor: Actor, verb: str, args: dict[str, Any]) -> Any:
        try:
            return self.office.world.act(actor, verb, args)
        except AnlanError:
            return None

    @initialize(who=st.sampled_from(PEOPLE), grade=st.sampled_from(GRADES))
    def begin(self, who: str, grade: str) -> None:
        self.draft(who, grade, "310117")

    @precondition(lambda self: len(self.state) < 2)
    @rule(who=st.sampled_from(PEOPLE), grade=st.sampled_from(GRADES), level=st.sampled_from(sorted(LEVELS)))
    def draft(self, who: str, grade: str, level: str) -> None:
        actor = getattr(self.office, who)
        done = self._try(
            actor,
            "warning.draft",
            {
                "event_type": "11A02",
                "grade": grade,
                "areas": LEVELS[level],
                "zh": WORDS,
            },
        )
        if done is None or done.data.get("reused"):
            return
        assert self.office.world.city.contains(done.area)
        assert done.area == level
        self.hands.setdefault(done.subject, set()).add(actor.id)
        self.state[done.subject], self.home[done.subject] = "draft", done.area
        self.approved.setdefault(done.subject, None)

    @precondition(lambda self: self.state)
    @rule(who=st.sampled_from(PEOPLE), pick=st.integers(0, 1), grade=st.sampled_from(GRADES))
    def edit(self, who: str, pick: int, grade: str) -> None:
        actor = getattr(self.office, who)
        warning = sorted(self.state)[pick % len(self.state)]
        if self._try(actor, "warning.edit", {"warning": warning, "grade": grade}) is not None:
            assert self.state[warning] == "draft"
            self.hands[warning].add(actor.id)

    @precondition(lambda self: self.state)
    @rule(who=st.sampled_from(PEOPLE), pick=st.integers(0, 1))
    def onward(self, who: str, pick: int) -> None:
        warning = sorted(self.state)[pick % len(self.state)]
        self._step(who, warning, NEXT[self.state[warning]])

    @precondition(lambda self: self.state)
    @rule(who=st.sampled_from(PEOPLE), pick=st.integers(0, 1), step=st.sampled_from(sorted(STATES_AFTER)))
    def anything(self, who: str, pick: int, step: str) -> None:
        self._step(who, sorted(self.state)[pick % len(self.state)], step)

    def _step(self, who: str, warning: str, step: str) -> None:
        actor = getattr(self.office, who)
        args = {"warning": warning} | ({"reason": "r"} if step in REASONED else {})
        done = self._try(actor, f"warning.{step}", args)
        if done is None:
            return
        self._reaches(actor, warning)
        self.state[warning] = STATES_AFTER[step]
        if step == "submit":
            assert actor is not self.office.machine
            self.hands[warning].add(actor.id)
        elif step == "approve":
            self._approves(actor, warning, done)
        elif step == "return":
            self.approved[warning] = None
        elif step == "issue":
            self._issues(warning, done)

    def _reaches(self, actor: Actor, warning: str) -> None:
        assert self.home[warning].startswith(REACH[actor.grants[0].area]), (actor.id, warning)

    def _approves(self, actor: Actor, warning: str, done: Any) -> None:
        assert actor.id not in self.hands[warning]
        allowed = {"commander", self.office.world.catalog.warning_templates["waterlogging"].approver}
        assert actor.grants[0].role in allowed
        self.approved[warning] = actor.id

    def _issues(self, warning: str, done: Any) -> None:
        approver = self.approved[warning]
        assert approver is not None
        assert approver not in self.hands[warning]
        people = (self.hands[warning] | {approver}) - {self.office.machine.id}
        assert len(people) >= 2, "a warning went out with fewer than two people"
        assert (done.data["status"], done.data["approver"]) == ("Exercise", approver)


def walk(office: Any, examples: int) -> None:
    machine = type("NightHere", (Night,), {"office": office})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=35,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            derandomize=True,
        ),
    )


def test_however_they_try_two_people_stand_behind_every_issued_warning(office: Any) -> None:
    walk(office, examples=20)

    # The net is tested too: walks that never reach an issue would prove nothing.
    with office.world.read(office.city_leader, "warning") as reader:
        assert len(queries.messages(reader)) >= 5
