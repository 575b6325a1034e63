"""The newest of every sensor, as arrays by its number."""

from dataclasses import dataclass

import numpy as np

from anlan.sense.stream.batch import GOOD, Batch, Bytes, Floats, Int64s

NEVER_US = np.iinfo(np.int64).min
"""The time of a sensor that has told nothing."""


@dataclass
class Latest:
    """What each sensor told last: time in µs since 1970 UTC, value, quality."""

    time_us: Int64s
    value: Floats
    quality: Bytes

    @classmethod
    def of(cls, count: int) -> "Latest":
        """Return sensors that have told nothing."""
        return cls(np.full(count, NEVER_US), np.full(count, np.nan), np.full(count, GOOD, np.uint8))

    def __len__(self) -> int:
        return len(self.time_us)

    def grown(self, count: int) -> "Latest":
        """Return the same with room for more sensors."""
        more = Latest.of(count - len(self))
        return Latest(
            np.concatenate([self.time_us, more.time_us]),
            np.concatenate([self.value, more.value]),
            np.concatenate([self.quality, more.quality]),
        )

    def take(self, batch: Batch) -> None:
        """Take rows that each are newer than what their sensor told before, in order: the last of a sensor stays."""
        self.time_us[batch.sensor] = batch.time_us
        self.value[batch.sensor] = batch.value
        self.quality[batch.sensor] = batch.quality
