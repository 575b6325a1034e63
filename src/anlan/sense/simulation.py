"""Instruments of a sector that tell what its kit in the catalog describes; all of it is synthetic."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from anlan.catalog.catalog import Catalog
from anlan.catalog.schema.simulation import Part as PartEntry
from anlan.catalog.schema.simulation import SensorProfile
from anlan.kernel.errors import NotFound
from anlan.science.simulate import (
    Cycle,
    Decline,
    Event,
    Fault,
    Fill,
    Level,
    Occurrence,
    Part,
    Profile,
    Pulses,
    Rain,
    Simulation,
    Switch,
    Wander,
    simulate,
)

_PARTS: dict[str, type[Part]] = {
    "level": Level,
    "cycle": Cycle,
    "wander": Wander,
    "pulses": Pulses,
    "rain": Rain,
    "fill": Fill,
    "switch": Switch,
    "decline": Decline,
}


@dataclass(frozen=True)
class SectorRun:
    """What the simulated instruments of one kind told.

    Attributes
    ----------
    kind, quantity : str
    names : tuple of str
        Of the sensors, by the numbers of ``run``.
    run : Simulation
    """

    kind: str
    quantity: str
    names: tuple[str, ...]
    run: Simulation


def profile_of(catalog: Catalog, entry: SensorProfile) -> Profile:
    """Return a profile of the catalog in the form that science simulates: cadence and range are the kind's own."""
    kind = catalog.sensor_kinds[entry.kind]
    low, high = kind.valid
    return Profile(
        cadence_s=kind.cadence_s,
        parts=tuple(_part(part) for part in entry.parts),
        noise=entry.noise,
        resolution=entry.resolution,
        low=low if entry.low is None else entry.low,
        high=high if entry.high is None else entry.high,
        events=tuple(
            Event(name, **event.model_dump(exclude={"zh", "en", "finds"})) for name, event in entry.events.items()
        ),
        faults=tuple(Fault(**fault.model_dump(exclude={"finds"})) for fault in entry.faults),
    )


def _part(entry: PartEntry) -> Part:
    return _PARTS[entry.part](**entry.model_dump(exclude={"part"}))


def simulate_sector(
    catalog: Catalog,
    sector: str,
    n_sensors: int,
    start_us: int,
    duration_s: float,
    rng: np.random.Generator,
    *,
    hazards: bool = True,
    faults: bool = True,
    offset_s: float = 0.0,
) -> Iterator[SectorRun]:
    """Yield what ``n_sensors`` instruments of each kind of a sector would tell.

    Parameters
    ----------
    catalog : Catalog
    sector : str
        As in the catalog.
    n_sensors : int
        Of each kind.
    start_us : int
        Microseconds since 1970-01-01 UTC.
    duration_s : float
    rng : numpy.random.Generator
        It alone decides what is random.
    hazards, faults : bool
        Whether events in the world and faults of instruments befall them, by the rates of the kit.
    offset_s : float
        Local time minus UTC.

    Raises
    ------
    NotFound
        ``sector.unknown`` if the catalog has no such sector.
    """
    if sector not in catalog.sectors:
        known = ", ".join(catalog.sectors)
        raise NotFound("sector.unknown", at="sector", value=sector, params={"known": known})
    profiles = catalog.sectors[sector].profiles
    for entry, own in zip(profiles, rng.spawn(len(profiles)), strict=True):
        told = simulate(
            profile_of(catalog, entry),
            n_sensors,
            start_us,
            duration_s,
            own,
            hazards=hazards,
            faults=faults,
            offset_s=offset_s,
        )
        names = tuple(f"sim-{entry.kind}-{number:05d}" for number in range(n_sensors))
        yield SectorRun(entry.kind, catalog.sensor_kinds[entry.kind].quantity, names, told)


__all__ = ["Occurrence", "SectorRun", "profile_of", "simulate_sector"]
