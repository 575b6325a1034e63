"""The scoring of the Battle of the Attack Detection Algorithms (BATADAL), as published.

An algorithm says for every hour whether the system is under attack. Its score is the mean of two: how soon after its
start each attack is found, as a share of its length; and the mean of the shares of hours rightly told under attack and
rightly told safe.

References
----------
Taormina, R. et al. (2018). Battle of the attack detection algorithms: disclosing cyber attacks on water distribution
networks. J. Water Resour. Plann. Manage. 144(8), 04018048, doi:10.1061/(ASCE)WR.1943-5452.0000969, section on
evaluation: S_TTD = 1 - (1/n) sum TTD_i / dt_i; S_CM = (TPR + TNR) / 2; S = gamma S_TTD + (1 - gamma) S_CM, gamma 0.5.
"""

from dataclasses import dataclass

import numpy as np

from anlan.science.arrays import Bools, Ints

_GAMMA = 0.5  # both parts alike


@dataclass(frozen=True)
class Verdict:
    """How an algorithm stands.

    Attributes
    ----------
    score, time_to_detection, classification : float
        S, S_TTD and S_CM, from 0 to 1.
    true_positive_rate, true_negative_rate : float
    delay : (k,) array of int
        For each attack, samples from its start until it was found; its whole length where it was not.
    length : (k,) array of int
        Samples of each attack.
    found : (k,) array of bool
    """

    score: float
    time_to_detection: float
    classification: float
    true_positive_rate: float
    true_negative_rate: float
    delay: Ints
    length: Ints
    found: Bools


def attacks(attacked: Bools) -> Ints:
    """Return the first sample of each unbroken run of attacked ones, and the one after its last, as (k, 2)."""
    edges = np.diff(np.concatenate([[False], attacked, [False]]).astype(np.int8))
    return np.stack([np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)], axis=1).astype(np.int64)


def judged(told: Bools, attacked: Bools) -> Verdict:
    """Score what an algorithm told of each sample against the labels.

    Raises
    ------
    ValueError
        If lengths differ, or the labels have no attack or nothing but attack: then there is no score.

    Examples
    --------
    >>> attacked = np.array([0, 0, 1, 1, 1, 1, 0, 0], bool)
    >>> told = np.array([0, 0, 0, 1, 1, 1, 1, 0], bool)
    >>> judged(told, attacked).score
    0.75
    """
    if told.shape != attacked.shape or attacked.all() or not attacked.any():
        raise ValueError(f"told, attacked: shapes {told.shape}, {attacked.shape}, attacked {int(attacked.sum())}")
    spans = attacks(attacked)
    length = spans[:, 1] - spans[:, 0]
    found = np.array([told[first:end].any() for first, end in spans.tolist()])
    first_told = np.array([int(np.argmax(told[first:end])) for first, end in spans.tolist()], np.int64)
    delay = np.where(found, first_told, length)
    time_to_detection = 1.0 - float(np.mean(delay / length))
    positive, negative = float(told[attacked].mean()), float((~told[~attacked]).mean())
    classification = (positive + negative) / 2.0
    return Verdict(
        score=_GAMMA * time_to_detection + (1.0 - _GAMMA) * classification,
        time_to_detection=time_to_detection,
        classification=classification,
        true_positive_rate=positive,
        true_negative_rate=negative,
        delay=delay,
        length=length,
        found=found,
    )
