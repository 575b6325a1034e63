"""The catalog names verbs and nouns; code has them. Neither may speak of what the other does not know."""

import re
from fnmatch import fnmatchcase
from pathlib import Path

from anlan import root
from anlan.catalog.catalog import builtin_layers, load_catalog

SOURCE = Path(__file__).parent.parent.parent / "src" / "anlan"
CATALOG = load_catalog(*builtin_layers("songjiang"))
VERBS = set(root.all_actions())


def nouns_in_routes() -> set[str]:
    texts = [path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.py")]
    return {noun for text in texts for noun in re.findall(r'reads\("([a-z_]+)"\)', text)}


def test_every_verb_that_a_role_holds_exists() -> None:
    strangers = {
        (role.id, pattern)
        for role in CATALOG.roles.values()
        for pattern in role.verbs
        if not any(fnmatchcase(verb, pattern) for verb in VERBS)
    }

    assert strangers == set()


def test_every_verb_is_held_by_some_role_or_happens_only_inside_others() -> None:
    used = {verb for action in root.all_actions().values() for verb in action.uses}
    held = {v for v in VERBS for r in CATALOG.roles.values() for p in r.verbs if fnmatchcase(v, p)}

    assert VERBS - held - used == set()


def test_every_noun_that_a_role_reads_is_read_somewhere_and_the_other_way_round() -> None:
    named = {noun for role in CATALOG.roles.values() for noun in role.reads} - {"*"}
    known = nouns_in_routes() | {"user", "token", "reaction"}

    assert named - known == set()


def test_every_reaction_listens_to_and_does_a_verb_with_arguments_that_it_takes() -> None:
    actions = root.all_actions()
    for reaction in CATALOG.reactions.values():
        assert reaction.on in VERBS, reaction.id
        assert reaction.do in VERBS, reaction.id
        fields = actions[reaction.do].args.model_fields
        assert set(reaction.with_) <= set(fields), reaction.id
        required = {name for name, info in fields.items() if info.is_required()}
        assert required <= set(reaction.with_), reaction.id


def test_a_program_can_do_what_reactions_ask_of_it_but_never_approves_issues_or_activates() -> None:
    program = CATALOG.roles["automaton"]

    def may(verb: str) -> bool:
        return any(fnmatchcase(verb, pattern) for pattern in program.verbs)

    assert all(may(reaction.do) for reaction in CATALOG.reactions.values())
    assert not any(
        may(v) for v in ("warning.approve", "warning.issue", "warning.submit", "plan.activate", "user.create")
    )


def test_the_public_reads_only_what_is_public() -> None:
    assert set(CATALOG.roles["public"].reads) == {"issued_warning"}
    assert set(CATALOG.roles["public"].verbs) == {"session.open", "session.close"}
