"""What may be wrong with a request, in the status codes of the standard."""

from typing import Any, ClassVar

from anlan.kernel.errors import AnlanError, Invalid, NotFound


class NotOffered(AnlanError):
    """The standard knows it, and this service does not (18-088 requirement request-data/query-status-code)."""

    status: ClassVar[int] = 501


class NotAllowed(AnlanError):
    """The entities of this set cannot be treated so."""

    status: ClassVar[int] = 405


class Gone(NotFound):
    """The entity was there and is no more (18-088 requirement request-data/status-code)."""

    status: ClassVar[int] = 410


def status_of(error: AnlanError) -> int:
    """Return the status code by which the standard tells of an error: a bad request is 400 and not 422."""
    return 400 if error.status == Invalid.status else error.status


def bad_option(option: str, value: Any, near: str = "") -> Invalid:
    """Return the error for a query option that cannot be understood, near some words of it."""
    return Invalid("sensorthings.option", at=option, value=value, params={"near": near or value})
