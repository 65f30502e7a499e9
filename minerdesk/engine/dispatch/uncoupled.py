"""The exact plan of units that no site rule couples.

Each unit has its own dynamic programme; `recursion` solves a chunk of them at once. Site rules
(limits, ramp, demand charges, blocks) are left out here: where they bind, what is found is an upper
bound, and `Pricer` is the pricing problem of a column generation over them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from minerdesk.engine.dispatch.coefficients import Coefficients, chunks, coefficients
from minerdesk.engine.dispatch.feasible import Impossible, first_impossible
from minerdesk.engine.dispatch.problem import Floats, Ints, Problem, Schedule, Solution, States
from minerdesk.engine.dispatch.recursion import best_states

Progress = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class UnitPlans:
    """The best schedule of every unit by itself.

    Attributes:
        state: (U, T); a unit that cannot keep its rules is off throughout.
        value: (U,) money of one rig over the horizon, at the prices that were asked for; -inf for a
            unit that cannot keep its rules.
    """

    state: States
    value: Floats

    def solution(self, problem: Problem) -> Solution:
        """Return them as a solution: proved best where no site rule binds.

        Only for plans without an impossible unit.
        """
        units = problem.units
        schedule = Schedule(np.arange(units.count), units.rigs, self.state)
        objective = float(self.value @ units.rigs)
        return Solution(schedule, objective, objective)


class Pricer:
    """Solves the same units again and again for other prices of power.

    Holds everything no price changes, at most ``24 x T x M`` bytes per unit.
    """

    def __init__(self, problem: Problem, *, check: Callable[[], None] = lambda: None) -> None:
        """Prepare the units; ``check`` is called before each part, what it raises ends the work."""
        self._problem = problem
        self._chunks: list[Coefficients] = []
        for units in chunks(problem):
            check()
            self._chunks.append(coefficients(problem, units))

    def solve(
        self,
        price: Floats | None = None,
        *,
        extra: Floats | None = None,
        unit_extra: Floats | None = None,
        check: Callable[[], None] = lambda: None,
    ) -> UnitPlans:
        """Return the best schedule of every unit.

        Among schedules of one worth the one with fewer changes is chosen, then the one that keeps
        what runs.

        Args:
            price: (sites, T) money per kWh in place of the problem's.
            extra: (sites, T) money per kWh on top, as the dual prices of a site's kWh.
            unit_extra: (U, T) money per kWh on top, for single units.
            check: called before each part; what it raises ends the work.
        """
        problem = self._problem
        at_site = _site_price(problem, price, extra)
        plans = _nothing(problem)
        for chunk in self._chunks:
            check()
            _solve(problem, chunk, at_site, unit_extra, plans)
        return plans

    def kw(self, state: States) -> Floats:
        """Return (U, T) kW of one rig in each state of a plan."""
        return rig_kw(self._problem, np.arange(len(state)), state)


def plan_units(
    problem: Problem,
    *,
    price: Floats | None = None,
    extra: Floats | None = None,
    unit_extra: Floats | None = None,
    progress: Progress | None = None,
) -> UnitPlans:
    """Return the best schedule of every unit, in little memory however many there are.

    Args:
        problem: what is planned; its site rules are not looked at.
        price: as in `Pricer.solve`, like the next two.
        extra: likewise.
        unit_extra: likewise.
        progress: called before each part with the fraction that is done, and with 1 at the end;
            what it raises (`domain.errors.Cancelled`) ends the work.
    """
    at_site = _site_price(problem, price, extra)
    plans = _nothing(problem)
    done = 0
    for units in chunks(problem):
        if progress is not None:
            progress(done / problem.units.count)
        _solve(problem, coefficients(problem, units), at_site, unit_extra, plans)
        done += len(units)
    if progress is not None:
        progress(1.0)
    return plans


def impossible_units(problem: Problem, plans: UnitPlans) -> tuple[Impossible, ...]:
    """Return where each unit without a plan fails, in the order of the units."""
    return tuple(
        first_impossible(problem, int(unit)) for unit in np.flatnonzero(np.isneginf(plans.value))
    )


def rig_kw(problem: Problem, unit: Ints, state: States) -> Floats:
    """Return (R, T) kW at the meter of one rig of each row.

    Args:
        problem: whose units they are.
        unit: (R,) indices of units.
        state: (R, T).
    """
    units = problem.units
    by_state = np.column_stack((units.off_kw, units.kw))[unit]
    return np.take_along_axis(by_state, state.astype(np.int64), axis=1)


def _site_price(problem: Problem, price: Floats | None, extra: Floats | None) -> Floats:
    at_site = problem.horizon.price if price is None else price
    return at_site if extra is None else at_site + extra


def _nothing(problem: Problem) -> UnitPlans:
    units = problem.units.count
    return UnitPlans(np.zeros((units, problem.horizon.steps), np.int8), np.zeros(units))


def _solve(
    problem: Problem,
    chunk: Coefficients,
    at_site: Floats,
    unit_extra: Floats | None,
    plans: UnitPlans,
) -> None:
    """Fill the chunk's rows of the plans."""
    price = at_site.T[:, problem.units.site[chunk.units]]
    if unit_extra is not None:
        price = price + unit_extra[chunk.units].T
    states, value = best_states(chunk, price)
    states[:, np.isneginf(value)] = 0
    plans.state[chunk.units] = states.T
    plans.value[chunk.units] = value
