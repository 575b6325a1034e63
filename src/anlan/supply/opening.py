"""The opening stock of a synthetic world: what each warehouse might have, from the catalog's ranges.

A municipal depot keeps between ``least`` and ``most`` of the range, the larger its floor the more; depots of a district
and of a town keep a share of that. Nothing here is known of the real depots, and the stock says ``synthetic``.
"""

from anlan.catalog.catalog import Catalog
from anlan.city.assets import Asset
from anlan.city.city import City
from anlan.kernel.canonical import JSON
from anlan.supply.sites import WAREHOUSE


def opening_rows(catalog: Catalog, city: City) -> list[dict[str, JSON]]:
    """Return the rows of ``stock.open`` for all warehouses of a city; the same for the same catalog and city."""
    depots = [city.assets.at(int(row)) for row in city.assets.of_type(WAREHOUSE)]
    ranges = {entry.item: entry for entry in catalog.stock_ranges.values() if entry.item is not None}
    sizes = _sizes(catalog, depots)
    rows: list[dict[str, JSON]] = []
    for depot in depots:
        share = _share(catalog, depot)
        for item, kept in sorted(ranges.items()):
            quantity = round(share * (kept.least + (kept.most - kept.least) * sizes[depot.id]))
            if quantity > 0:
                rows.append({"site": depot.id, "item": item, "quantity": quantity, "synthetic": True})
    return rows


def _share(catalog: Catalog, depot: Asset) -> float:
    """Return what a depot of this tier keeps, as a share of a municipal one."""
    tier = depot.attributes.get("tier")
    return float(catalog.setting(f"supply.opening_share_{tier}")) if tier in {"district", "town"} else 1.0


def _sizes(catalog: Catalog, depots: list[Asset]) -> dict[str, float]:
    """Return where each depot's floor lies among those of its tier: 0 the smallest, 1 the largest."""
    attribute = catalog.asset_types[WAREHOUSE].capacity or ""
    floors: dict[str, list[float]] = {}
    for depot in depots:
        floors.setdefault(str(depot.attributes.get("tier")), []).append(float(depot.attributes.get(attribute, 0)))

    def size(depot: Asset) -> float:
        own = floors[str(depot.attributes.get("tier"))]
        least, most = min(own), max(own)
        return (float(depot.attributes.get(attribute, 0)) - least) / (most - least) if most > least else 0.0

    return {depot.id: size(depot) for depot in depots}
