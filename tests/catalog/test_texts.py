import string

import pytest

from anlan.catalog.texts import LANGUAGES, near, text, texts


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


def test_every_code_stands_in_every_language() -> None:
    first, *others = (set(texts(lang)) for lang in LANGUAGES)

    assert all(other == first for other in others), [other ^ first for other in others]


def test_every_sentence_names_the_same_parameters_in_every_language() -> None:
    differing = [code for code in texts("zh") if placeholders(texts("zh")[code]) != placeholders(texts("en")[code])]

    assert differing == []


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
