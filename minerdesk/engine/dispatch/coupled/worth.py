"""What any schedule of one rig is worth, alone, at the horizon's prices."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from minerdesk.engine.dispatch.problem import Floats, Ints, Problem, States


@dataclass(frozen=True, slots=True)
class Worth:
    """Money of each step, start, change and stop; S = M + 1 states.

    Attributes:
        kw: (U, S) draw of one rig. gain: (U, T, S) earnings less power in the step.
        start, change: (U, T, S) what entering the state in the step costs, from off and from
            another mode. stop: (U,).
        before: (U,) state before the horizon.
    """

    kw: Floats
    gain: Floats
    start: Floats
    change: Floats
    stop: Floats
    before: States

    def of(self, unit: Ints, state: States) -> Floats:
        """Return (R,) money per rig of schedules ``state`` (R, T) of the units ``unit`` (R,)."""
        worth: Floats = self.by_step(unit, state).sum(axis=1)
        return worth

    def by_step(self, unit: Ints, state: States) -> Floats:
        """Return (R, T) the same, what a start or change costs in the step in which it falls."""
        now = state.astype(np.intp)
        last = np.concatenate([self.before[unit][:, None], now[:, :-1]], axis=1)
        rows, steps = unit[:, None], np.arange(now.shape[1])[None, :]
        money = self.gain[rows, steps, now]
        money = money - np.where((last == 0) & (now > 0), self.start[rows, steps, now], 0.0)
        changed = (last > 0) & (now > 0) & (last != now)
        money = money - np.where(changed, self.change[rows, steps, now], 0.0)
        stopped = (last > 0) & (now == 0)
        worth: Floats = money - self.stop[unit][:, None] * stopped
        return worth

    def load(self, unit: Ints, state: States) -> Floats:
        """Return (R, T) kW of one rig."""
        kw: Floats = self.kw[unit[:, None], state.astype(np.intp)]
        return kw


def prepare(problem: Problem) -> Worth:
    """Return the money of every step and move of the problem's units."""
    units, horizon = problem.units, problem.horizon
    earned = units.keep[:, None, None] * (
        units.paid_subsidy[:, None, :] * horizon.income_subsidy[None, :, None]
        + units.paid_fees[:, None, :] * horizon.income_fees[None, :, None]
    )
    earned = np.where(units.has[:, None, :], earned, 0.0)
    earned = np.concatenate([np.zeros((units.count, horizon.steps, 1)), earned], axis=2)
    kw = np.concatenate([units.off_kw[:, None], np.where(units.has, units.kw, 0.0)], axis=1)
    paid = kw[:, None, :] * (horizon.hours * horizon.price[units.site])[:, :, None]
    start = _lost(earned, units.start_lost_h / horizon.hours)
    return Worth(
        kw=kw,
        gain=earned - paid,
        start=start + units.wear_start[:, None, None],
        change=_lost(earned, units.mode_lost_h / horizon.hours),
        stop=units.wear_stop,
        before=units.state,
    )


def _lost(earned: Floats, steps: Floats) -> Floats:
    """Return (U, T, S) earnings that fall into the ``steps`` (U,) after entering a state."""
    lost = np.zeros_like(earned)
    for later in range(min(int(np.ceil(steps.max(initial=0.0))), earned.shape[1])):
        share = np.clip(steps - later, 0.0, 1.0)[:, None, None]
        lost[:, : earned.shape[1] - later] += share * earned[:, later:]
    return lost
