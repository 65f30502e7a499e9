"""The same plan by one linear programme per group, given to HiGHS as ready matrices."""

from __future__ import annotations

from typing import Any

import highspy
import numpy as np

from minerdesk.engine.dispatch.coefficients import coefficients
from minerdesk.engine.dispatch.problem import Floats, Problem


class GroupProgrammes:
    """Programmes of groups that run since long ago, whose changes of mode cost nothing.

    Columns of a group, T each: on in each mode, started in each mode, stopped. Starts of one mode
    are told from those of others because the lost minutes differ.
    """

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._models: dict[tuple[int, int], Any] = {}
        for on, off in zip(problem.units.min_on, problem.units.min_off, strict=True):
            self._models.setdefault((int(on), int(off)), self._matrix(int(on), int(off)))
        self._solver = highspy.Highs()  # type: ignore[no-untyped-call]  # highspy has no types
        for option, value in (("output_flag", False), ("threads", 1), ("parallel", "off")):
            self._solver.setOptionValue(option, value)

    def value(self) -> float:
        """Return what all groups' plans are worth."""
        units = self._problem.units
        chunk = coefficients(self._problem, np.arange(units.count))
        price = self._problem.horizon.price[units.site].T
        gain = chunk.earned - (chunk.kwh - chunk.off_kwh) * price[:, None]
        idle = -(chunk.off_kwh * price).sum(axis=0)
        total = 0.0
        for unit in range(units.count):
            model = self._models[int(units.min_on[unit]), int(units.min_off[unit])]
            stop = np.full(self._problem.horizon.steps, chunk.stop_cost[unit])
            model.col_cost_ = np.concatenate(
                (-gain[:, :, unit].T.ravel(), chunk.start_cost[:, :, unit].T.ravel(), stop)
            )
            self._solver.passModel(model)
            self._solver.run()
            worth = idle[unit] - self._solver.getInfo().objective_function_value
            total += worth * units.rigs[unit]
        return float(total)

    def _matrix(self, min_on: int, min_off: int) -> Any:  # noqa: ANN401 - highspy has no types
        """Return a programme without its costs."""
        steps, modes = self._problem.horizon.steps, self._problem.units.modes
        same, none = np.eye(steps), np.zeros((steps, steps))
        before = np.eye(steps, k=-1)
        recent_on = sum(np.eye(steps, k=-k) for k in range(min_on))
        recent_off = sum(np.eye(steps, k=-k) for k in range(min_off))
        blocks: list[tuple[Floats, float, float]] = []
        # It was on before the first step.
        first = -np.eye(steps)[0]
        blocks += [
            (np.hstack([same - before] * modes + [-same] * modes + [same]), 0.0, 0.0),
            (np.hstack([-same] * modes + [recent_on] * modes + [none]), -np.inf, 0.0),
            (np.hstack([same] * modes + [none] * modes + [recent_off]), -np.inf, 1.0),
        ]
        for mode in range(modes):
            own = [same if other == mode else none for other in range(modes)]
            blocks.append((np.hstack([-each for each in own] + own + [none]), -np.inf, 0.0))
        matrix = np.vstack([block for block, _, _ in blocks])
        lower = np.concatenate([np.full(steps, low) for _, low, _ in blocks])
        upper = np.concatenate([np.full(steps, high) for _, _, high in blocks])
        lower[:steps] -= first
        upper[:steps] -= first
        return _lp(matrix, lower, upper)


def _lp(matrix: Floats, lower: Floats, upper: Floats) -> Any:  # noqa: ANN401 - highspy has no types
    rows, columns = matrix.shape
    lp = highspy.HighsLp()
    lp.num_row_, lp.num_col_ = rows, columns
    lp.row_lower_, lp.row_upper_ = lower, upper
    lp.col_lower_, lp.col_upper_ = np.zeros(columns), np.ones(columns)
    lp.col_cost_ = np.zeros(columns)
    used = matrix.T != 0
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = np.concatenate(([0], np.cumsum(used.sum(axis=1))))
    lp.a_matrix_.index_ = np.nonzero(used)[1]
    lp.a_matrix_.value_ = matrix.T[used]
    return lp
