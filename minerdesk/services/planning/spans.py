"""The changes of state in a schedule, each lasting until the next one of its row."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from minerdesk.services.planning.ledger import Ledger
from minerdesk.services.planning.problem_of import Question

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
States = NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Rows:
    """A schedule that is being worked on.

    Attributes:
        unit: (R,). rigs: (R,). state: (R, T).
    """

    unit: Ints
    rigs: Ints
    state: States


@dataclass(frozen=True, slots=True)
class Spans:
    """Changes of state, shape (N,), in the order of rows and time. Money is of all the row's rigs.

    Attributes:
        row: index of the row. unit, rigs: the row's.
        at, until: steps; ``until`` is the number of steps where they do not change again.
        before, after, then: states before ``at``, from then on, and from ``until`` on.
        revenue, paid, wear: over leaving them as they were; ``worth`` is the first less the others.
        later: the part of the worth earned in steps whose price is a forecast.
        after_retarget: the part of the revenue after the retarget.
        doubt: one standard deviation of the worth.
        kwh: more energy than as they were. price: mean at the meter, (N,), ``break_even`` likewise
            the price at which the running state earns nothing over off.
    """

    row: Ints
    unit: Ints
    rigs: Ints
    at: Ints
    until: Ints
    before: Ints
    after: Ints
    then: Ints
    revenue: Floats
    paid: Floats
    wear: Floats
    later: Floats
    after_retarget: Floats
    doubt: Floats
    kwh: Floats
    price: Floats
    break_even: Floats

    @property
    def worth(self) -> Floats:
        """Money over leaving the rigs as they were until they change again."""
        return self.revenue - self.paid - self.wear


def spans_of(question: Question, ledger: Ledger, rows: Rows) -> Spans:
    """Find and price every change of a schedule."""
    problem = question.problem
    units, steps = problem.units, problem.horizon.steps
    first = units.state[rows.unit].astype(np.int8)[:, None]
    row, at = np.nonzero(rows.state != np.concatenate((first, rows.state[:, :-1]), axis=1))
    row, at = row.astype(np.int64), at.astype(np.int64)
    ends = np.ones(len(row), np.bool_)
    ends[:-1] = row[1:] != row[:-1]
    until = np.where(ends, steps, np.append(at[1:], steps)) if len(row) else at
    unit, rigs = rows.unit[row], rows.rigs[row]
    earlier = rows.state[row, np.maximum(at - 1, 0)]
    before = np.where(at > 0, earlier, units.state[unit]).astype(np.int64)
    after = rows.state[row, at].astype(np.int64)
    then = np.where(until < steps, rows.state[row, np.minimum(until, steps - 1)], after).astype(
        np.int64
    )
    new, old = (ledger.spells(unit, state, at, until) for state in (after, before))
    lost_in, wear_in = ledger.change(unit, before, after, at)
    lost_out, wear_out = ledger.change(unit, after, then, until)
    lost_kept, wear_kept = ledger.change(unit, before, then, until)
    lost = lost_in + lost_out - lost_kept
    runs = after > 0
    moved = np.where(runs, new.earned, old.earned)
    doubt = np.sqrt(
        (question.error_of_income * moved) ** 2
        + (question.income.error * np.where(runs, new.after, old.after)) ** 2
        + (new.price_error - old.price_error) ** 2
    )
    off = ledger.spells(unit, np.zeros_like(unit), at, until)
    drawn = np.where(runs, new.kwh, old.kwh)
    with np.errstate(divide="ignore", invalid="ignore"):
        # What is asked of a kWh is the whole price, of which a host bears his share.
        paid, kept = np.where(runs, new.paid, old.paid), question.kept[units.site[unit]]
        price = np.where(drawn > 0, paid / (drawn * kept), np.nan)
        break_even = np.where(drawn > off.kwh, moved / ((drawn - off.kwh) * kept), np.nan)
    return Spans(
        row=row,
        unit=unit,
        rigs=rigs,
        at=at,
        until=until,
        before=before,
        after=after,
        then=then,
        revenue=(new.earned - old.earned - lost) * rigs,
        paid=(new.paid - old.paid) * rigs,
        wear=(wear_in + wear_out - wear_kept) * rigs,
        later=(new.later - old.later) * rigs,
        after_retarget=(new.after - old.after) * rigs,
        doubt=doubt * rigs,
        kwh=(new.kwh - old.kwh) * rigs,
        price=price,
        break_even=break_even,
    )


def without(rows: Rows, spans: Spans, which: Ints) -> tuple[Ints, States]:
    """Return the rows of some changes with each change left out.

    Args:
        rows: of the spans.
        spans: of the rows.
        which: (K,) indices of spans, of different rows each.

    Returns:
        (K,) indices of rows, and their (K, T) states.
    """
    index = spans.row[which]
    step = np.arange(rows.state.shape[1])
    inside = (step >= spans.at[which, None]) & (step < spans.until[which, None])
    return index, np.where(inside, spans.before[which, None], rows.state[index]).astype(np.int8)
