"""The best mix of known schedules, rigs divisible, and what it says a kW is worth in each step.

Dantzig and Wolfe's master (Operations Research 8, 1960): a column is a segment of a unit's
schedules, its value the rigs that follow it; as many as come to a node go on from it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from minerdesk.engine.dispatch.coupled.asked import Asked
from minerdesk.engine.dispatch.coupled.highs import Model
from minerdesk.engine.dispatch.coupled.pool import Pool
from minerdesk.engine.dispatch.coupled.rule_rows import lay
from minerdesk.engine.dispatch.coupled.segments import Segments
from minerdesk.engine.dispatch.coupled.site import SiteRules
from minerdesk.engine.dispatch.coupled.worth import Worth
from minerdesk.engine.dispatch.problem import Floats, Ints, Problem

_AT_ONCE = 4_000  # schedules, or segments, between two looks at the clock
_NO_ENTRIES = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0)


@dataclass(frozen=True, slots=True)
class Mix:
    """A solved master.

    Attributes:
        objective: money. rigs: (segments,) not whole. loss: (segments,) money that a rig in each
            loses against the mix. load: (T,) of the site.
        kw_price: (T,) money that one more kW in a step costs.
        rest: money at these prices that is not the rigs': the most that the site's load can give.
        broken: kW that break the limits, summed over steps.
    """

    objective: float
    rigs: Floats
    loss: Floats
    load: Floats
    kw_price: Floats
    rest: float
    broken: float


class Master:
    """The linear programme; it keeps its basis from one solution to the next."""

    def __init__(
        self,
        problem: Problem,
        worth: Worth,
        rules: SiteRules,
        penalty: float,
        asked: Asked,
    ) -> None:
        self._rigs, self._kw = problem.units.rigs, worth.kw
        self.segments = Segments(problem, worth)
        self._model = Model(grows_by_columns=True, stop=asked.stop)
        self._check = asked.check
        self._rule_columns = lay(self._model, rules, penalty)
        columns = self._rule_columns
        # Draw is counted above that of rigs that are off: most entries are then 0.
        side = np.full(len(columns.load), -rules.fixed - float(self._rigs @ self._kw[:, 0]))
        self._load_rows = self._model.add_rows(
            side, side, [(columns.load, -1.0), (columns.over, -1.0), (columns.under, 1.0)]
        )
        self._unit_rows = self._empty_rows(self._rigs.astype(np.float64))
        self._node_rows: Ints = np.zeros(0, dtype=np.int64)
        self._first = self._model.columns
        self._taken = 0

    def take(self, pool: Pool) -> bool:
        """Add the segments that the pool's schedules have got since; return whether any.

        Raises:
            Enough: it is time to stop.
        """
        while not self.segments.take(pool, _AT_ONCE):
            self._check()
        before = self._taken
        while self._taken < len(self.segments):
            self._check()
            fresh = range(self._taken, min(self._taken + _AT_ONCE, len(self.segments)))
            self._add(fresh)
            self._taken = fresh.stop
        return self._taken > before

    def _add(self, fresh: range) -> None:
        segments = self.segments
        more = segments.nodes - len(self._node_rows)
        self._node_rows = np.concatenate([self._node_rows, self._empty_rows(np.zeros(more))])
        starts, rows, values, used = [], [], [], 0
        for number in fresh:
            unit, from_, to = segments.unit[number], segments.from_[number], segments.to[number]
            state, begin = segments.state[number], segments.borders[segments.window[number]]
            above = self._kw[unit, state] - self._kw[unit, 0]
            draws = np.flatnonzero(above)
            starts.append(used)
            # The rows of a unit count its rigs at the beginning; those of nodes who comes and goes.
            flow = [self._unit_rows[unit] if from_ < 0 else self._node_rows[from_]]
            signs = [1.0 if from_ < 0 else -1.0]
            if to >= 0:
                flow.append(self._node_rows[to])
                signs.append(1.0)
            rows += [self._load_rows[begin + draws], flow]
            values += [above[draws], signs]
            used += len(draws) + len(flow)
        self._model.add_filled(
            -np.array([segments.money[number] for number in fresh]),
            np.full(len(fresh), np.inf),
            (np.array(starts), np.concatenate(rows), np.concatenate(values)),
        )

    def punish(self, penalty: float) -> None:
        """Change what a kW that breaks a limit costs."""
        columns = self._rule_columns
        both = np.concatenate([columns.over, columns.under])
        self._model.costs(both, np.full(len(both), penalty))

    def solve(self) -> Mix:
        """Return the best mix of what has been taken.

        Raises:
            Enough: it is time to stop.
        """
        objective = -self._model.solve()
        values, duals = self._model.values(), self._model.duals()
        unit_worth = -duals[self._unit_rows]
        columns = self._rule_columns
        return Mix(
            objective=objective,
            rigs=np.maximum(values[self._first :], 0.0),
            loss=self._model.reduced()[self._first :],
            load=values[columns.load],
            kw_price=-duals[self._load_rows],
            rest=objective - float(self._rigs @ unit_worth),
            broken=float(values[columns.over].sum() + values[columns.under].sum()),
        )

    def schedules(self, mix: Mix, pool: Pool) -> Floats:
        """Return (columns of the pool,) the rigs of a mix; adds to the pool what it joins."""
        if not self.segments.nodes:
            return np.pad(mix.rigs, (0, len(pool) - len(mix.rigs)))
        unit, rigs, state = self.segments.joined(mix.rigs)
        numbers = pool.add(unit, state)
        found: Floats = np.zeros(len(pool))
        np.add.at(found, numbers, rigs)
        return found

    def _empty_rows(self, side: Floats) -> Ints:
        first = self._model.rows
        if len(side):
            self._model.add_uneven(side, side, _NO_ENTRIES)
        return np.arange(first, first + len(side))
