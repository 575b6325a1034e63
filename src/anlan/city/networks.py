"""Networks between assets: pipes, drains, rivers, feeders; which asset lies above which."""

import csv
from collections.abc import Mapping, Sequence

from anlan.city.package import Package
from anlan.kernel.errors import Invalid

FILE = "networks.csv"
_COLUMNS = ("network", "upstream", "downstream")


def load_networks(package: Package) -> Mapping[str, Sequence[tuple[str, str]]]:
    """Read ``networks.csv``, if the package has one: a row for each edge, both ends ids of assets.

    Raises
    ------
    Invalid
        ``city.package.unreadable`` if a column is missing.
    """
    if FILE not in package.files:
        return {}
    found: dict[str, list[tuple[str, str]]] = {}
    with package.path(FILE).open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        if missing := set(_COLUMNS) - set(rows.fieldnames or ()):
            reason = {"reason": f"{FILE}: {', '.join(sorted(missing))}"}
            raise Invalid("city.package.unreadable", value=str(package.root), params=reason)
        for row in rows:
            found.setdefault(row["network"], []).append((row["upstream"], row["downstream"]))
    return found
