"""The gate: one transaction, one journal entry, or nothing at all."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anlan.catalog.schema.access import Role
from anlan.kernel.access import Actor, Grant, Scope, jurisdiction
from anlan.kernel.actions import Action, Ahead, AreaCode, Args, Effect, Personal, Tx
from anlan.kernel.entropy import SeededEntropy
from anlan.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from anlan.kernel.reactions import ACTIONS as REACTIONS
from anlan.kernel.tables import journal, sealed, timers
from anlan.kernel.world import World

BOSS = Actor("boss", (Grant("root", "310000"),))
SONGJIANG = Actor("sj", (Grant("root", "310117"),))


class Note(Args):
    """Note something."""

    text: str
    area: AreaCode
    phone: Personal | None = None
    in_minutes: int | None = None
    fail: bool = False


def note(tx: Tx, args: Note) -> Effect:
    tx.require(args.area)
    if args.in_minutes:
        tx.at(
            f"note:{tx.seq}",
            tx.now + timedelta(minutes=args.in_minutes),
            "test.note",
            {"text": "later", "area": args.area},
        )
    if args.text == "nest":
        tx.act("test.note", {"text": "inner", "area": args.area})
    if args.fail:
        raise Conflict("test.refused")
    return Effect(tx.new_id("note"), args.area, {"text": args.text})


ACTIONS = {"test.note": Action("test.note", Note, note, uses=frozenset({"test.note"}))}


@pytest.fixture
def notes(world: World, tmp_path: Path) -> World:
    sample = next(iter(world.catalog.roles.values()))
    roles = {
        "root": sample.model_copy(update={"id": "root", "verbs": ("*",), "reads": ("*",)}),
        "automaton": sample.model_copy(update={"id": "automaton", "verbs": ("*",), "reads": ("*",)}),
        "blind": sample.model_copy(update={"id": "blind", "verbs": ("other.*",), "reads": ()}),
    }
    assert isinstance(roles["root"], Role)
    return World(
        folder=tmp_path,
        store=world.store,
        catalog=replace(world.catalog, roles=roles),
        city=world.city,
        clock=world.clock,
        signer=world.signer,
        entropy=SeededEntropy(1),
        actions=ACTIONS | REACTIONS,
    )


def entries(world: World) -> list[sa.RowMapping]:
    with world.store.read() as conn:
        return list(conn.execute(sa.select(journal).order_by(journal.c.seq)).mappings())


def test_an_act_leaves_one_entry_with_who_when_what_where(notes: World) -> None:
    done = notes.act(BOSS, "test.note", {"text": "water at the door", "area": "310117"}, why="called in")

    (row,) = entries(notes)
    assert (row["seq"], row["by"], row["verb"], row["area"], row["subject"]) == (
        1,
        "boss",
        "test.note",
        "310117",
        "note-1",
    )
    assert row["at"] == notes.clock.now()
    assert done.data == {"text": "water at the door"}


def test_an_act_that_fails_leaves_nothing(notes: World) -> None:
    with pytest.raises(Conflict):
        notes.act(BOSS, "test.note", {"text": "nest", "area": "310117", "fail": True})

    assert entries(notes) == []


def test_an_unknown_verb_is_told_with_near_names(notes: World) -> None:
    with pytest.raises(NotFound, match=r"test\.note"):
        notes.act(BOSS, "test.nte", {})


def test_every_faulty_argument_is_named_with_its_place(notes: World) -> None:
    with pytest.raises(Invalid) as caught:
        notes.act(BOSS, "test.note", {"text": 5, "area": "31", "colour": "red"})

    assert {p.at for p in caught.value.places} == {"args.text", "args.area", "args.colour"}


def test_an_area_outside_the_city_is_refused(notes: World) -> None:
    with pytest.raises(Invalid, match="999999"):
        notes.act(BOSS, "test.note", {"text": "x", "area": "999999"})

    assert entries(notes) == []


def test_a_district_cannot_touch_its_neighbour_or_its_city(notes: World) -> None:
    for area in ("310115", "310000", "310115001"):
        with pytest.raises((Forbidden, Invalid)):
            notes.act(SONGJIANG, "test.note", {"text": "x", "area": area})
    notes.act(SONGJIANG, "test.note", {"text": "x", "area": "310117"})

    assert [row["area"] for row in entries(notes)] == ["310117"]


def test_the_gate_refuses_an_effect_outside_the_scope_even_if_the_room_forgot(notes: World) -> None:
    def careless(tx: Tx, args: Note) -> Effect:
        return Effect("note-x", "310115")

    notes.gate.actions = {"test.note": Action("test.note", Note, careless)}
    with pytest.raises(Forbidden):
        notes.act(SONGJIANG, "test.note", {"text": "x", "area": "310117"})

    assert entries(notes) == []


def test_long_work_is_prepared_before_the_transaction_and_scope_holds_there_too(notes: World) -> None:
    def ahead(before: Ahead, args: Note) -> int:
        before.require(args.area)
        inner = notes.gate.actions["test.note"]
        if args.text == "meanwhile":  # nobody is kept from writing while a verb prepares
            notes.gate.actions = notes.gate.actions | {"test.note": ACTIONS["test.note"]}
            notes.act(BOSS, "test.note", {"text": "another", "area": "310117"})
            notes.gate.actions = notes.gate.actions | {"test.note": inner}
        return len(args.text)

    def counted(tx: Tx, args: Note) -> Effect:
        return Effect(tx.new_id("note"), args.area, {"length": tx.prepared})

    notes.gate.actions = {"test.note": Action("test.note", Note, counted, prepare=ahead)}
    done = notes.act(BOSS, "test.note", {"text": "meanwhile", "area": "310117"}, key="k")
    assert (done.data["length"], done.seq) == (9, 2)
    assert notes.act(BOSS, "test.note", {"text": "meanwhile", "area": "310117"}, key="k").repeated
    with pytest.raises(Forbidden):
        notes.act(SONGJIANG, "test.note", {"text": "x", "area": "310115"})
    assert [row["seq"] for row in entries(notes)] == [1, 2]


def test_an_act_within_an_act_is_prepared_inside_it(notes: World) -> None:
    def outer(tx: Tx, args: Note) -> Effect:
        return Effect("note-x", args.area, tx.act("test.inner", {"text": "abc", "area": args.area}).data)

    def inner(tx: Tx, args: Note) -> Effect:
        return Effect("note-y", args.area, {"length": tx.prepared})

    notes.gate.actions = {
        "test.outer": Action("test.outer", Note, outer, uses=frozenset({"test.inner"})),
        "test.inner": Action("test.inner", Note, inner, prepare=lambda before, args: len(args.text)),
    }
    assert notes.act(BOSS, "test.outer", {"text": "x", "area": "310117"}).data == {"length": 3}


def test_a_role_without_the_verb_is_refused(notes: World) -> None:
    with pytest.raises(Forbidden):
        notes.act(Actor("b", (Grant("blind", "310000"),)), "test.note", {"text": "x", "area": "310117"})


def test_the_same_key_gives_the_first_outcome_again(notes: World) -> None:
    args = {"text": "x", "area": "310117"}
    first = notes.act(BOSS, "test.note", args, key="k1")
    again = notes.act(BOSS, "test.note", args, key="k1")

    assert again.repeated
    assert (again.seq, again.subject, again.at) == (first.seq, first.subject, first.at)
    assert len(entries(notes)) == 1
    with pytest.raises(Conflict):
        notes.act(BOSS, "test.note", args | {"text": "other"}, key="k1")


def test_a_dry_run_tells_the_outcome_and_changes_nothing(notes: World) -> None:
    done = notes.act(BOSS, "test.note", {"text": "nest", "area": "310117"}, dry_run=True)

    assert done.dry_run
    assert done.seq == 1
    assert entries(notes) == []


def test_an_act_inside_an_act_has_its_own_entry_that_names_the_outer_one(notes: World) -> None:
    notes.act(BOSS, "test.note", {"text": "nest", "area": "310117"})

    outer, inner = entries(notes)
    assert inner["because"] == outer["seq"]


def test_personal_data_stays_out_of_the_leaf_and_can_be_destroyed(notes: World) -> None:
    notes.act(BOSS, "test.note", {"text": "x", "area": "310117", "phone": "139 0000 1234"})

    (row,) = entries(notes)
    assert "139" not in row["entry"]
    with notes.store.write() as conn:
        assert conn.execute(sa.select(sealed.c.value)).scalar_one() == "139 0000 1234"
        conn.execute(sa.delete(sealed))
    assert notes.verify_journal().holds


def test_the_clock_runs_what_was_set_for_a_moment(notes: World) -> None:
    notes.act(BOSS, "test.note", {"text": "x", "area": "310117", "in_minutes": 30})
    notes.advance(notes.clock.now() + timedelta(hours=1))

    first, later = entries(notes)
    assert later["by"] == "system:clock"
    assert later["at"] - first["at"] == timedelta(minutes=30)
    with notes.store.read() as conn:
        assert conn.execute(sa.select(timers)).all() == []


@given(st.lists(st.sampled_from(["310000", "310117", "310117001", "310117001001", "310115", "310115001"]), max_size=3))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_scope_in_sql_equals_scope_in_python(areas: list[str]) -> None:
    scope = Scope(tuple(jurisdiction(a) for a in areas))
    codes = ["310000", "310117", "310115", "310117001", "310117002", "310115001", "310117001001", "310118"]
    engine = sa.create_engine("sqlite://")
    with engine.connect() as conn:
        for code in codes:
            assert bool(conn.scalar(sa.select(scope.where(sa.literal(code))))) == scope.covers(code)
    engine.dispose()
