"""What follows from what, by itself."""

from typing import Annotated

from pydantic import Field

from anlan.catalog.schema.base import Cel, Entry, FrozenMap

Verb = Annotated[str, Field(pattern=r"^[a-z]+\.[a-z_]+$")]


class Reaction(Entry):
    """On an entry of the journal where a condition holds, do a verb; for each item of a list if one is named.

    Expressions see ``entry`` (seq, at, by, verb, subject, area, args, data, because), ``now``, and ``item``
    inside ``for_each``.
    """

    on: Verb
    where: Cel | None = None
    for_each: Cel | None = None
    do: Verb
    with_: FrozenMap[str, Cel] = Field(alias="with", default_factory=dict)
