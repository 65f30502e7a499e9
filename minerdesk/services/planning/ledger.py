"""What a spell in a state earns and pays, for many spells at once.

Everything is linear in cumulated income and prices, so a spell of any length costs the same.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from minerdesk.engine.dispatch.problem import OFF_STATE, Problem
from minerdesk.services.planning.problem_of import Question

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Spells(NamedTuple):
    """Money and energy of one rig over each spell, shape (N,) each.

    Attributes:
        earned: income, the required margin taken off. after: the part of it after the retarget.
        paid: for power. kwh: at the meter. later: earned less paid in steps whose price is a
            forecast. price_error: money that one standard deviation of the forecast makes.
    """

    earned: Floats
    after: Floats
    paid: Floats
    kwh: Floats
    later: Floats
    price_error: Floats


class Ledger:
    """Prices spells and changes of state of a question's units, per rig."""

    def __init__(self, question: Question) -> None:
        problem = question.problem
        horizon = problem.horizon
        self._units = problem.units
        self._hours = horizon.hours
        self.steps = horizon.steps
        known = np.array([site.known for site in question.power])
        error = np.array([site.error for site in question.power]) * question.kept[:, None]
        incomes = np.stack((horizon.income_subsidy, horizon.income_fees))
        self._income = _cumulated(incomes)
        self._after = _cumulated(incomes * question.income.after)
        self._income_later = _cumulated(incomes[:, None] * ~known)
        self._price = _cumulated(horizon.price)
        self._price_later = _cumulated(horizon.price * ~known)
        self._error = _cumulated(error * ~known)

    def spells(self, unit: Ints, state: Ints, start: Ints, end: Ints) -> Spells:
        """Price spells in which nothing changes.

        Args:
            unit: (N,) indices.
            state: (N,) 0 for off.
            start: (N,) first step.
            end: (N,) step after the last.
        """
        units = self._units
        site = units.site[unit]
        subsidy, fees = self._rates(unit, state)
        kw = np.where(
            state == OFF_STATE, units.off_kw[unit], units.kw[unit, np.maximum(state - 1, 0)]
        )
        energy = kw * self._hours

        def over(cumulated: Floats) -> Floats:
            return cumulated[..., end] - cumulated[..., start]

        def at_site(cumulated: Floats) -> Floats:
            found: Floats = cumulated[site, end] - cumulated[site, start]
            return found

        income, after = over(self._income), over(self._after)
        earned_later = subsidy * at_site(self._income_later[0]) + fees * at_site(
            self._income_later[1]
        )
        return Spells(
            earned=subsidy * income[0] + fees * income[1],
            after=subsidy * after[0] + fees * after[1],
            paid=energy * at_site(self._price),
            kwh=energy * (end - start),
            later=earned_later - energy * at_site(self._price_later),
            price_error=energy * at_site(self._error),
        )

    def change(self, unit: Ints, before: Ints, after: Ints, step: Ints) -> tuple[Floats, Floats]:
        """Return what changes of state cost: earnings lost, and wear, each (N,) and at least 0.

        A change at the end of the horizon costs nothing.

        Args:
            unit: (N,) indices.
            before: (N,) states.
            after: (N,) states.
            step: (N,) that the change comes before.
        """
        units = self._units
        inside = (step < self.steps) & (before != after)
        starts = inside & (before == OFF_STATE)
        stops = inside & (after == OFF_STATE)
        lost_h = np.where(starts, units.start_lost_h[unit], units.mode_lost_h[unit])
        lost_h = np.where(inside & ~stops, lost_h, 0.0)
        end = np.minimum(step + lost_h / self._hours, self.steps)
        subsidy, fees = self._rates(unit, after)
        grid = np.arange(self.steps + 1)
        lost = sum(
            rate * (np.interp(end, grid, each) - each[step])
            for rate, each in zip((subsidy, fees), self._income, strict=True)
        )
        wear = starts * units.wear_start[unit] + stops * units.wear_stop[unit]
        return np.asarray(lost, np.float64), wear

    def _rates(self, unit: Ints, state: Ints) -> tuple[Floats, Floats]:
        """Return paid TH/s of one rig, of subsidy and of fees, less the required margin; (N,)."""
        units, mode = self._units, np.maximum(state - 1, 0)
        on = (state != OFF_STATE) * units.keep[unit]
        return units.paid_subsidy[unit, mode] * on, units.paid_fees[unit, mode] * on


def site_kw(problem: Problem, unit: Ints, rigs: Ints, state: NDArray[np.int8]) -> Floats:
    """Return the load of each site by step, fixed load inside, (sites, T).

    Args:
        problem: whose units and sites they are.
        unit: (R,) indices.
        rigs: (R,).
        state: (R, T).
    """
    units = problem.units
    kw = np.column_stack((units.off_kw, units.kw))
    load = np.repeat(problem.rules.fixed_kw[:, None], problem.horizon.steps, axis=1)
    at_site = units.site[unit]
    for step in range(problem.horizon.steps):
        each = kw[unit, state[:, step]] * rigs
        load[:, step] += np.bincount(at_site, each, minlength=len(load))
    return load


def _cumulated(values: Floats) -> Floats:
    """Return sums from the first step to each boundary of steps, (..., T + 1)."""
    sums = np.cumsum(values, axis=-1)
    return np.concatenate((np.zeros((*values.shape[:-1], 1)), sums), axis=-1)
