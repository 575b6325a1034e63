"""Texts for people: the same codes in both languages with the same parameters, and every code in use has a text."""

import ast
import re
import string
from pathlib import Path

import pytest

from anlan.catalog.texts import texts

SOURCE = Path(__file__).parent.parent.parent / "src" / "anlan"
RAISED = {"Invalid", "Forbidden", "NotFound", "Conflict", "Unauthenticated", "AnlanError"}


def parameters(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def test_both_languages_have_the_same_codes() -> None:
    assert set(texts("zh")) == set(texts("en"))


@pytest.mark.parametrize("code", sorted(texts("zh")))
def test_both_languages_take_the_same_parameters(code: str) -> None:
    assert parameters(texts("zh")[code]) == parameters(texts("en")[code])


def raised_codes() -> set[str]:
    found = set()
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            named = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in RAISED
            if named and node.args and isinstance(node.args[0], ast.Constant):
                found.add(node.args[0].value)
    return found


def test_every_error_that_is_raised_has_a_text() -> None:
    assert raised_codes() - set(texts("zh")) == set()


def test_every_chinese_text_is_chinese_and_no_english_one_is() -> None:
    cjk = re.compile(r"[\u4e00-\u9fff]")

    assert [
        code for code, sentence in texts("zh").items() if not cjk.search(sentence) and re.search(r"[a-z]{3}", sentence)
    ] == []
    assert [code for code, sentence in texts("en").items() if cjk.search(sentence)] == []
