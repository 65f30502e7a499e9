"""The best mix of known schedules, rigs divisible, and what it says a kW is worth in each step.

Dantzig and Wolfe's master (Operations Research 8, 1960): a column is a schedule of one unit, its
value the rigs that follow it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from minerdesk.engine.dispatch.coupled.highs import Model
from minerdesk.engine.dispatch.coupled.pool import Pool
from minerdesk.engine.dispatch.coupled.rule_rows import lay
from minerdesk.engine.dispatch.coupled.site import SiteRules
from minerdesk.engine.dispatch.problem import Floats, Ints


@dataclass(frozen=True, slots=True)
class Mix:
    """A solved master.

    Attributes:
        objective: money. rigs: (columns of the pool,) rigs, not whole.
        kw_price: (T,) money that one more kW in a step costs.
        rest: money at these prices that is not the rigs': the most that the site's load can give.
        broken: kW that break the limits, summed over steps.
    """

    objective: float
    rigs: Floats
    kw_price: Floats
    rest: float
    broken: float


class Master:
    """The linear programme; it keeps its basis from one solution to the next."""

    def __init__(self, rules: SiteRules, rigs: Ints, off_kw: Floats, penalty: float) -> None:
        self._rigs, self._off_kw = rigs, off_kw
        self._model = Model(grows_by_columns=True)
        self._rule_columns = lay(self._model, rules, penalty)
        columns = self._rule_columns
        # Draw is counted above that of rigs that are off: most entries are then 0.
        side = np.full(len(columns.load), -rules.fixed - float(rigs @ off_kw))
        self._load_rows = self._model.add_rows(
            side, side, [(columns.load, -1.0), (columns.over, -1.0), (columns.under, 1.0)]
        )
        nothing = np.zeros((len(rigs), 0), dtype=np.int64)
        self._unit_rows = self._model.add_rows(
            rigs.astype(np.float64), rigs.astype(np.float64), [(nothing, np.zeros((len(rigs), 0)))]
        )
        self._first = self._model.columns
        self._taken = 0

    def take(self, pool: Pool) -> None:
        """Add the schedules that the pool has got since."""
        unit = pool.unit[self._taken :]
        if not len(unit):
            return
        above = pool.kw[self._taken :] - self._off_kw[unit][:, None]
        rows = np.concatenate(
            [np.broadcast_to(self._load_rows, above.shape), self._unit_rows[unit][:, None]], axis=1
        )
        values = np.concatenate([above, np.ones((len(unit), 1))], axis=1)
        used = values != 0.0
        starts = np.concatenate([[0], np.cumsum(used.sum(axis=1))[:-1]])
        self._model.add_filled(
            -pool.money[self._taken :],
            np.full(len(unit), np.inf),
            (starts, rows[used], values[used]),
        )
        self._taken = len(pool)

    def punish(self, penalty: float) -> None:
        """Change what a kW that breaks a limit costs."""
        columns = self._rule_columns
        both = np.concatenate([columns.over, columns.under])
        self._model.costs(both, np.full(len(both), penalty))

    def solve(self) -> Mix:
        """Return the best mix of what has been taken."""
        objective = -self._model.solve()
        values, duals = self._model.values(), self._model.duals()
        unit_worth = -duals[self._unit_rows]
        columns = self._rule_columns
        return Mix(
            objective=objective,
            rigs=np.maximum(values[self._first :], 0.0),
            kw_price=-duals[self._load_rows],
            rest=objective - float(self._rigs @ unit_worth),
            broken=float(values[columns.over].sum() + values[columns.under].sum()),
        )
