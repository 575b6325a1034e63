"""The same few files in every room, and queries that cannot forget the scope."""

import importlib
import inspect
from pathlib import Path

import pytest

from anlan import root
from anlan.kernel.actions import Args, Reader

SOURCE = Path(__file__).parent.parent.parent / "src" / "anlan"
ROOMS = ("sense", "assess", "warn", "plan", "respond", "supply", "task", "review")


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_has_the_files_that_every_room_has(room: str) -> None:
    missing = [n for n in ("model.py", "actions.py", "queries.py", "routes.py") if not (SOURCE / room / n).exists()]

    assert missing == []


@pytest.mark.parametrize("room", [*ROOMS, "city"])
def test_every_query_takes_a_reader_first(room: str) -> None:
    module = importlib.import_module(f"anlan.{room}.queries")
    careless = [
        name
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__
        and not name.startswith("_")
        and (
            not (parameters := list(inspect.signature(function).parameters.values()))
            or parameters[0].annotation is not Reader
        )
    ]

    assert careless == []


def test_no_file_is_called_utils() -> None:
    assert [p for p in SOURCE.rglob("*.py") if p.stem in {"utils", "helpers", "common", "misc"}] == []


def test_every_verb_says_what_it_does_and_refuses_what_it_does_not_know() -> None:
    for verb, action in root.all_actions().items():
        assert issubclass(action.args, Args), verb
        assert action.args.__doc__, verb
        assert action.args.model_config["extra"] == "forbid", verb


def test_every_test_file_mirrors_a_part_of_the_package() -> None:
    tests = Path(__file__).parent.parent
    known = {p.name for p in SOURCE.iterdir() if p.is_dir()} | {"architecture", "journeys"}
    strangers = [p.name for p in tests.iterdir() if p.is_dir() and p.name not in known and not p.name.startswith("_")]

    assert strangers == []
