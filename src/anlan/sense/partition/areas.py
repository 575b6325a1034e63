"""Which partition a sensor belongs to: the one of the town in which it lies."""

import hashlib
from collections.abc import Sequence

import numpy as np

from anlan.sense.stream.batch import Int32s

_TOWN_DIGITS = 9


def partition_of(area: str, partitions: int) -> int:
    """Return the partition of an area by its town; an area larger than a town is placed by itself.

    The same in every process and on every machine: BLAKE2b over the code (RFC 7693), not Python's own hash.
    """
    digest = hashlib.blake2b(area[:_TOWN_DIGITS].encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") % partitions


def partitions_of(areas: Sequence[str], partitions: int) -> Int32s:
    """Return the partition of each of some areas."""
    known = {area: partition_of(area, partitions) for area in set(areas)}
    return np.fromiter((known[area] for area in areas), np.int32, len(areas))
