"""One request's look at the house: what the asker may see, in the asker's language, at one moment."""

from dataclasses import dataclass
from functools import cached_property
from urllib.parse import quote

import numpy as np

from anlan.catalog.catalog import Catalog
from anlan.kernel.access import Scope
from anlan.kernel.errors import Invalid
from anlan.sense.sensorthings.backend import NEVER_US, Backend
from anlan.sense.sensorthings.sight import Sight, Sights
from anlan.sense.sensorthings.vectors import Rows, Vector, texts
from anlan.sense.stream.batch import Batch

_FEW = 5000


@dataclass
class Budget:
    """How many observations one request may still make this service look at, and how many entities it may get."""

    most: int
    most_answered: int
    spent: int = 0
    answered: int = 0

    def answer(self, entities: int) -> None:
        """Count entities that go into the answer, those within others too.

        Raises
        ------
        Invalid
            ``sensorthings.too_large``: the asker takes smaller pages, or expands less.
        """
        self.answered += entities
        if self.answered > self.most_answered:
            params = {"most": self.most_answered}
            raise Invalid("sensorthings.too_large", at="$expand", value=self.most_answered, params=params)

    def spend(self, rows: int) -> None:
        """Count rows that were looked at.

        Raises
        ------
        Invalid
            ``sensorthings.too_much``: the asker names a Datastream or a time.
        """
        self.spent += rows
        if self.spent > self.most:
            raise Invalid("sensorthings.too_much", at="$filter", value=self.most, params={"most": self.most})


@dataclass(frozen=True)
class View:
    """What a request can reach.

    Attributes
    ----------
    scope : Scope
        The areas whose sensors are in sight.
    base : str
        Address of the service, without a slash at its end.
    """

    backend: Backend
    scope: Scope
    sight: Sight
    lang: str
    base: str
    budget: Budget

    @classmethod
    def of(cls, backend: Backend, sights: Sights, lang: str, base: str, *, acting: bool = False) -> "View":
        """Return the view of a backend's asker; who acts sees what may be acted on, too."""
        quantities = tuple(backend.catalog.quantities)
        scope = backend.acting_scope if acting else backend.sensor_scope
        sight = sights.of(backend.registry, quantities, scope, backend.observation_scope)
        scanned, answered = (
            int(backend.catalog.setting(f"sensorthings.{name}")) for name in ("most_scanned", "most_answered")
        )
        budget = Budget(scanned, answered)
        return cls(backend, scope, sight, lang, base, budget)

    def require_observations(self) -> None:
        """Refuse an asker who may see observations nowhere.

        Raises
        ------
        Unauthenticated, Forbidden
        """
        if not self.backend.observation_scope:
            raise self.backend.unreadable("observation")

    @property
    def catalog(self) -> Catalog:
        """Policy."""
        return self.backend.catalog

    def setting(self, name: str) -> int:
        """Return a setting of this service."""
        return int(self.catalog.setting(f"sensorthings.{name}"))

    @cached_property
    def newest_us(self) -> Rows:
        """The time of the newest observation of every sensor whose observations are in sight; ``NEVER_US`` for none."""
        told = self.sight.told
        found = np.full(len(told), NEVER_US, dtype=np.int64)
        newest = self.backend.latest.time_us[: len(told)]
        found[: len(newest)] = newest
        return np.where(told, found, NEVER_US)

    def observed(self, sensors: Rows, since_us: int, until_us: int) -> Batch:
        """Return the observations of sensors within a span, both ends included; the asker's budget is charged."""
        batch = self.backend.rows(sensors.astype(np.int32), since_us, until_us)
        self.budget.spend(len(batch))
        return batch

    def link(self, entity_set: str, id_: str) -> str:
        """Return the address of an entity."""
        return f"{self.base}/{entity_set}('{quoted(id_)}')"

    @cached_property
    def asset_names(self) -> tuple[str, ...]:
        """The name of every asset: what the city calls it, or else its id."""
        assets = self.backend.city.assets
        column = assets.en if self.lang == "en" else assets.zh
        known = self.sight.index.assets
        return tuple(str(column[assets.row(asset)]) if asset in assets else asset for asset in known)

    def named(self, rows: Rows, lang: str) -> Vector:
        """Return the names of sensors; many are asked for once, and kept as long as the registry is the same."""
        if len(rows) <= _FEW:
            return texts(self.backend.names(rows, lang))
        kept = self.sight.index.kept
        if lang not in kept:
            kept[lang] = texts(self.backend.names(np.arange(len(self.sight.index.registry)), lang))
        return kept[lang].taken(rows)


def quoted(id_: str) -> str:
    """Return an id as it stands between the quotes of an address; a slash may stay one there."""
    return quote(id_.replace("'", "''"), safe="/:@'!$&()*+,;=")
