"""The documents: what is documented is there, what is there is documented, and both languages say the same."""

import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from anlan.api.app import create_app
from anlan.catalog.catalog import Catalog, builtin_layers, check
from anlan.catalog.texts import texts
from anlan.kernel.world import World
from anlan.root import all_actions
from anlan.science.models import MODELS

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted(DOCS.rglob("*.md"))
GUIDES = sorted(path.relative_to(DOCS / "zh").as_posix() for path in (DOCS / "zh").rglob("*.md"))
FENCE = re.compile(r"^```(\w*)(?: title=\"([^\"]+)\")?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"anlan act ([a-z_.]+) '(\{.*?\})' --data", re.DOTALL)
REQUEST = re.compile(r"-d '(\{.*?\})'[^']*?/api/v1/actions/([a-z_.]+)", re.DOTALL)
LOADS = re.compile(r"<(?:script|img|iframe)[^>]+src=\"https?:|<link[^>]+(?:stylesheet|preconnect|icon)\"[^>]+https?:")
LIKE_A_ROUTE = re.compile(r"/api/v1/[A-Za-z0-9_./:-]+")


def text(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def blocks(page: str) -> list[tuple[str, str, str]]:
    """Return language, title and content of a page's blocks of code."""
    return [(m[1], m[2] or "", m[3]) for m in FENCE.finditer(page)]


def test_the_generated_pages_are_what_the_code_gives() -> None:
    done = subprocess.run(
        [sys.executable, "tools/reference.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, f"run tools/reference.py\n{done.stdout}{done.stderr}"


def test_every_verb_has_its_row() -> None:
    page = text("reference/verbs.md")

    assert [verb for verb in all_actions() if f"### {verb} " not in page or f"| [`{verb}`]" not in page] == []


def test_every_code_of_an_error_has_its_row() -> None:
    page = text("reference/codes.md")
    ruled = [c for c in texts("en") if c.startswith(("args.", "catalog.fault.", "city.rule.", "journal.fault."))]

    assert [code for code in {*raised_codes(), *ruled} if f"| `{code}` |" not in page] == []


def raised_codes() -> set[str]:
    """Return codes that stand as plain text where an error is raised; a simpler reading than the generator's."""
    raising = re.compile(r"\b(?:Invalid|Forbidden|NotFound|Conflict|Unauthenticated)\(\s*\"([a-z_.]+)\"")
    sources = (ROOT / "src" / "anlan").rglob("*.py")
    return {code for path in sources for code in raising.findall(path.read_text(encoding="utf-8"))}


@pytest.mark.parametrize(
    ("subject", "page", "mark"),
    [
        ("settings", "settings.md", "| `{}` |"),
        ("roles", "roles.md", "| `{}` |"),
        ("event_types", "event-types.md", "| `{}` |"),
        ("sensor_rules", "sensor-rules.md", "`{}`\n"),
        ("reactions", "reactions.md", "## `{}`\n"),
        ("plans", "plans.md", "`{}`\n"),
    ],
)
def test_every_entry_of_policy_has_its_row(subject: str, page: str, mark: str, catalog: Catalog) -> None:
    shown = text(f"reference/{page}")

    assert [name for name in getattr(catalog, subject) if mark.format(name) not in shown] == []


def test_every_model_has_its_card() -> None:
    page = text("reference/models.md")

    assert [name for name in MODELS if f"## `{name}`\n" not in page] == []


def routes(world: World) -> dict[str, set[str]]:
    """Return the methods of every path of the OpenAPI document."""
    paths = create_app(world, pump=False).openapi()["paths"]
    return {path: {method.upper() for method in operations} for path, operations in paths.items()}


def test_every_route_has_its_row(world: World) -> None:
    page = text("reference/http.md")
    listed = [f"| `{method} {path}` |" for path, methods in routes(world).items() for method in methods]

    assert [row for row in listed if row not in page] == []


@pytest.mark.parametrize("name", GUIDES)
def test_both_languages_have_the_same_pages_headings_and_examples(name: str) -> None:
    zh, en = text(f"zh/{name}"), text(f"en/{name}")

    assert [len(mark) for mark in re.findall(r"^(#+) ", FENCE.sub("", zh), re.MULTILINE)] == [
        len(mark) for mark in re.findall(r"^(#+) ", FENCE.sub("", en), re.MULTILINE)
    ]
    assert blocks(zh) == blocks(en)


def test_no_page_stands_in_one_language_only() -> None:
    assert sorted(path.relative_to(DOCS / "en").as_posix() for path in (DOCS / "en").rglob("*.md")) == GUIDES


def examples() -> Iterator[tuple[str, str]]:
    """Yield verb and arguments of every example in a page."""
    for path in PAGES:
        for language, _, content in blocks(path.read_text(encoding="utf-8")):
            if language == "bash":
                yield from ((m[1], m[2]) for m in COMMAND.finditer(content))
                yield from ((m[2], m[1]) for m in REQUEST.finditer(content))


def test_there_are_examples_to_check() -> None:
    assert len(set(examples())) > 60


@pytest.mark.parametrize(("verb", "given"), sorted(set(examples())), ids=lambda value: str(value)[:40])
def test_an_example_is_a_verb_with_arguments_that_it_takes(verb: str, given: str) -> None:
    action = all_actions()[verb]

    action.args.model_validate(json.loads(given))


def test_every_verb_that_people_use_has_an_example(catalog: Catalog) -> None:
    shown = {verb for verb, _ in examples()}
    machinery = {
        "alarm.open", "alarm.raise", "alarm.ease", "warning.expire", "report.remind", "reaction.fail", "reaction.halt",
        "session.open", "session.close", "sense.follow", "sense.release", "sense.anchor",
    }  # fmt: skip

    assert set(all_actions()) - shown - machinery == set()


def test_every_address_in_the_pages_is_a_route(world: World) -> None:
    known = [re.compile(re.sub(r"\{[^}]+\}", "[^/]+", path)) for path in routes(world)]
    told = {found for path in PAGES for found in addresses(path.read_text(encoding="utf-8"))}

    assert [one for one in sorted(told) if not any(pattern.fullmatch(one) for pattern in known)] == []


def addresses(page: str) -> Iterator[str]:
    for language, _, content in blocks(page):
        if language == "bash":
            yield from LIKE_A_ROUTE.findall(content)


def policy_blocks() -> list[tuple[str, str]]:
    found = {
        (title, content)
        for path in PAGES
        for language, title, content in blocks(path.read_text(encoding="utf-8"))
        if language == "yaml" and title and "/" not in title
    }
    return sorted(found)


def test_the_policy_examples_are_sound(tmp_path: Path) -> None:
    files = []
    for title, content in policy_blocks():
        (tmp_path / title).write_text(content, encoding="utf-8")
        files.append(tmp_path / title)

    assert len(files) >= 3
    assert [str(fault) for fault in check(files, base=builtin_layers("songjiang"))] == []


def test_the_site_builds_and_asks_nothing_of_the_outside(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(tmp_path / "site")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    asking = [p for p in (tmp_path / "site").rglob("*.html") if LOADS.search(p.read_text(encoding="utf-8"))]
    assert asking == []


def test_every_dependency_has_its_decision() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    told = "\n".join(path.read_text(encoding="utf-8").lower() for path in (DOCS / "decisions").glob("0*.md"))
    names = [re.split(r"[\[>=]", line)[0] for line in project["dependencies"]]

    assert [name for name in names if name not in told] == []
