"""Sentences for people, by code and language: ``anlan/locale/{zh,en}/*.yaml``.

Each file is a flat map ``code: "text with {param}"``; a code stands once per language. Chinese is the first
language: what is asked for in another language and has no text there is answered in Chinese, and what has no
text at all by its code.
"""

import difflib
import functools
from collections.abc import Iterable, Mapping
from importlib import resources
from types import MappingProxyType
from typing import Any

import yaml

LANGUAGES = ("zh", "en")


class _Params(dict[str, Any]):
    """Parameters of a sentence; one that was not given stays visible as ``{name}``."""

    def __missing__(self, name: str) -> str:
        return "{" + name + "}"


def text(code: str, lang: str = "zh", /, **params: Any) -> str:
    """Return the sentence for a code in one language, with its parameters filled in.

    Examples
    --------
    >>> text("catalog.fault.key.missing", "en", advice="zh")
    'this key is missing: zh'
    """
    template = texts(lang).get(code) or texts("zh").get(code)
    if template is None:
        return code if not params else f"{code} {params}"
    return template.format_map(_Params(params))


@functools.cache
def texts(lang: str) -> Mapping[str, str]:
    """Return all sentences of one language; an unknown language has none."""
    found: dict[str, str] = {}
    folder = resources.files("anlan") / "locale" / lang
    if lang not in LANGUAGES or not folder.is_dir():
        return MappingProxyType(found)
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        if file.name.endswith(".yaml"):
            for code, sentence in (yaml.load(file.read_bytes(), Loader=yaml.CBaseLoader) or {}).items():  # noqa: S506  # text only
                if code in found:
                    raise ValueError(f"the text {code!r} stands twice in {lang}; again in {file.name}")
                found[code] = sentence
    return MappingProxyType(found)


def near(word: str, known: Iterable[str]) -> list[str]:
    """Return the known words most like ``word``, best first.

    Examples
    --------
    >>> near("watr_level", ["wind_gust", "water_level"])
    ['water_level']
    """
    return difflib.get_close_matches(word, list(known), n=3, cutoff=0.6)
