"""What policy says: shapes, loader, and the content in layers, the nation's below the city's."""

from anlan.catalog.catalog import Catalog, builtin_layers, check, load_catalog
from anlan.catalog.faults import CatalogError, Fault
from anlan.catalog.schema.access import Role
from anlan.catalog.schema.reactions import Reaction
from anlan.catalog.schema.settings import Setting

__all__ = [
    "Catalog",
    "CatalogError",
    "Fault",
    "Reaction",
    "Role",
    "Setting",
    "builtin_layers",
    "check",
    "load_catalog",
]
