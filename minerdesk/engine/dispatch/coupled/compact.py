"""The plan of a site as one programme of counts, for what columns leave unproved.

Of each unit and step: rigs in each mode, starts by mode, stops and changes of mode; minimum times
as sums of starts and stops (Rajan and Takriti, IBM RC23628, 2005). Equal rigs take turns, those
longest in their state first, so that counts tell who does what. Only where changes of mode cost and
minimum times or starts a day bind as well may taking turns cost changes that the counts do not
show; then the bound stays a bound, and the plan is weighed as it is.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from minerdesk.engine.dispatch.coupled.highs import Model
from minerdesk.engine.dispatch.coupled.rule_rows import RuleColumns, lay
from minerdesk.engine.dispatch.coupled.site import SiteRules
from minerdesk.engine.dispatch.coupled.turns import Counts, count, take_turns
from minerdesk.engine.dispatch.coupled.worth import Worth
from minerdesk.engine.dispatch.problem import (
    OFF_STATE,
    Floats,
    Ints,
    Problem,
    Schedule,
    States,
)


@dataclass(frozen=True, slots=True)
class UnitColumns:
    """Columns of one unit: on, start, change (T, M), stop (T,)."""

    on: Ints
    start: Ints
    change: Ints
    stop: Ints


class Compact:
    """The programme of a problem of one site."""

    def __init__(self, problem: Problem, worth: Worth, rules: SiteRules) -> None:
        self._problem, self._worth = problem, worth
        self.model = Model()
        self._rules: RuleColumns = lay(self.model, rules, np.inf)
        self._units = [self._unit(unit) for unit in range(problem.units.count)]
        rigs = problem.units.rigs
        on = np.concatenate([each.on for each in self._units], axis=1)
        above = (worth.kw[:, 1:] - worth.kw[:, :1]).ravel()
        side = -rules.fixed - float(rigs @ worth.kw[:, 0])
        self.model.add_rows(
            side, side, [(on, np.broadcast_to(above, on.shape)), (self._rules.load, -1.0)]
        )
        self._off_money = float(rigs @ worth.gain[:, :, 0].sum(axis=1))
        self.model.whole(self._rules.whole)

    def money(self, objective: float) -> float:
        """Return the money that an objective of the model stands for."""
        return self._off_money - objective

    def start(self, schedule: Schedule) -> tuple[Ints, Floats]:
        """Return columns and their values for a schedule."""
        columns, values = [], []
        for unit, mine in enumerate(self._units):
            rows = schedule.unit == unit
            before = int(self._worth.before[unit])
            shown = count(schedule.rigs[rows], schedule.state[rows], before, mine.on.shape[1])
            columns += [mine.on.ravel(), mine.start.ravel(), mine.stop]
            values += [shown.on.ravel(), shown.start.ravel(), shown.stop]
        return np.concatenate(columns), np.concatenate(values).astype(float)

    def schedule(self, values: Floats) -> tuple[Ints, Ints, States]:
        """Return units, rigs and states of the rows that a solution stands for."""
        found = []
        for unit, mine in enumerate(self._units):
            counts = Counts(
                *(np.rint(values[c]).astype(np.int64) for c in (mine.on, mine.start, mine.stop))
            )
            rigs = int(self._problem.units.rigs[unit])
            states = take_turns(counts, rigs, int(self._worth.before[unit]))
            rows, times = np.unique(states, axis=0, return_counts=True)
            found.append((np.full(len(rows), unit), times, rows))
        units, times, rows = zip(*found, strict=True)
        return np.concatenate(units), np.concatenate(times), np.concatenate(rows)

    def _unit(self, unit: int) -> UnitColumns:
        units, rules, worth = self._problem.units, self._problem.rules, self._worth
        rigs = float(units.rigs[unit])
        rule = int(units.rule[unit])
        forced = rules.forced_off[rule]
        may = rules.allowed[rule][:, 1:] & units.has[unit] & ~forced[:, None]
        may_start = may & rules.may_start[0][:, None]
        gain = worth.gain[unit]
        shape = may.shape
        model = self.model
        start_cost, change_cost = worth.start[unit, :, 1:], worth.change[unit, :, 1:]
        mine = UnitColumns(
            on=model.add_columns(
                (gain[:, :1] - gain[:, 1:]).ravel(), 0.0, rigs * may.ravel()
            ).reshape(shape),
            start=model.add_columns(start_cost.ravel(), 0.0, rigs * may_start.ravel()).reshape(
                shape
            ),
            change=model.add_columns(change_cost.ravel(), 0.0, rigs * may.ravel()).reshape(shape),
            stop=model.add_columns(np.full(shape[0], worth.stop[unit]), 0.0, rigs),
        )
        model.whole(np.concatenate([mine.on.ravel(), mine.start.ravel(), mine.stop]))
        self._flow(unit, mine)
        must_run = ~rules.allowed[rule][:, OFF_STATE] & ~forced
        self._times(unit, mine, forced, must_run)
        if units.most_starts[unit]:
            self._starts(unit, mine)
        return mine

    def _flow(self, unit: int, mine: UnitColumns) -> None:
        """Rigs that run were running, started, or changed their mode."""
        model, before = self.model, int(self._worth.before[unit])
        rigs = float(self._problem.units.rigs[unit])
        ran = np.zeros(mine.on.shape[1])
        if before != OFF_STATE:
            ran[before - 1] = rigs
        first = [(mine.on[0], 1.0), (mine.start[0], -1.0)]
        model.add_rows(-np.inf, ran, [*first, (mine.change[0], -1.0)])
        model.add_rows(
            ran.sum(), ran.sum(), [(c[None, :], f) for c, f in first] + [(mine.stop[:1], 1.0)]
        )
        on, was, start = mine.on[1:], mine.on[:-1], mine.start[1:]
        terms = [(on.ravel(), 1.0), (was.ravel(), -1.0), (start.ravel(), -1.0)]
        if len(on):
            model.add_rows(-np.inf, 0.0, [*terms, (mine.change[1:].ravel(), -1.0)])
            model.add_rows(0.0, 0.0, [(on, 1.0), (was, -1.0), (start, -1.0), (mine.stop[1:], 1.0)])
        model.add_rows(-np.inf, 0.0, [(mine.start.ravel(), 1.0), (mine.on.ravel(), -1.0)])

    def _times(self, unit: int, mine: UnitColumns, forced: Ints, must_run: Ints) -> None:
        """Those that started lately still run, those that stopped lately do not."""
        units, model = self._problem.units, self.model
        rigs, steps = float(units.rigs[unit]), len(mine.stop)
        least_on, least_off = int(units.min_on[unit]), int(units.min_off[unit])
        before, age = int(units.state[unit]), int(units.age[unit])
        held = 0 if before == OFF_STATE else least_on - age
        closed = least_off - age if before == OFF_STATE else 0
        since = 0
        for step in range(steps):
            on = mine.on[step][None, :]
            # A forced stop wins over the minimum time on: starts before it bind no more.
            since = step + 1 if forced[step] else since
            lately = mine.start[max(since, step - least_on + 1) : step + 1].reshape(1, -1)
            if since <= step:
                model.add_rows(-np.inf, 0.0, [(lately, 1.0), (on, -1.0)])
            if must_run[step] or (step < held and since == 0):
                model.add_rows(rigs, rigs, [(on, 1.0)])
            stopped = mine.stop[max(0, step - least_off + 1) : step + 1][None, :]
            model.add_rows(-np.inf, rigs, [(stopped, 1.0), (on, 1.0)])
            if step < closed:
                model.add_rows(0.0, 0.0, [(on, 1.0)])

    def _starts(self, unit: int, mine: UnitColumns) -> None:
        units, day = self._problem.units, self._problem.horizon.day[0]
        most, used = int(units.most_starts[unit]), int(units.starts_today[unit])
        for number in np.unique(day):
            left = max(0, most - used) if number == day[0] else most
            inside = mine.start[day == number].reshape(1, -1)
            self.model.add_rows(-np.inf, left * float(units.rigs[unit]), [(inside, 1.0)])
