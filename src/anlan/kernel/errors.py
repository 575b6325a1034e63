"""Errors that Anlan raises on purpose.

::

    AnlanError
    ├── Invalid        the request breaks a rule; nothing was changed          (HTTP 422)
    ├── Forbidden      the actor's roles or area do not reach that far         (HTTP 403)
    ├── Unauthenticated  nobody is signed in, or the credential does not hold  (HTTP 401)
    ├── NotFound       no such thing, or none that this actor may see          (HTTP 404)
    └── Conflict       the thing is not in a state that allows the act         (HTTP 409)

An error carries a code and parameters; the sentence for people stands in ``locale``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from anlan.catalog.texts import text


@dataclass(frozen=True)
class Place:
    """One faulty place of a request: where it is, what stands there, which rule it breaks."""

    at: str
    value: Any
    rule: str


@dataclass(eq=False)
class AnlanError(Exception):
    """Base of all errors raised on purpose; ``code`` names the sentence in ``locale``."""

    code: str
    at: str | None = None
    value: Any = None
    params: Mapping[str, Any] = field(default_factory=dict)
    places: Sequence[Place] = ()

    status: ClassVar[int] = 500

    def message(self, lang: str = "zh") -> str:
        """Return the sentence for people in one language."""
        return text(self.code, lang, at=self.at, value=self.value, **self.params)

    def __str__(self) -> str:
        return self.message("en")


class Invalid(AnlanError):
    """The request breaks a rule, and nothing was changed."""

    status = 422


class Forbidden(AnlanError):
    """The actor's roles or area do not reach that far."""

    status = 403


class Unauthenticated(AnlanError):
    """Nobody is signed in, or the credential does not hold."""

    status = 401


class NotFound(AnlanError):
    """There is no such thing, or none that this actor may see."""

    status = 404


class Conflict(AnlanError):
    """The thing is not in a state that allows the act."""

    status = 409
