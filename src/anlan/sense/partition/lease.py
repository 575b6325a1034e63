"""The right to fold a partition, lent for a while: a key in a JetStream bucket whose entries expire.

The server keeps the time. A lease keeps two workers from doing the same work; that nothing is told twice rests on the
streams of findings, which take one writer.
"""

import threading
from contextlib import suppress

from nats.js.errors import BucketNotFoundError, KeyNotFoundError, KeyWrongLastSequenceError
from nats.js.kv import KeyValue

from anlan.sense.partition.link import Link
from anlan.sense.stream.segments import LogFault

_RENEWALS = 3  # in the time for which it is lent


class Lease:
    """A claim on one key.

    Parameters
    ----------
    bucket
        Made if it is not there; then what it lends expires after ``lent_s``.
    holder
        Who claims it, for people who look.
    """

    def __init__(self, link: Link, bucket: str, key: str, holder: str, *, lent_s: float) -> None:
        self._link, self._key, self._holder, self._lent_s = link, key, holder.encode(), lent_s
        self._bucket = _bucket(link, bucket, lent_s)
        self._revision = 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._renew, name=f"anlan-lease-{key}", daemon=True)
        self.lost = False

    def claim(self, stop: threading.Event) -> bool:
        """Wait until nobody else holds it, and take it; return False if told to stop before."""
        while not stop.is_set():
            with suppress(KeyWrongLastSequenceError):
                self._revision = self._link.run(self._bucket.create(self._key, self._holder))
                self._thread.start()
                return True
            stop.wait(self._lent_s / _RENEWALS)
        return False

    def _renew(self) -> None:
        while not self._stop.wait(self._lent_s / _RENEWALS):
            try:
                self._revision = self._link.run(self._bucket.update(self._key, self._holder, last=self._revision))
            except (KeyWrongLastSequenceError, LogFault):
                self.lost = True
                return

    def check(self) -> None:
        """See that it is still held.

        Raises
        ------
        LogFault
            ``partition.lease`` if it is not: somebody else may be at work.
        """
        if self.lost:
            raise LogFault("partition.lease", value=self._key)

    def release(self) -> None:
        """Let another have it at once."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()
        if self._revision and not self.lost and not self._link.lost:
            with suppress(KeyNotFoundError, KeyWrongLastSequenceError):
                self._link.run(self._bucket.delete(self._key, last=self._revision))


def _bucket(link: Link, name: str, lent_s: float) -> KeyValue:
    try:
        return link.run(link.streams.key_value(name))
    except BucketNotFoundError:
        return link.run(link.streams.create_key_value(bucket=name, ttl=lent_s, history=1))
