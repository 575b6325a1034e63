"""The page of codes: errors with their HTTP status, and the rules that a faulty place names."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import anlan
from anlan.catalog.texts import texts
from anlan.kernel import errors
from pages.markdown import code, page, section, table

SOURCE = Path(anlan.__file__).parent
KINDS = {
    kind.__name__: kind.status
    for kind in (errors.Invalid, errors.Forbidden, errors.Unauthenticated, errors.NotFound, errors.Conflict)
} | {"AnlanError": errors.AnlanError.status}
_GROUPS = (
    ("Rules of arguments", "参数规则", "args."),
    ("Faults of the catalog", "目录问题", "catalog.fault."),
    ("Findings in a city package", "城市数据问题", "city.rule."),
    ("Faults of the journal", "日志问题", "journal.fault."),
)


def write() -> str:
    """Return the page."""
    found = raised()
    heads = ("code", "中文", "English")
    parts = [
        section(
            "Errors 错误",
            "Over HTTP an error is RFC 9457 problem details with the field `code`.",
            table(
                ("code", "kind", "HTTP", *heads[1:]),
                ((code(c), kind, KINDS[kind], *_sentences(c)) for c, kind in sorted(found.items())),
            ),
        )
    ]
    listed = set(found)
    for title, zh, prefix in _GROUPS:
        members = [c for c in sorted(texts("en")) if c.startswith(prefix) and c not in listed]
        listed |= set(members)
        parts.append(section(f"{title} {zh}", table(heads, ((code(c), *_sentences(c)) for c in members))))
    others = [c for c in sorted(texts("en")) if c in _strings() and c not in listed and "." in c]
    parts.append(section("Other sentences 其他", table(heads, ((code(c), *_sentences(c)) for c in others))))
    return page(
        "Codes 代码",
        "错误以代码加参数抛出，句子在 `locale` 中，中英文各一份。花括号中是参数。",
        "Errors are raised as codes with parameters; the sentences stand in `locale`, in Chinese and English. "
        "Names in braces are parameters.",
        *parts,
    )


def _sentences(name: str) -> tuple[str, str]:
    return texts("zh").get(name, ""), texts("en").get(name, "")


@cache
def raised() -> dict[str, str]:
    """Return every code that is raised somewhere, with the kind of error that carries it."""
    found: dict[str, str] = {}
    for node in _nodes():
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in KINDS and node.args:
            found |= dict.fromkeys(_codes(node.args[0]), node.func.id)
    return found


@cache
def _strings() -> frozenset[str]:
    """Return every text that stands in code."""
    return frozenset(n.value for n in _nodes() if isinstance(n, ast.Constant) and isinstance(n.value, str))


def _nodes() -> Iterator[ast.AST]:
    for path in sorted(SOURCE.rglob("*.py")):
        yield from ast.walk(ast.parse(path.read_text(encoding="utf-8")))


def _codes(argument: ast.expr) -> list[str]:
    """Return the codes that an argument can be: a text, either of two, or a pattern with names filled in."""
    if isinstance(argument, ast.Constant):
        return [str(argument.value)]
    if isinstance(argument, ast.IfExp):
        return _codes(argument.body) + _codes(argument.orelse)
    if isinstance(argument, ast.JoinedStr):
        parts = (re.escape(str(p.value)) if isinstance(p, ast.Constant) else r"\w+" for p in argument.values)
        pattern = re.compile("".join(parts))
        return [name for name in texts("en") if pattern.fullmatch(name)]
    return []
