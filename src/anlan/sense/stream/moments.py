"""Moments as the stream counts them: whole microseconds since 1970-01-01 UTC."""

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def moment(time_us: int) -> datetime:
    """Return the moment that a number stands for."""
    return _EPOCH + timedelta(microseconds=time_us)


def micros(at: datetime) -> int:
    """Return the number of a moment."""
    return (at - _EPOCH) // _MICROSECOND
