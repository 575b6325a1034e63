"""Which doors stand open: ``doors.yaml`` in the data folder.

No secret stands in it, only the names of environment variables and files that hold them.
"""

import os
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import SplitResult, urlsplit

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from anlan.catalog.documents import read
from anlan.kernel.errors import Invalid, Place
from anlan.sense.doors.decode.forms import FORMS

FILE = "doors.yaml"
_SCHEMES = {"mqtt": 1883, "mqtts": 8883}

Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Secret(_Part):
    """Where a secret stands: a variable of the environment, or a file (relative to the data folder)."""

    env: str | None = None
    file: Path | None = None

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if (self.env is None) == (self.file is None):
            raise ValueError("env or file, one of them")
        return self

    def read(self, folder: Path) -> str:
        """Return the secret.

        Raises
        ------
        Invalid
            ``doors.secret`` if it is not there; the error names the place and never the secret.
        """
        if self.env is not None:
            found = os.environ.get(self.env)
            if found:
                return found
            raise Invalid("doors.secret", at="env", value=self.env)
        path = folder / (self.file or "")
        try:
            return path.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            raise Invalid("doors.secret", at="file", value=str(self.file)) from None


class _Door(_Part):
    name: Name
    on: bool = True


class _Server(_Door):
    """What doors to servers share: where, and as whom."""

    url: str
    username: Secret | None = None
    password: Secret | None = None
    ca_file: Path | None = None
    cert_file: Path | None = None
    key_file: Path | None = None

    @model_validator(mode="after")
    def _holds_no_secret(self) -> Self:
        if "@" in urlsplit(self.url).netloc:
            raise ValueError("no user and no password in the url")
        return self


class Subscription(_Part):
    """Topics that are listened to.

    Topics ``anlan/v1/<source>/observations[/<form>]`` tell their source themselves; devices' own topics need a
    ``source``, and a ``mapping`` unless the source has one. With ``group`` the subscription is shared with others of
    that group (``$share``): each message goes to one of them.
    """

    topic: str = Field(min_length=1)
    qos: Literal[0, 1, 2] = 1
    source: str | None = None
    mapping: str | None = None
    form: str | None = None
    group: Name | None = None

    @model_validator(mode="after")
    def _form_is_known(self) -> Self:
        if self.form is not None and self.form not in FORMS:
            raise ValueError(", ".join(FORMS))
        return self

    @property
    def filter(self) -> str:
        """The topic filter as the broker gets it."""
        return self.topic if self.group is None else f"$share/{self.group}/{self.topic}"


class Mqtt(_Server):
    """A connection to an MQTT broker. A source that must not hold up others gets a connection of its own."""

    version: Literal["3.1.1", "5"] = "5"
    client_id: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    keepalive_s: int = Field(default=30, ge=5, le=3600)
    session_s: int = Field(default=86_400, ge=0)
    receive_maximum: int = Field(default=1000, ge=1, le=65_535)
    subscriptions: tuple[Subscription, ...] = (Subscription(topic="anlan/v1/+/observations/#"),)

    @model_validator(mode="after")
    def _url_is_of_a_broker(self) -> Self:
        if urlsplit(self.url).scheme not in _SCHEMES or not urlsplit(self.url).hostname:
            raise ValueError("mqtt://host:port, mqtts://host:port")
        return self

    @property
    def address(self) -> tuple[str, int, bool]:
        """Host, port, and whether it is by TLS."""
        parts: SplitResult = urlsplit(self.url)
        return parts.hostname or "", parts.port or _SCHEMES[parts.scheme], parts.scheme == "mqtts"


class Nats(_Server):
    """A durable consumer of a JetStream stream.

    Subjects ``anlan.v1.<source>.observations[.<form>]`` tell their source themselves; others need a ``source``.
    """

    stream: str = Field(min_length=1)
    durable: Name
    subject: str = "anlan.v1.*.observations.>"
    fetch: int = Field(default=200, ge=1, le=10_000)
    pending: int = Field(default=2000, ge=1)
    source: str | None = None
    mapping: str | None = None
    form: str | None = None


class Bridge(_Server):
    """The MQTT side of SensorThings: observations from a broker, and changes told to it.

    ``user`` is the account as which observations come in and whose areas are told; ``base`` the address under which
    the HTTP side is reached from outside.
    """

    user: str = Field(min_length=1)
    base: str = Field(min_length=1)
    client_id: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    root: str = "v1.1"
    lang: Literal["zh", "en"] = "zh"

    @model_validator(mode="after")
    def _url_is_of_a_broker(self) -> Self:
        if urlsplit(self.url).scheme not in _SCHEMES or not urlsplit(self.url).hostname:
            raise ValueError("mqtt://host:port, mqtts://host:port")
        return self


class Watch(_Door):
    """A folder with a folder for each source, from which complete files are taken (relative to the data folder)."""

    folder: Path
    every_s: float = Field(default=2.0, gt=0)


class DoorsConfig(_Part):
    """All doors besides HTTP, which stands open whenever the server runs."""

    mqtt: tuple[Mqtt, ...] = ()
    nats: tuple[Nats, ...] = ()
    watch: tuple[Watch, ...] = ()
    sensorthings: tuple[Bridge, ...] = ()

    @model_validator(mode="after")
    def _names_are_different(self) -> Self:
        doors: tuple[_Door, ...] = (*self.mqtt, *self.nats, *self.watch, *self.sensorthings)
        names = [door.name for door in doors]
        if len(set(names)) < len(names):
            raise ValueError(", ".join(names))
        return self


def read_config(folder: Path) -> DoorsConfig:
    """Return what stands in a data folder's ``doors.yaml``; without the file, no door but HTTP is open.

    Raises
    ------
    Invalid
        ``doors.config`` with every place that does not hold.
    """
    path = folder / FILE
    if not path.exists():
        return DoorsConfig()
    document, faults = read(path, FILE)
    if faults:
        places = [Place(f"{FILE}:{fault.line}", fault.value, str(fault)) for fault in faults]
        raise Invalid("doors.config", at=FILE, params={"reason": str(faults[0])}, places=places)
    try:
        return DoorsConfig.model_validate({} if document.value is None else document.value)
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False)
        places = [Place(_path(one["loc"]), _short(one["input"]), one["msg"]) for one in found]
        told = "; ".join(f"{place.at}: {place.rule}" for place in places)
        raise Invalid("doors.config", at=FILE, params={"reason": told}, places=places) from None


def _path(loc: tuple[int | str, ...]) -> str:
    return ".".join(str(step) for step in loc) or FILE


def _short(value: Any) -> str:
    return "" if isinstance(value, dict | BaseModel) else str(value)[:80]
