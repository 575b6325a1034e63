"""Sharing a known whole among parts in whole numbers."""

import numpy as np
import numpy.typing as npt


def apportion(total: int, weights: npt.ArrayLike, least: int = 0) -> npt.NDArray[np.int64]:
    """Share ``total`` in proportion to ``weights`` by the largest remainder (Hamilton), ``least`` to each first.

    Parameters
    ----------
    total
        What is shared; the parts sum to it exactly.
    weights
        Shape (n,), not negative, not all zero.
    least
        What each part gets before the rest is shared.

    Returns
    -------
    Shape (n,). Equal remainders go to the earlier part.
    """
    weight = np.asarray(weights, dtype=np.float64)
    spare = total - least * len(weight)
    if spare < 0:
        raise ValueError(f"{total} is not enough for {least} to each of {len(weight)} parts")
    quota = spare * weight / weight.sum()
    parts: npt.NDArray[np.int64] = np.floor(quota).astype(np.int64)
    order = np.argsort(-(quota - parts), kind="stable")
    parts[order[: spare - int(parts.sum())]] += 1
    parts += least
    return parts
