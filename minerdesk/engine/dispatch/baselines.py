"""What the plan is held against: simple rules that an operator could follow instead.

Each rig follows a score: in every step it goes to the state with the highest one among those that
it may be in, as it stands then; of equal ones it keeps what runs. What binds a single rig (events,
pins, minimum times, starts a day, hours when nothing may start) is so obeyed wherever that is
possible, as any firmware or foreman would; what binds a whole site is not looked at.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from minerdesk.engine.dispatch.broken import Broken
from minerdesk.engine.dispatch.problem import (
    OFF_STATE,
    Bools,
    Floats,
    Ints,
    Problem,
    Schedule,
    States,
)
from minerdesk.engine.dispatch.reprice import Repriced, reprice

Score = Callable[[int], Floats]


@dataclass(frozen=True, slots=True)
class Baseline:
    """A simple schedule and its money, starts and idle rigs paid as in the plan.

    Attributes:
        schedule: one row per unit.
        priced: what it is worth and which rules it breaks.
    """

    schedule: Schedule
    priced: Repriced

    @property
    def objective(self) -> float | None:
        """What it is worth, comparable with a plan's objective; None where it breaks a rule."""
        return None if self.priced.broken else self.priced.objective

    @property
    def breaks(self) -> Broken | None:
        """The rule it breaks first, if any."""
        return min(self.priced.broken, key=lambda each: (each.step, each.rule), default=None)


def always_on(problem: Problem) -> Baseline:
    """Every rig on, in the one mode that is worth most over the horizon, as far as it may be.

    Those that are off start in the first step they may; those in another mode change in the first.
    """
    units = problem.units
    total = sum(_step_value(problem, step) for step in range(problem.horizon.steps))
    score = np.zeros((units.count, 1 + units.modes))
    score[:, OFF_STATE] = -1.0
    score[np.arange(units.count), 1 + np.argmax(np.asarray(total)[:, 1:], axis=1)] = 1.0
    return _baseline(problem, lambda _step: score)


def threshold(problem: Problem) -> Baseline:
    """In every step the state that is worth most in it, what a change costs not being looked at."""
    return _baseline(problem, lambda step: _step_value(problem, step))


def as_it_is(problem: Problem) -> Baseline:
    """Every rig stays as it is before the horizon, and goes back to it after an event."""
    units = problem.units
    score = (np.arange(1 + units.modes) == units.state[:, None]).astype(float)
    return _baseline(problem, lambda _step: score)


def all_off(problem: Problem) -> Baseline:
    """Every rig is powered down in the first step it may be, and stays off."""
    units = problem.units
    score = np.zeros((units.count, 1 + units.modes))
    score[:, OFF_STATE] = 1.0
    return _baseline(problem, lambda _step: score)


def _baseline(problem: Problem, score: Score) -> Baseline:
    units = problem.units
    schedule = Schedule(np.arange(units.count), units.rigs, _follow(problem, score))
    return Baseline(schedule, reprice(problem, schedule))


def _step_value(problem: Problem, step: int) -> Floats:
    """Return (U, M + 1) money of one rig in each state of a step; -inf in a mode it lacks."""
    units, horizon = problem.units, problem.horizon
    income = (
        units.paid_subsidy * horizon.income_subsidy[step]
        + units.paid_fees * horizon.income_fees[step]
    )
    kwh_price = (horizon.price[units.site, step] * horizon.hours)[:, None]
    value = np.where(units.has, income * units.keep[:, None] - units.kw * kwh_price, -np.inf)
    return np.column_stack((-units.off_kw * kwh_price[:, 0], value))


def _follow(problem: Problem, score: Score) -> States:
    """Return (U, T) states of rigs that go where the score is highest."""
    units, horizon, rules = problem.units, problem.horizon, problem.rules
    every = np.arange(units.count)
    state, used = units.state.astype(np.int64), units.starts_today
    least = np.where(state == OFF_STATE, units.min_off, units.min_on)
    stay = np.maximum(least - units.age, 0)
    states = np.empty((units.count, horizon.steps), np.int8)
    for step in range(horizon.steps):
        if step > 0:
            same_day = horizon.day[:, step] == horizon.day[:, step - 1]
            used = used * same_day[units.site]
        may_start = rules.may_start[units.site, step]
        may_start &= (units.most_starts == 0) | (used < units.most_starts)
        may = _may_be(problem, step, state, stay, may_start)
        wish = np.where(may, score(step), -np.inf)
        best = wish.argmax(axis=1)
        best = np.where(wish[every, state] >= wish[every, best], state, best)
        # Where no state is allowed the rig is off, and the account says what that breaks.
        best[~may.any(axis=1)] = OFF_STATE
        runs, now_runs = state != OFF_STATE, best != OFF_STATE
        used = used + (now_runs & ~runs)
        entered = np.where(now_runs, units.min_on, units.min_off) - 1
        stay = np.where(now_runs == runs, np.maximum(stay - 1, 0), entered)
        states[:, step] = state = best
    return states


def _may_be(problem: Problem, step: int, state: Ints, stay: Ints, may_start: Bools) -> Bools:
    """Return (U, M + 1) the states rigs may be in, from the ones they are in."""
    units, rules = problem.units, problem.rules
    forced, runs = rules.forced_off[units.rule, step], state != OFF_STATE
    may: Bools = rules.allowed[units.rule, step]
    may[:, OFF_STATE] |= forced
    may[:, OFF_STATE] &= ~runs | (stay == 0) | forced
    may[:, 1:] &= units.has & (~forced & (runs | ((stay == 0) & may_start)))[:, None]
    return may
