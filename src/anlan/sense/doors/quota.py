"""How much a source may send: a bucket of tokens that fills at its quota, on the world's clock."""

import threading
from dataclasses import dataclass


@dataclass
class Bucket:
    """Tokens of one source, one for each observation.

    Whoever finds a token may take a whole message, and the bucket may owe tokens afterwards: a message larger than the
    bucket passes, and is paid for by what comes later. Over a long time nobody sends more than the quota and one
    bucket and one message. (A token bucket as of RFC 2697, section 3, with debt instead of a larger burst.)
    """

    per_s: float
    most: float
    level: float
    at_s: float

    def wait_s(self, now_s: float) -> float:
        """Return how long until there is a token, s; 0 if there is one."""
        self.level = min(self.most, self.level + max(0.0, now_s - self.at_s) * self.per_s)
        self.at_s = now_s
        return 0.0 if self.level > 0 else (1.0 - self.level) / self.per_s

    def take(self, count: int) -> None:
        """Pay for a message."""
        self.level -= count


class Quotas:
    """The buckets of all sources; safe for many threads."""

    def __init__(self, burst_s: float) -> None:
        self._burst_s = burst_s
        self._buckets: dict[str, Bucket] = {}
        self._lock = threading.Lock()

    def wait_s(self, source: str, per_s: float, now_s: float) -> float:
        """Return how long a source has to wait before its next message, s."""
        with self._lock:
            return self._bucket(source, per_s, now_s).wait_s(now_s)

    def take(self, source: str, per_s: float, count: int, now_s: float) -> float:
        """Pay for a message of ``count`` observations and return 0, or return how long to wait and take nothing."""
        with self._lock:
            bucket = self._bucket(source, per_s, now_s)
            wait_s = bucket.wait_s(now_s)
            if wait_s == 0:
                bucket.take(count)
            return wait_s

    def _bucket(self, source: str, per_s: float, now_s: float) -> Bucket:
        bucket = self._buckets.get(source)
        if bucket is None or bucket.per_s != per_s:
            most = max(1.0, per_s * self._burst_s)
            bucket = self._buckets[source] = Bucket(per_s, most, most, now_s)
        return bucket
