"""What a chunk of units earns, pays and may do in each step: all that no price of power changes.

Arrays have the steps first and the units last, so that one step of all units lies together.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from minerdesk.engine.dispatch.problem import OFF_STATE, Bools, Floats, Ints, Problem

# Every change must be worth more than this fraction of a step's largest money, far under the error
# of its sums and far over their rounding: of equal plans that leaves the one with fewer changes.
_NUDGE = 1e-12
_CHUNK_BYTES = 48 * 2**20
_MOST_UNITS = 1024
_FEW_UNITS = 512


@dataclass(frozen=True, slots=True)
class Limits:
    """Minimum times and starts of n units, as steps and starts that remain.

    Attributes:
        on, off: (n,) steps a unit must stay after the one in which it started, or stopped.
        now: (n,) steps it must still stay at the beginning of the horizon.
        most, left: (n,) starts in a full day, and what remains of them on the first day; more than
            fit into a day are never counted. 0 where starts are not limited.
        spent: (n,) what a start takes of them: 1, or 0 where starts are not limited.
    """

    on: Ints
    off: Ints
    now: Ints
    most: Ints
    left: Ints
    spent: Ints

    @property
    def shape(self) -> tuple[int, int, int]:
        """Numbers of remaining steps while on, while off, and of remaining starts; each from 0."""
        off = max(int(self.off.max()), int(self.now.max()))
        on = max(int(self.on.max()), int(self.now.max()))
        return on + 1, off + 1, int(self.most.max()) + 1


@dataclass(frozen=True, slots=True)
class Coefficients:
    """A chunk of n units of at most M modes; money is of one rig.

    Attributes:
        units: (n,) indices into the problem's units.
        earned: (T, M, n) money, -inf where the mode is not allowed. off_earned: (T, n) 0 or -inf.
        kwh: (M, n) of a step. off_kwh: (n,).
        start_cost: (T, M, n) money, inf where nothing may start. change_cost: (T, M, n).
        stop_cost: (n,). nudge: (n,) what each of the three holds to break ties, no real money.
        forced: (T, n) whether a stop need not wait for the minimum time on.
        new_day: (T, n) whether the count of starts begins anew.
        state: (n,) before the horizon.
    """

    units: Ints
    earned: Floats
    off_earned: Floats
    kwh: Floats
    off_kwh: Floats
    start_cost: Floats
    change_cost: Floats
    stop_cost: Floats
    nudge: Floats
    forced: Bools
    new_day: Bools
    state: Ints
    limits: Limits


def chunks(problem: Problem) -> Iterator[Ints]:
    """Yield indices of units that are planned together: alike in shape, and within memory.

    Units of other shapes fill up a small chunk: the steps of one chunk are cheaper than of two.
    """
    units, steps = problem.units, problem.horizon.steps
    modes = units.modes - np.argmax(units.has[:, ::-1], axis=1)
    limits = _limits(problem, np.arange(units.count))
    shape = np.column_stack((units.most_starts > 0, modes, limits.most, limits.on, limits.off))
    order = np.lexsort(shape.T[::-1])
    # Plain numbers, for this goes through all units one by one.
    shapes: list[list[int]] = shape[order].tolist()
    start, largest, most_units = 0, [0] * shape.shape[1], 1
    for at, (here, before) in enumerate(zip(shapes, [[], *shapes], strict=False)):
        other, size = here != before, at - start
        if other:
            largest = [max(each) for each in zip(largest, here, strict=True)]
            most_units = _most_units(largest, steps)
        if size >= most_units or (other and size >= _FEW_UNITS):
            yield order[start:at]
            start, largest, most_units = at, here, _most_units(here, steps)
    if shapes:
        yield order[start:]


def _most_units(shape: list[int], steps: int) -> int:
    """Return how many units of a shape a chunk may hold."""
    _, modes, most, on, off = shape
    arrays = (most + 1) * ((on + 2) * modes + off + 2) + 6 * modes
    return max(16, min(_MOST_UNITS, _CHUNK_BYTES // (8 * steps * arrays)))


def coefficients(problem: Problem, units: Ints) -> Coefficients:
    """Return the coefficients of some units.

    Args:
        problem: what is planned.
        units: indices, from `chunks`.
    """
    horizon, every, rules = problem.horizon, problem.units, problem.rules
    modes = int((every.modes - np.argmax(every.has[units, ::-1], axis=1)).max())
    site, rule = every.site[units], every.rule[units]
    keep = every.keep[units]
    earned = (
        horizon.income_subsidy[:, None, None] * (every.paid_subsidy[units, :modes].T * keep)
        + horizon.income_fees[:, None, None] * (every.paid_fees[units, :modes].T * keep)
    )  # fmt: skip
    kwh = every.kw[units, :modes].T * horizon.hours
    nudge = _NUDGE * (
        np.abs(earned).max(axis=(0, 1))
        + np.abs(kwh).max(axis=0) * np.abs(horizon.price).max(axis=1)[site]
    )
    change_cost = _lost(earned, every.mode_lost_h[units] / horizon.hours, nudge)
    wear = every.wear_start[units] + np.where(rules.may_start.T[:, site], nudge, np.inf)
    start_cost = _lost(earned, every.start_lost_h[units] / horizon.hours, wear[:, None])
    forced = rules.forced_off.T[:, rule]
    allowed = rules.allowed.transpose(1, 2, 0)[:, :, rule]
    may_run = allowed[:, 1 : modes + 1] & every.has[units, :modes].T & ~forced[:, None]
    np.copyto(earned, -np.inf, where=~may_run)
    new_day = np.zeros_like(forced)
    new_day[1:] = (np.diff(horizon.day, axis=1) != 0).T[:, site]
    return Coefficients(
        units=units,
        earned=earned,
        off_earned=np.where(allowed[:, OFF_STATE] | forced, 0.0, -np.inf),
        kwh=kwh,
        off_kwh=every.off_kw[units] * horizon.hours,
        start_cost=start_cost,
        change_cost=change_cost,
        stop_cost=every.wear_stop[units] + nudge,
        nudge=nudge,
        forced=forced,
        new_day=new_day,
        state=every.state[units].astype(np.int64),
        limits=_limits(problem, units),
    )


def _lost(earned: Floats, steps: Floats, more: Floats) -> Floats:
    """Return what is not earned in so many steps from each step on, and more, (T, M, n).

    Args:
        earned: (T, M, n) money.
        steps: (n,) that are lost.
        more: what is added, of a shape that fits.
    """
    if not steps.any():
        return np.broadcast_to(more, earned.shape)
    lost = np.minimum(steps, 1.0) * earned
    lost += more
    for later in range(1, min(int(np.ceil(steps.max())), len(earned))):
        lost[: len(earned) - later] += np.clip(steps - later, 0.0, 1.0) * earned[later:]
    return lost


def _limits(problem: Problem, units: Ints) -> Limits:
    every, steps = problem.units, problem.horizon.steps
    # Longer than the horizon is as good as to its end.
    on = np.minimum(every.min_on[units] - 1, steps)
    off = np.minimum(every.min_off[units] - 1, steps)
    least = np.where(every.state[units] == OFF_STATE, every.min_off[units], every.min_on[units])
    longest_day = max(
        int(np.unique(day, return_counts=True)[1].max()) for day in problem.horizon.day
    )
    fit = 1 + (longest_day - 1) // (1 + every.min_off[units])
    most = every.most_starts[units]
    return Limits(
        on=on,
        off=off,
        now=np.clip(least - every.age[units], 0, steps),
        most=np.minimum(most, fit),
        left=np.clip(most - every.starts_today[units], 0, np.minimum(most, fit)),
        spent=(most > 0).astype(np.int64),
    )
