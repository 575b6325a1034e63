"""House rules that a machine can check: small files, pure science, one clock, no policy and no Chinese in code."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
SOURCE = ROOT / "src" / "anlan"
FROZEN = SOURCE / "migrations" / "versions"  # a step of the store is written once, by a program, and never edited
FILES = sorted(path for path in SOURCE.rglob("*.py") if FROZEN not in path.parents)
IDS = [str(path.relative_to(SOURCE)) for path in FILES]
LONGEST_FILE = 400
LONGEST_SCRIPT = 400

CJK = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]")
EFFECTFUL = {
    "sqlalchemy",
    "socket",
    "subprocess",
    "threading",
    "asyncio",
    "os",
    "pathlib",
    "time",
    "datetime",
    "random",
    "secrets",
    "fastapi",
    "starlette",
    "httpx2",
    "urllib",
    "requests",
    "logging",
    "tempfile",
    "shutil",
    "io",
    "anlan.kernel",
    "anlan.catalog",
}
CLOCKS = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("time", "time"),
    ("time", "monotonic"),
    ("time", "perf_counter"),
    ("time", "time_ns"),
    ("time", "localtime"),
    ("time", "gmtime"),
    ("time", "sleep"),
}


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imported(module: ast.Module) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return names


def calls(module: ast.Module) -> set[tuple[str, str]]:
    return {
        (node.func.value.id, node.func.attr)
        for node in ast.walk(module)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name)
    }


@pytest.mark.parametrize(
    "path",
    [*FILES, *sorted((ROOT / "tests").rglob("*.py")), *sorted((ROOT / "tools").rglob("*.py"))],
    ids=lambda p: str(p.relative_to(ROOT)),
)
def test_a_file_is_short_enough_to_hold_in_mind(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST_FILE


@pytest.mark.parametrize("path", sorted((ROOT / "web" / "src").rglob("*.ts*")), ids=lambda p: p.name)
def test_a_script_is_short_enough_to_hold_in_mind(path: Path) -> None:
    generated = path.name == "schema.d.ts"
    assert generated or len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST_SCRIPT


@pytest.mark.parametrize("path", FILES, ids=IDS)
def test_no_chinese_stands_in_code(path: Path) -> None:
    lines = [n for n, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1) if CJK.search(line)]

    assert lines == []


@pytest.mark.parametrize("path", sorted((SOURCE / "science").rglob("*.py")), ids=lambda p: p.name)
def test_science_touches_nothing_outside(path: Path) -> None:
    module = tree(path)
    roots = {name for name in imported(module) if name in EFFECTFUL or name.split(".")[0] in EFFECTFUL}
    opens = any(
        isinstance(n, ast.Call) and isinstance(n.func, ast.Name) and n.func.id in {"open", "print", "input"}
        for n in ast.walk(module)
    )

    assert roots == set()
    assert not opens


@pytest.mark.parametrize("path", FILES, ids=IDS)
def test_only_the_kernels_clock_reads_the_time(path: Path) -> None:
    if path == SOURCE / "kernel" / "clock.py":
        return

    assert calls(tree(path)) & CLOCKS == set()


@pytest.mark.parametrize("path", FILES, ids=IDS)
def test_only_the_kernels_entropy_draws_randomness(path: Path) -> None:
    if path == SOURCE / "kernel" / "entropy.py":
        return

    assert imported(tree(path)) & {"secrets", "random", "uuid"} == set()


POLICY_WORDS = re.compile(r"\b(red|orange|yellow|blue)\b")
ROOMS = ("sense", "assess", "warn", "plan", "respond", "supply", "task", "review", "city", "kernel")
PLAIN_NUMBERS = {-1.0, 0.0, 0.5, 1.0, 2.0, 3.0, 4.0, 60.0, 100.0, 3600.0}
THRESHOLD_NAMES = re.compile(r"threshold|deadline|limit_min|minutes_limit|grade_at", re.IGNORECASE)


@pytest.mark.parametrize(
    "path", [p for p in FILES if p.relative_to(SOURCE).parts[0] in ROOMS], ids=lambda p: str(p.relative_to(SOURCE))
)
def test_no_threshold_stands_in_a_room(path: Path) -> None:
    """A constant whose name says that it is a threshold or a deadline belongs in the catalog."""
    found = [
        ast.unparse(node)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Assign | ast.AnnAssign)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, int | float)
        and not isinstance(node.value.value, bool)
        and any(
            THRESHOLD_NAMES.search(ast.unparse(t))
            for t in (node.targets if isinstance(node, ast.Assign) else [node.target])
        )
    ]

    assert found == []


@pytest.mark.parametrize(
    "path", [p for p in FILES if p.relative_to(SOURCE).parts[0] in ROOMS], ids=lambda p: str(p.relative_to(SOURCE))
)
def test_no_comparison_with_a_grade_by_name_in_a_room(path: Path) -> None:
    """``if grade == "red"`` is policy; grades are compared by their order in the catalog."""
    found = [
        ast.unparse(node)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Compare)
        and any(
            isinstance(c, ast.Constant) and isinstance(c.value, str) and POLICY_WORDS.fullmatch(c.value)
            for part in [node.left, *node.comparators]
            for c in ast.walk(part)
        )
    ]

    assert found == []
