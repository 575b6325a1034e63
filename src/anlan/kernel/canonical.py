"""One way to write a value as bytes, so that its hash means something (RFC 8785, JSON Canonicalization Scheme)."""

import hashlib
import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from enum import Enum
from typing import Any

import numpy as np
import rfc8785
from pydantic import BaseModel

JSON = Any  # a value of JSON: None, bool, int, float, str, list or dict of such


def stamp(moment: datetime) -> str:
    """Write a moment as UTC text with microseconds, so that text order is time order."""
    if moment.tzinfo is None:
        raise ValueError(f"a moment without a zone: {moment!r}")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def plain(value: Any) -> JSON:
    """Turn models, moments, enums and NumPy scalars into JSON values; numbers that JSON lacks become None."""
    if isinstance(value, BaseModel):
        return plain(value.model_dump(mode="python", by_alias=True))
    if isinstance(value, datetime):
        return stamp(value)
    if isinstance(value, Enum):
        return plain(value.value)
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, set | frozenset):
        return sorted(plain(v) for v in value)
    if isinstance(value, Sequence | np.ndarray) and not isinstance(value, str | bytes):
        return [plain(v) for v in value]
    return value


def canonical(value: Any) -> bytes:
    """Return the RFC 8785 form of a value, UTF-8."""
    return rfc8785.dumps(plain(value))


def digest(value: Any) -> str:
    """Return the SHA-256 of a value's canonical form, in hexadecimal."""
    return hashlib.sha256(canonical(value)).hexdigest()
