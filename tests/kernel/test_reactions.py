"""Reactions: after commit, at least once, each once in effect; failures end at a person, loops end."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from anlan.catalog.schema.reactions import Reaction
from anlan.kernel import reactions
from anlan.kernel.access import Actor, Grant
from anlan.kernel.actions import Action, AreaCode, Args, Effect, Tx
from anlan.kernel.entropy import SeededEntropy
from anlan.kernel.errors import Conflict
from anlan.kernel.tables import journal, reaction_cursor, reaction_retries
from anlan.kernel.world import World

BOSS = Actor("boss", (Grant("root", "310000"),))


class Say(Args):
    """Say something."""

    text: str
    area: AreaCode = "310117"


def say(tx: Tx, args: Say) -> Effect:
    if args.text == "refused":
        raise Conflict("test.refused")
    if args.text == "broken":
        raise ZeroDivisionError("a fault of the program")
    return Effect(tx.new_id("word"), args.area, {"text": args.text, "list": ["a", "b"]})


ACTIONS = {verb: Action(verb, Say, say) for verb in ("word.say", "word.echo", "word.alarm")} | reactions.ACTIONS


def rule(name: str, on: str, do: str, with_: dict[str, str], **more: str) -> Reaction:
    fields = {"id": name, "zh": name, "en": name}
    return Reaction.model_validate(fields | {"on": on, "do": do, "with": with_} | more)


Build = Callable[..., World]


@pytest.fixture
def build(world: World) -> Build:
    sample = next(iter(world.catalog.roles.values()))
    everything = {"verbs": ("*",), "reads": ("*",)}
    roles = {name: sample.model_copy(update={"id": name} | everything) for name in ("root", "automaton")}

    def make(*rules: Reaction) -> World:
        catalog = replace(world.catalog, roles=roles, reactions={r.id: r for r in rules})
        return World(
            folder=world.folder,
            store=world.store,
            catalog=catalog,
            city=world.city,
            clock=world.clock,
            signer=world.signer,
            entropy=SeededEntropy(1),
            actions=ACTIONS,
        )

    return make


def verbs(world: World) -> list[str]:
    with world.store.read() as conn:
        return list(conn.scalars(sa.select(journal.c.verb).order_by(journal.c.seq)))


def test_a_reaction_acts_on_the_entries_that_its_condition_meets(build: Build) -> None:
    echo = rule(
        "echo", "word.say", "word.echo", {"text": "'again: ' + entry.data.text"}, where="entry.args.text != 'no'"
    )
    world = build(echo)
    for text in ("yes", "no"):
        world.act(BOSS, "word.say", {"text": text})
    world.settle()

    assert verbs(world) == ["word.say", "word.say", "word.echo"]
    with world.store.read() as conn:
        last = conn.execute(sa.select(journal).where(journal.c.seq == 3)).mappings().one()
    assert (last["because"], last["by"]) == (1, "system:reactions")
    assert "again: yes" in last["entry"]


def test_a_reaction_for_each_item_acts_once_for_each(build: Build) -> None:
    each = rule("each", "word.say", "word.echo", {"text": "item"}, for_each="entry.data.list")
    world = build(each)
    world.act(BOSS, "word.say", {"text": "x"})
    world.settle()

    assert verbs(world) == ["word.say", "word.echo", "word.echo"]


def test_a_batch_seen_twice_after_a_crash_acts_once(build: Build) -> None:
    world = build(rule("echo", "word.say", "word.echo", {"text": "'again'"}))
    world.act(BOSS, "word.say", {"text": "x"})
    world.settle()
    with world.store.write() as conn:  # as if the crash came before the cursor moved
        conn.execute(sa.delete(reaction_cursor))
    build(rule("echo", "word.say", "word.echo", {"text": "'again'"})).settle()

    assert verbs(world) == ["word.say", "word.echo"]


@pytest.mark.parametrize("fault", ["refused", "broken"])
def test_a_failing_reaction_is_tried_again_and_then_told_to_people(build: Build, fault: str) -> None:
    world = build(
        rule("stuck", "word.say", "word.echo", {"text": f"'{fault}'"}),
        rule("people", "reaction.fail", "word.alarm", {"text": "entry.data.error"}),
    )
    world.act(BOSS, "word.say", {"text": "x"})
    world.settle()
    assert verbs(world) == ["word.say"]
    with world.store.read() as conn:
        assert conn.scalar(sa.select(reaction_retries.c.attempts)) == 1

    world.advance(world.clock.now() + timedelta(hours=2))

    assert verbs(world) == ["word.say", "reaction.fail", "word.alarm"]
    with world.store.read() as conn:
        assert conn.execute(sa.select(reaction_retries)).all() == []


def test_an_expression_that_names_what_is_not_there_fails_like_any_other(build: Build) -> None:
    world = build(rule("wrong", "word.say", "word.echo", {"text": "entry.data.nothing"}))
    world.act(BOSS, "word.say", {"text": "x"})
    world.advance(world.clock.now() + timedelta(hours=2))

    assert verbs(world) == ["word.say", "reaction.fail"]


def test_a_loop_of_reactions_is_bounded_and_reported(build: Build) -> None:
    world = build(
        rule("there", "word.say", "word.echo", {"text": "'x'"}),
        rule("back", "word.echo", "word.say", {"text": "'x'"}),
    )
    world.act(BOSS, "word.say", {"text": "x"})
    world.settle()

    depth = int(world.catalog.setting("reactions.max_depth"))
    assert verbs(world).count("reaction.halt") == 1
    assert len(verbs(world)) == depth + 2
