"""One unit's part of the compact programme where equal rigs may take turns.

Of each step: rigs in each mode, starts and changes by mode, and stops; minimum times as sums of
starts and stops (Rajan and Takriti, IBM RC23628, 2005). Rigs take turns, those longest in their
state first, so that counts tell who does what. Only where changes of mode cost may taking turns
cost changes that the counts do not show; then the bound stays a bound, and the plan is weighed as
it is.
"""

from __future__ import annotations

import numpy as np

from minerdesk.engine.dispatch.coupled.highs import Model
from minerdesk.engine.dispatch.coupled.turns import Counts, count, take_turns
from minerdesk.engine.dispatch.coupled.worth import Worth
from minerdesk.engine.dispatch.problem import (
    OFF_STATE,
    Bools,
    Floats,
    Ints,
    Problem,
    States,
)


class Counted:
    """Columns of one unit: on, start, change (T, M), stop (T,).

    Attributes:
        columns, step, kw: (K,) those that draw, when, and how much more than a rig that is off.
    """

    def __init__(self, model: Model, problem: Problem, worth: Worth, unit: int) -> None:
        units, rules = problem.units, problem.rules
        self._model, self._problem, self._unit = model, problem, unit
        self._rigs, self._before = int(units.rigs[unit]), int(units.state[unit])
        rule = int(units.rule[unit])
        forced = rules.forced_off[rule]
        may = rules.allowed[rule][:, 1:] & units.has[unit] & ~forced[:, None]
        may_start = may & rules.may_start[0][:, None]
        gain = worth.gain[unit]
        rigs, shape = float(self._rigs), may.shape
        self._on = self._columns(gain[:, :1] - gain[:, 1:], rigs * may)
        self._start = self._columns(worth.start[unit, :, 1:], rigs * may_start)
        self._change = self._columns(worth.change[unit, :, 1:], rigs * may)
        self._stop = model.add_columns(np.full(shape[0], worth.stop[unit]), 0.0, rigs)
        model.whole(np.concatenate([self._on.ravel(), self._start.ravel(), self._stop]))
        self._flow()
        self._times(forced, ~rules.allowed[rule][:, OFF_STATE] & ~forced)
        if units.most_starts[unit]:
            self._starts()
        self.columns: Ints = self._on.ravel()
        self.step: Ints = np.repeat(np.arange(shape[0]), shape[1])
        self.kw: Floats = np.tile(worth.kw[unit, 1:] - worth.kw[unit, 0], shape[0])

    def start(self, rigs: Ints, state: States) -> tuple[Ints, Floats]:
        """Return columns and their values where ``rigs`` (R,) follow ``state`` (R, T)."""
        shown = count(rigs, state, self._before, self._on.shape[1])
        columns = np.concatenate([self._on.ravel(), self._start.ravel(), self._stop])
        values = np.concatenate([shown.on.ravel(), shown.start.ravel(), shown.stop])
        return columns, values.astype(np.float64)

    def states(self, values: Floats) -> States:
        """Return (rigs, T) what each rig does in a solution."""
        on, start, stop = (
            np.rint(values[each]).astype(np.int64) for each in (self._on, self._start, self._stop)
        )
        return take_turns(Counts(on, start, stop), self._rigs, self._before)

    def _columns(self, cost: Floats, high: Floats) -> Ints:
        return self._model.add_columns(cost.ravel(), 0.0, high.ravel()).reshape(cost.shape)

    def _flow(self) -> None:
        """Rigs that run were running, started, or changed their mode."""
        model, on, start = self._model, self._on, self._start
        ran: Floats = np.zeros(on.shape[1])
        if self._before != OFF_STATE:
            ran[self._before - 1] = self._rigs
        first = [(on[:1], 1.0), (start[:1], -1.0)]
        model.add_rows(ran.sum(), ran.sum(), [*first, (self._stop[:1], 1.0)])
        first = [(each.ravel(), factor) for each, factor in first]
        model.add_rows(-np.inf, ran, [*first, (self._change[0], -1.0)])
        if len(on) > 1:
            after = [(on[1:], 1.0), (on[:-1], -1.0), (start[1:], -1.0)]
            model.add_rows(0.0, 0.0, [*after, (self._stop[1:], 1.0)])
            after = [(each.ravel(), factor) for each, factor in after]
            model.add_rows(-np.inf, 0.0, [*after, (self._change[1:].ravel(), -1.0)])
        model.add_rows(-np.inf, 0.0, [(start.ravel(), 1.0), (on.ravel(), -1.0)])

    def _times(self, forced: Bools, must_run: Bools) -> None:
        """Those that started lately still run, those that stopped lately do not."""
        units, model = self._problem.units, self._model
        rigs, steps = float(self._rigs), len(self._stop)
        least_on, least_off = int(units.min_on[self._unit]), int(units.min_off[self._unit])
        age = int(units.age[self._unit])
        held = 0 if self._before == OFF_STATE else least_on - age
        closed = least_off - age if self._before == OFF_STATE else 0
        since = 0
        for step in range(steps):
            on = self._on[step][None, :]
            # A forced stop wins over the minimum time on: starts before it bind no more.
            since = step + 1 if forced[step] else since
            lately = self._start[max(since, step - least_on + 1) : step + 1].reshape(1, -1)
            if since <= step:
                model.add_rows(-np.inf, 0.0, [(lately, 1.0), (on, -1.0)])
            if must_run[step] or (step < held and since == 0):
                model.add_rows(rigs, rigs, [(on, 1.0)])
            stopped = self._stop[max(0, step - least_off + 1) : step + 1][None, :]
            model.add_rows(-np.inf, rigs, [(stopped, 1.0), (on, 1.0)])
            if step < closed:
                model.add_rows(0.0, 0.0, [(on, 1.0)])

    def _starts(self) -> None:
        units, day = self._problem.units, self._problem.horizon.day[0]
        most, used = int(units.most_starts[self._unit]), int(units.starts_today[self._unit])
        for number in np.unique(day):
            left = max(0, most - used) if number == day[0] else most
            inside = self._start[day == number].reshape(1, -1)
            self._model.add_rows(-np.inf, left * float(self._rigs), [(inside, 1.0)])
