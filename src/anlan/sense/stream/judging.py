"""The quality of rows that no rule looks at: those of the past, and those that came late.

The rule engine judges what it evaluates; these go by the same order of questions, so that the history marks a value
alike, whichever way it came.
"""

import numpy as np

from anlan.science.rules.plan import Plan
from anlan.sense.stream.batch import GOOD, MISSING, OUT_OF_RANGE, Batch, Bytes


def judged(batch: Batch, plan: Plan) -> Bytes:
    """Return the quality of each row of sensors, by what its sender says and by the range of its sensor.

    What the sender does not call good stays what it says; of the rest, NaN is missing, and a value beyond the range of
    its sensor, both ends of which belong to it, is out of range.
    """
    inside = (plan.low[batch.sensor] <= batch.value) & (batch.value <= plan.high[batch.sensor])
    own = np.where(np.isnan(batch.value), np.uint8(MISSING), np.where(inside, np.uint8(GOOD), np.uint8(OUT_OF_RANGE)))
    return np.where(batch.quality == GOOD, own, batch.quality)
