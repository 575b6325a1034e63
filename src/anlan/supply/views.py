"""What answers about supply look like."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class SiteLine:
    """A warehouse or shelter, with what it holds; ``area`` is whose it is, ``town`` where it stands."""

    id: str
    kind: str
    zh: str
    en: str
    lon: float
    lat: float
    area: str
    town: str
    tier: str | None
    synthetic: bool
    items: int
    capacity: int | None
    occupants: int | None
    state: str | None


@dataclass(frozen=True)
class StockRow:
    """What one site has of one item."""

    site: str
    site_zh: str
    site_en: str
    area: str
    item: str
    item_zh: str
    item_en: str
    quantity: int
    unit: str
    synthetic: bool


@dataclass(frozen=True)
class LedgerRow:
    """One line of the ledger; ``seq`` is the journal entry that wrote it."""

    seq: int
    line: int
    at: datetime
    kind: str
    item: str
    quantity: int
    from_site: str | None
    to_site: str | None
    reason: str
    synthetic: bool


@dataclass(frozen=True)
class ShelterRow:
    """A shelter with its people."""

    id: str
    zh: str
    en: str
    lon: float
    lat: float
    area: str
    state: str
    capacity: int
    occupants: int
    free: int
    shelter_class: str | None
    indoor: bool | None
    opened_at: datetime | None
    closed_at: datetime | None
    synthetic: bool


@dataclass(frozen=True)
class Goods:
    """Some of one item."""

    item: str
    zh: str
    en: str
    quantity: int
    unit: str


@dataclass(frozen=True)
class NeedTown:
    """The people of one town who must be sheltered, with the uncertainty of the forecast."""

    area: str
    zh: str
    en: str
    grade: str | None
    low: int
    best: int
    high: int


@dataclass(frozen=True)
class Need:
    """One need; ``items`` are what its best estimate of people comes to."""

    id: str
    area: str
    state: str
    at: datetime
    forecast: str | None
    grade: str | None
    days: int
    share: float
    low: int
    best: int
    high: int
    towns: list[NeedTown]
    items: list[Goods]


@dataclass(frozen=True)
class End:
    """One end of a way: a site, or a town's label."""

    id: str
    zh: str
    en: str
    lon: float
    lat: float


@dataclass(frozen=True)
class Flow:
    """Goods from one site to another: planned and, once confirmed, moved."""

    item: Goods
    source: End
    target: End
    moved: int | None
    distance_m: int


@dataclass(frozen=True)
class Placement:
    """People of a town assigned to a shelter."""

    source: End
    target: End
    people: int
    distance_m: int


@dataclass(frozen=True)
class Allocation:
    """One proposal, confirmed or not."""

    id: str
    area: str
    need: str
    state: str
    at: datetime
    bound: str
    unmet: list[Goods]
    flows: int
    people: int
