"""What a warning says, by type of event and grade."""

import string
from typing import Annotated

from pydantic import AfterValidator, Field

from anlan.catalog.schema.base import Entry, EventTypeId, FrozenMap, Grade, Model, RoleId, Sourced, faulty

PLACEHOLDERS = ("issuer", "area", "towns", "grade", "people", "assets", "depth_m", "onset", "until", "peak")
"""Names that a text may hold in braces; who drafts a warning gives all of them."""


def _known_placeholders(value: str) -> str:
    for _, name, _, _ in string.Formatter().parse(value):
        if name is not None and name not in PLACEHOLDERS:
            raise faulty("template.unknown_placeholder", (), *PLACEHOLDERS)
    return value


Template = Annotated[str, AfterValidator(_known_placeholders)]


class Wording(Model):
    """The three texts of a warning in one language (CAP headline, description, instruction)."""

    headline: Template
    description: Template
    instruction: Template


class WarningTemplate(Entry, Sourced):
    """Texts and rules for warnings of one type of event, by grade and language."""

    event_type: EventTypeId
    valid_h: FrozenMap[Grade, int]
    approver: RoleId
    second_person: bool
    texts: FrozenMap[Grade, FrozenMap[str, Wording]] = Field(min_length=1)
