"""The plan of one rig, obviously right and slow: recursion over what a rig is, in plain numbers.

Knows `problem`, the contract, and nothing of how the engine goes about it.
"""

from __future__ import annotations

import math
from functools import cache
from typing import NamedTuple

from minerdesk.engine.dispatch.problem import OFF_STATE, Problem


class Rig(NamedTuple):
    """What a rig is at the end of a step."""

    state: int
    age: int
    starts_today: int


def step_money(problem: Problem, unit: int, step: int, state: int) -> float:
    """Money of one rig in one state, without what a change costs."""
    units, horizon = problem.units, problem.horizon
    price = float(horizon.price[units.site[unit], step])
    if state == OFF_STATE:
        return -float(units.off_kw[unit]) * horizon.hours * price
    kwh = float(units.kw[unit, state - 1]) * horizon.hours
    return earned(problem, unit, step, state) - kwh * price


def earned(problem: Problem, unit: int, step: int, state: int) -> float:
    units, horizon, mode = problem.units, problem.horizon, state - 1
    gross = (
        units.paid_subsidy[unit, mode] * horizon.income_subsidy[step]
        + units.paid_fees[unit, mode] * horizon.income_fees[step]
    )
    return float(gross * units.keep[unit])


def lost(problem: Problem, unit: int, step: int, state: int, hours: float) -> float:
    """Money not earned in so many hours from the beginning of a step on."""
    total, left = 0.0, hours / problem.horizon.hours
    while left > 0 and step < problem.horizon.steps:
        total += min(1.0, left) * earned(problem, unit, step, state)
        left, step = left - 1, step + 1
    return total


def change_money(problem: Problem, unit: int, step: int, before: int, after: int) -> float:
    """Money that a change at the beginning of a step costs."""
    units = problem.units
    if before == after:
        return 0.0
    if after == OFF_STATE:
        return float(units.wear_stop[unit])
    if before == OFF_STATE:
        hours = float(units.start_lost_h[unit])
        return float(units.wear_start[unit]) + lost(problem, unit, step, after, hours)
    return lost(problem, unit, step, after, float(units.mode_lost_h[unit]))


def successor(  # noqa: PLR0911 - one line for each rule
    problem: Problem, unit: int, step: int, rig: Rig, after: int
) -> Rig | None:
    """The rig after a step in a state, or None where a rule forbids it."""
    units, rules = problem.units, problem.rules
    site, rule = int(units.site[unit]), int(units.rule[unit])
    day = problem.horizon.day[site]
    starts = 0 if step > 0 and day[step] != day[step - 1] else rig.starts_today
    forced = bool(rules.forced_off[rule, step])
    if forced and after != OFF_STATE:
        return None
    if not forced and not rules.allowed[rule, step, after]:
        return None
    if after != OFF_STATE and not units.has[unit, after - 1]:
        return None
    if (rig.state == OFF_STATE) == (after == OFF_STATE):
        return Rig(after, rig.age + 1, starts)
    if after == OFF_STATE:
        if rig.age < units.min_on[unit] and not forced:
            return None
        return Rig(after, 1, starts)
    if rig.age < units.min_off[unit] or not rules.may_start[site, step]:
        return None
    if units.most_starts[unit] > 0 and starts >= units.most_starts[unit]:
        return None
    return Rig(after, 1, starts + 1)


def before(problem: Problem, unit: int) -> Rig:
    units = problem.units
    return Rig(int(units.state[unit]), int(units.age[unit]), int(units.starts_today[unit]))


def best_value(problem: Problem, unit: int) -> float:
    """The most a rig can be worth over the horizon; -inf where no schedule keeps the rules."""
    choices = range(1 + problem.units.modes)
    limit = max(int(problem.units.min_on[unit]), int(problem.units.min_off[unit]))

    @cache
    def worth(step: int, rig: Rig) -> float:
        if step == problem.horizon.steps:
            return 0.0
        best = -math.inf
        for after in choices:
            then = successor(problem, unit, step, rig, after)
            if then is None:
                continue
            # Older than both minimum times is old; else the cache would hold every age.
            then = then._replace(age=min(then.age, limit))
            money = step_money(problem, unit, step, after)
            money -= change_money(problem, unit, step, rig.state, after)
            best = max(best, money + worth(step + 1, then))
        return best

    return worth(0, before(problem, unit))


def schedule_value(problem: Problem, unit: int, states: list[int]) -> float:
    """What a rig is worth in given states; -inf where they break a rule."""
    rig, total = before(problem, unit), 0.0
    for step, after in enumerate(states):
        then = successor(problem, unit, step, rig, after)
        if then is None:
            return -math.inf
        total += step_money(problem, unit, step, after)
        total -= change_money(problem, unit, step, rig.state, after)
        rig = then
    return total
