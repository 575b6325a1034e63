"""What a model says of itself: what it takes and gives, where it holds, how far it can be trusted, who it is from."""

from dataclasses import dataclass
from enum import StrEnum


class Maturity(StrEnum):
    """How far a model can be trusted; shown beside every result of it.

    `screening`: right in kind and order of magnitude, to find where to look. `calibrated`: fitted to observations of
    the place. `verified`: reproduces published numbers of its own method within a stated tolerance.
    """

    SCREENING = "screening"
    CALIBRATED = "calibrated"
    VERIFIED = "verified"


@dataclass(frozen=True)
class Quantity:
    """A named number with its unit (``1`` for none) and the range in which the model holds, bounds included."""

    name: str
    unit: str
    least: float = float("-inf")
    most: float = float("inf")


@dataclass(frozen=True)
class ModelCard:
    """A model of `anlan.science`.

    Attributes
    ----------
    id : str
        Dotted name of its function under `anlan.science`.
    title : str
        What it is, in a line.
    inputs, outputs : tuple of Quantity
        What it takes, with the range it is valid for, and what it gives.
    limits : str
        What it leaves out: what a reader of its result must know.
    maturity : Maturity
    source : str
        The paper or standard.
    verified_by : str
        What it was checked against; empty only for `screening`.
    """

    id: str
    title: str
    inputs: tuple[Quantity, ...]
    outputs: tuple[Quantity, ...]
    limits: str
    maturity: Maturity
    source: str
    verified_by: str = ""
