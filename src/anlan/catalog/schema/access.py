"""Who may do what."""

from typing import Annotated

from pydantic import Field

from anlan.catalog.schema.base import Entry, Level

VerbPattern = Annotated[str, Field(pattern=r"^(\*|[a-z]+\.(\*|[a-z_]+))$")]
"""A verb such as ``task.open``, or a glob: ``task.*``, ``*``."""


class Role(Entry):
    """A role: the desk it sits at, the verbs it may use and the nouns it may read, both within its area."""

    level: Level | None = None
    verbs: tuple[VerbPattern, ...] = ()
    reads: tuple[str, ...] = ()
