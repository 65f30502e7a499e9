"""The plan of a site as one programme of whole numbers, for what columns leave unproved."""

from __future__ import annotations

import numpy as np

from minerdesk.engine.dispatch.coupled.counted import Counted
from minerdesk.engine.dispatch.coupled.highs import Model
from minerdesk.engine.dispatch.coupled.rule_rows import RuleColumns, lay
from minerdesk.engine.dispatch.coupled.site import SiteRules
from minerdesk.engine.dispatch.coupled.walks import Walks, walks_at_most
from minerdesk.engine.dispatch.coupled.worth import Worth
from minerdesk.engine.dispatch.problem import Floats, Ints, Problem, Schedule, States

_MOST_WALKS = 200_000  # columns: beyond it HiGHS finds nothing in the time of a plan


def columns_of(problem: Problem) -> int:
    """Return how many columns the programme of a problem has, where none are walks."""
    units = problem.units
    return units.count * problem.horizon.steps * (3 * units.modes + 1)


class Compact:
    """The programme of a problem of one site.

    Units whose changes of mode cost are laid as walks, up to ``most_walks`` columns of them.
    """

    def __init__(
        self, problem: Problem, worth: Worth, rules: SiteRules, *, most_walks: int = _MOST_WALKS
    ) -> None:
        units = problem.units
        self.model = Model()
        self._rules: RuleColumns = lay(self.model, rules, np.inf)
        self._units: list[Counted | Walks] = []
        left = most_walks
        for unit, change in enumerate(worth.change):
            walks = walks_at_most(problem, unit)
            kind = Walks if change.any() and walks <= left else Counted
            left -= walks if kind is Walks else 0
            self._units.append(kind(self.model, problem, worth, unit))
        side = np.full(problem.horizon.steps, -rules.fixed - float(units.rigs @ worth.kw[:, 0]))
        load = self._rules.load
        self.model.add_uneven(
            side,
            side,
            (
                np.concatenate([each.step for each in self._units] + [np.arange(len(load))]),
                np.concatenate([each.columns for each in self._units] + [load]),
                np.concatenate([each.kw for each in self._units] + [np.full(len(load), -1.0)]),
            ),
        )
        self._off_money = float(units.rigs @ worth.gain[:, :, 0].sum(axis=1))
        self.model.whole(self._rules.whole)

    def money(self, objective: float) -> float:
        """Return the money that an objective of the model stands for."""
        return self._off_money - objective

    def start(self, schedule: Schedule) -> tuple[Ints, Floats]:
        """Return columns and their values for a schedule."""
        found = [
            each.start(schedule.rigs[schedule.unit == unit], schedule.state[schedule.unit == unit])
            for unit, each in enumerate(self._units)
        ]
        columns, values = zip(*found, strict=True)
        return np.concatenate(columns), np.concatenate(values)

    def schedule(self, values: Floats) -> tuple[Ints, Ints, States]:
        """Return units, rigs and states of the rows that a solution stands for."""
        found = []
        for unit, each in enumerate(self._units):
            rows, times = np.unique(each.states(values), axis=0, return_counts=True)
            found.append((np.full(len(rows), unit), times, rows))
        units, times, rows = zip(*found, strict=True)
        return np.concatenate(units), np.concatenate(times), np.concatenate(rows)
