"""The glossary: the house's own words, then the names that the catalog gives."""

import csv
from collections.abc import Iterable
from pathlib import Path

from anlan.catalog.catalog import Catalog
from anlan.catalog.schema.base import Entry
from pages.markdown import code, page, section, table

WORDS = Path(__file__).with_name("words.csv")
_SUBJECTS = (
    ("event_levels", "Levels of events 事件等级"),
    ("roles", "Roles 角色"),
    ("quantities", "Quantities 监测量"),
    ("asset_types", "Types of assets 对象类型"),
    ("supply_items", "Supplies 物资"),
    ("shelter_classes", "Classes of shelters 避难场所类别"),
)


def write(catalog: Catalog) -> str:
    """Return the page."""
    with WORDS.open(encoding="utf-8", newline="") as file:
        words = sorted(csv.DictReader(file), key=lambda row: row["en"])
    own = table(("English", "中文", "means", "含义"), ((w["en"], w["zh"], w["means"], w["含义"]) for w in words))
    named = (section(title, _names(getattr(catalog, subject).values())) for subject, title in _SUBJECTS)
    return page(
        "Glossary 词汇",
        "先是本系统自己的用词，再是目录给出的名称。同一事物只用一个词。",
        "First the words of the house, then the names that the catalog gives. One thing has one word.",
        own,
        *named,
    )


def _names(entries: Iterable[Entry]) -> str:
    return table(("id", "中文", "English"), ((code(e.id), e.zh, e.en) for e in entries))
