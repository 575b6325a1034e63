"""Rules on streams: any number of sensors, each with its conditions, and groups over them.

A *slot* is one condition on one sensor. `advance` takes rows in the order of their arrival, in batches of any size,
and tells a verdict on each row and every change of level of a slot or a group. All that it does follows from the order
of the rows and from nothing else: not from how they are cut into batches, nor from any clock. A row of sensor -1 is a
*tick*: it only tells the time, and what depends on time passing is seen at ticks only. A tick that is not after the
tick before is `LATE` and does nothing.

Verdicts
--------
Each sensor has a *newest* row, by the time that rows bear. A row before it is `LATE`: never evaluated. A row of the
same time is a `DUPLICATE` if its value is the same (NaN as NaN), else a `CONFLICT`: the first wins. A row after it
becomes the newest. It is `EVALUATED` if its quality is good and its value lies in the sensor's range (ends included; an
infinite value lies in none); otherwise it is `HEARD`: the sensor is alive, but the row is no *sample*: to all kinds
but silence and faulty it is as if it had never been sent.

Levels
------
Each level of a condition is a flip-flop. It is *set* by a sample that ends an unbroken run of samples which all meet
the level and span at least ``hold_s``; it is *reset* by a sample that ends an unbroken run of samples which are all
clear of the level and span at least ``clear_hold_s``; in between it keeps its state. A level that is set sets every
milder one. The level of a slot is its gravest level set. A silence longer than ``max_gap_s`` breaks a run: the next
sample starts a new one. A sample without a number (see below) neither makes nor breaks a run. Outside its schedule a
condition is met by nothing, and every sample is clear of every level. A finding bears the time of the sample that
proved it, never a time between samples.

Kinds: the number that is compared
----------------------------------
threshold
    The value.
rate
    The change over ``window_s``: the difference from an earlier sample that is at least ``window_s`` old, divided by
    the time between and multiplied by ``window_s``. Not all samples are kept: a sample is an anchor if it is the
    first, or at least a fourth of the window after the last anchor; the earlier sample is the newest anchor that is old
    enough. A gap longer than ``max_gap_s`` forgets all anchors. No number before there is such an anchor.
deviation
    How many scales the value lies from what its sensor shows at this part of the ``season``: (value - location) /
    scale of the bin ``floor(bins (t mod period) / period)``, t since 1970-01-01 UTC. Location and scale are learned by
    the robust exponential smoothing of Gelper, Fried and Croux (2010): a residual is clipped at two scales before the
    location learns it, and the squared scale learns a bounded rho of it, so that outliers neither move the one nor
    blow up the other. The n-th sample of a bin is learned with the gain max(2 / (n + 1), 1 / memory); the first
    residual that is not zero is the first scale; the scale that divides is at least ``tolerance``; where it is zero,
    the number is 0. A value is judged before it is learned. No number before the bin has seen ``warm`` samples.
stuck
    The seconds since the value last moved: since the sample that last differed from its reference by more than
    ``tolerance``, and so became the reference. The first sample, and the first after a gap, is the reference.
silence
    The seconds since the newest row of the sensor, `HEARD` rows included; a sensor never heard counts from the first
    tick. Its samples are the ticks, so silences are found at ticks; and, while a level stands or a run is on, also the
    rows of the sensor, so that a row ends a silence at once. At a row, the time is the later of its own and the last
    tick's, and the number is by how much the row is older than the last tick. Gaps break nothing here.
faulty
    1 for a `HEARD` row, 0 for an `EVALUATED` one; gaps are counted between rows of either sort.
drift
    By how many scales, whichever way, a quick and a slow robust mean of the values lie apart: two exponential means
    (Roberts 1959) with gains dt / (tau + dt), the first-order low-pass, tau being ``window_s`` and 30 times that; each
    learns residuals clipped as above, and the scale is learned as above from the residuals to the quick mean, with the
    slow gain. Until tau + dt has passed since the first sample, the gain is dt over that time, the plain mean over
    time. No number before three windows have passed. Gaps break runs, and forget nothing.

Groups
------
A group counts, in each of its terms, the member slots that stand at the term's level or above. A member that leaves
its level lingers: it counts until ``window_s`` after the finding that told that it left; the end is seen at the first
tick that is so late. A level of a group is met if all of its terms, or any one, count at least what the level needs;
not to meet it is to be clear of it. It is a flip-flop like the others. Its samples are the rows by which a member
comes or leaves, the ticks by which members come, leave or end lingering, and all ticks while a run is on or a member
lingers. The time of a group is the newest of the ticks and of the rows that have touched it.

Change of rules
---------------
`carried` takes what is remembered to another plan. Sensors keep their newest row, by their numbers. A slot
of the same key keeps the flip-flops of the same grades; its memory, if kind, window, tolerance and season are the same;
its runs, if the whole condition is the same. Groups likewise. Other slots and groups start fresh.

References
----------
ANSI/ISA-18.2-2016 and IEC 62682:2014, *Management of alarm systems*: alarm deadband, on-delay, off-delay.
Gelper, S., Fried, R. and Croux, C. (2010), Robust forecasting with exponential and Holt-Winters smoothing. *Journal of
Forecasting* 29, 285-300.
Roberts, S. W. (1959), Control chart tests based on geometric moving averages. *Technometrics* 1, 239-250.
"""

from anlan.science.rules.carry import carried, restored
from anlan.science.rules.conditions import Condition, Group, Level, Schedule, Season, Term
from anlan.science.rules.engine import Findings, Outcome, advance
from anlan.science.rules.memory import CONFLICT, DUPLICATE, EVALUATED, HEARD, LATE
from anlan.science.rules.plan import Plan
from anlan.science.rules.series import Found, Interval, Series, evaluate_many, evaluate_series, intervals
from anlan.science.rules.state import EngineState

__all__ = [
    "CONFLICT",
    "DUPLICATE",
    "EVALUATED",
    "HEARD",
    "LATE",
    "Condition",
    "EngineState",
    "Findings",
    "Found",
    "Group",
    "Interval",
    "Level",
    "Outcome",
    "Plan",
    "Schedule",
    "Season",
    "Series",
    "Term",
    "advance",
    "carried",
    "evaluate_many",
    "evaluate_series",
    "intervals",
    "restored",
]
