"""English names in the manner of Shanghai's own signs: the type of place in English, the name itself in pinyin.

``pinyin.csv`` holds one reading per character, chosen for Shanghai's place names (derived from pypinyin 0.55, MIT).
"""

import csv
import functools
import re
from pathlib import Path

_SUFFIXES = (
    ("居委会", "Residents' Committee"),
    ("村委会", "Villagers' Committee"),
    ("虚拟社区", "Virtual Community"),
    ("虚拟生活区", "Virtual Community"),
    ("街道", "Subdistrict"),
    ("工业区", "Industrial Zone"),
    ("新区", "New Area"),
    ("镇", "Town"),
    ("乡", "Township"),
)
_OFFICIAL = {
    "上海市": "Shanghai",
    "国家会展中心": "National Exhibition and Convention Center",
    "人民广场": "People's Square",
    "上海火车站": "Shanghai Railway Station",
    "上海南站": "Shanghai South Railway Station",
    "虹桥火车站": "Hongqiao Railway Station",
    "松江体育中心": "Songjiang Sports Center",
    "松江大学城": "Songjiang University Town",
}
_PROVINCES = "(?:湖南|云南|海南|河南|济南|淮南|河北|湖北|广东|山东|江西|山西|陕西|广西|浦东|华中)"
_WAY = re.compile(rf"^({_PROVINCES}|.+?)([东西南北中])?([一二三])?路(.*)$")
_SIDES = {"东": "East", "西": "West", "南": "South", "北": "North", "中": "Middle"}
_NUMBERS = {"一": "First", "二": "Second", "三": "Third"}


@functools.cache
def _readings() -> dict[str, str]:
    with (Path(__file__).with_name("pinyin.csv")).open(encoding="utf-8", newline="") as file:
        return {char: row["syllable"] for row in csv.DictReader(file) for char in row["characters"]}


def pinyin(word: str) -> str:
    """Return a word's reading as one capitalised word; an apostrophe parts syllables that begin with a vowel."""
    syllables = [_readings().get(char, char) for char in word]
    joined = syllables[0] if syllables else ""
    for syllable in syllables[1:]:
        joined += ("'" if syllable[0] in "aeo" and joined[-1].isalpha() else "") + syllable
    return joined[:1].upper() + joined[1:]


def english(name: str) -> str:
    """Return the English name of a place.

    Examples
    --------
    >>> english("南京东路街道")
    'Nanjing East Road Subdistrict'
    """
    if name in _OFFICIAL:
        return _OFFICIAL[name]
    name = name.translate(str.maketrans("（）、，·", "() ,-"))
    for suffix, word in _SUFFIXES:
        if name.endswith(suffix) and len(name) > len(suffix):
            return f"{_proper(name.removesuffix(suffix))} {word}"
    return _proper(name)


def _proper(name: str) -> str:
    way = _WAY.match(name)
    if way is None:
        return pinyin(name)
    stem, side, number, rest = way.groups()
    parts = [pinyin(stem), _SIDES.get(side, ""), _NUMBERS.get(number, ""), "Road", pinyin(rest)]
    return " ".join(part for part in parts if part)
