"""The subjects of the catalog: what may stand at the top of a content file, and the shape of its entries."""

from collections.abc import Mapping
from types import MappingProxyType

from anlan.catalog.schema.access import Role
from anlan.catalog.schema.base import Entry
from anlan.catalog.schema.reactions import Reaction
from anlan.catalog.schema.settings import Setting

SUBJECTS: Mapping[str, type[Entry]] = MappingProxyType(
    {
        "roles": Role,
        "reactions": Reaction,
        "settings": Setting,
    }
)
