"""Plans by name in a bucket of JetStream: written by the gate's owner before the log says that they are in force."""

from contextlib import suppress

from nats.js.errors import BucketNotFoundError, ObjectNotFoundError

from anlan.sense.partition.blueprint import Blueprint
from anlan.sense.partition.link import Link
from anlan.sense.stream.segments import LogFault

_PATIENCE_S = 300.0  # a plan over a million sensors has 34 MB


class PlanStore:
    """Plans that workers look up; the last one is kept at hand."""

    def __init__(self, link: Link, bucket: str) -> None:
        self._link = link
        try:
            self._bucket = link.run(link.streams.object_store(bucket))
        except BucketNotFoundError:
            self._bucket = link.run(link.streams.create_object_store(bucket))
        self._held: dict[str, Blueprint] = {}

    def put(self, name: str, blueprint: Blueprint) -> None:
        """Keep a plan under a name; one that is there already stays."""
        with suppress(LogFault):
            self(name)
            return
        self._link.run(self._bucket.put(_key(name), blueprint.to_bytes()), _PATIENCE_S)

    def __call__(self, name: str) -> Blueprint:
        """Return a plan.

        Raises
        ------
        LogFault
            ``partition.plan`` if there is none of this name.
        """
        if name not in self._held:
            try:
                data = self._link.run(self._bucket.get(_key(name)), _PATIENCE_S).data
            except ObjectNotFoundError:
                raise LogFault("partition.plan", value=name) from None
            self._held = {name: Blueprint.from_bytes(data or b"")}
        return self._held[name]


def _key(name: str) -> str:
    return f"plan-{name}"
