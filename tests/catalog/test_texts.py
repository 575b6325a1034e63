import re
import string
from pathlib import Path

import pytest

from anlan.catalog import documents
from anlan.catalog.texts import LANGUAGES, near, text, texts

SOURCE = Path(documents.__file__).parent


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


def test_every_code_stands_in_every_language_with_the_same_parameters() -> None:
    zh, en = ({c: placeholders(s) for c, s in texts(lang).items() if c.startswith("catalog.")} for lang in LANGUAGES)

    assert zh == en


def test_every_rule_that_a_fault_names_has_its_sentence() -> None:
    told = {code.removeprefix("catalog.fault.") for code in texts("zh") if code.startswith("catalog.fault.")}
    heads = "|".join(sorted({rule.split(".")[0] for rule in told}))
    quoted = re.compile(rf'"((?:{heads})\.[a-z_]+)"')
    named = {rule for file in SOURCE.rglob("*.py") for rule in quoted.findall(file.read_text("utf-8"))}

    assert named == told


def test_a_text_is_filled_in() -> None:
    assert text("catalog.fault.key.missing", "en", advice="zh") == "this key is missing: zh"


def test_a_parameter_that_was_not_given_stays_visible() -> None:
    assert "{advice}" in text("catalog.fault.key.missing", "zh")


@pytest.mark.parametrize("lang", ["zh", "en", "xx", ""])
def test_a_code_without_text_is_its_own_text(lang: str) -> None:
    assert text("no.such.code", lang) == "no.such.code"


def test_an_unknown_language_is_answered_in_chinese() -> None:
    assert text("catalog.fault.key.missing", "fr", advice="zh") == text("catalog.fault.key.missing", "zh", advice="zh")


def test_near_names_come_best_first() -> None:
    assert near("watr_level", ["wind_gust", "water_level", "water_levels"])[0] == "water_level"


def test_nothing_is_near_a_word_unlike_all() -> None:
    assert near("xyzzy", ["wind_gust", "water_level"]) == []
