"""A small door to HiGHS: a model that grows by columns and rows, solved in one thread."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import highspy
import numpy as np

from minerdesk.engine.dispatch.coupled.asked import Enough
from minerdesk.engine.dispatch.problem import Floats, Ints

_NO_STARTS = np.zeros(0, dtype=np.int32)
_NO_VALUES = np.zeros(0)


class Model:
    """A minimisation; columns and rows are named by their numbers."""

    def __init__(
        self, *, grows_by_columns: bool = False, stop: Callable[[], bool] | None = None
    ) -> None:
        """Begin without columns; ``stop`` is asked again and again while `solve` is at work."""
        self.highs = highspy.Highs()  # type: ignore[no-untyped-call] # highspy leaves it untyped
        for option, value in (
            ("output_flag", False),
            ("threads", 1),
            ("parallel", "off"),
            # After new columns the last basis is still a solution, though no longer the best.
            ("simplex_strategy", 4 if grows_by_columns else 1),
        ):
            self.highs.setOptionValue(option, value)
        self._raised: list[BaseException] = []
        if stop is not None:
            self.highs.cbSimplexInterrupt.subscribe(lambda event: self._guarded(event, stop))

    @property
    def columns(self) -> int:
        """How many columns there are."""
        return self.highs.getNumCol()

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return self.highs.getNumRow()

    def add_columns(
        self, cost: Floats, low: Floats | float = 0.0, high: Floats | float = np.inf
    ) -> Ints:
        """Add columns that stand in no row yet and return their numbers."""
        first, count = self.columns, len(cost)
        self.highs.addCols(
            count,
            np.asarray(cost, dtype=np.float64),
            np.broadcast_to(np.asarray(low, dtype=np.float64), count).copy(),
            np.broadcast_to(np.asarray(high, dtype=np.float64), count).copy(),
            0,
            np.zeros(count, dtype=np.int32),
            _NO_STARTS,
            _NO_VALUES,
        )
        return np.arange(first, first + count)

    def add_filled(self, cost: Floats, high: Floats, entries: tuple[Ints, Ints, Floats]) -> Ints:
        """Add columns from 0 to ``high`` with entries (starts, rows, values)."""
        first, count = self.columns, len(cost)
        starts, rows, values = entries
        self.highs.addCols(
            count,
            cost,
            np.zeros(count),
            high,
            len(values),
            starts.astype(np.int32),
            rows.astype(np.int32),
            values,
        )
        return np.arange(first, first + count)

    def add_rows(
        self,
        low: Floats | float,
        high: Floats | float,
        terms: Sequence[tuple[Ints, Floats | float]],
    ) -> Ints:
        """Add rows, each the sum of ``terms``: columns (R,) or (R, K) times factors alike."""
        columns = np.concatenate([_wide(c) for c, _ in terms], axis=1)
        factors = np.concatenate(
            [
                np.broadcast_to(_wide(np.asarray(f)) if np.ndim(f) else f, _wide(c).shape)
                for c, f in terms
            ],
            axis=1,
        )
        count, first, used = len(columns), self.rows, factors != 0.0
        starts = np.concatenate([[0], np.cumsum(used.sum(axis=1))[:-1]])
        self.highs.addRows(
            count,
            np.broadcast_to(np.asarray(low, dtype=np.float64), count).copy(),
            np.broadcast_to(np.asarray(high, dtype=np.float64), count).copy(),
            int(used.sum()),
            starts.astype(np.int32),
            columns[used].astype(np.int32),
            np.asarray(factors[used], dtype=np.float64),
        )
        return np.arange(first, first + count)

    def add_uneven(self, low: Floats, high: Floats, entries: tuple[Ints, Ints, Floats]) -> None:
        """Add rows with entries (row from 0, column, factor), in any order."""
        row, column, factor = entries
        order = np.argsort(row, kind="stable")
        self.highs.addRows(
            len(low),
            low,
            high,
            len(order),
            np.searchsorted(row[order], np.arange(len(low))).astype(np.int32),
            column[order].astype(np.int32),
            factor[order],
        )

    def whole(self, columns: Ints) -> None:
        """Let columns take whole numbers only."""
        kind = np.full(len(columns), int(highspy.HighsVarType.kInteger), dtype=np.uint8)
        self.highs.changeColsIntegrality(len(columns), columns.astype(np.int32), kind)

    def costs(self, columns: Ints, cost: Floats) -> None:
        """Change the costs of columns."""
        self.highs.changeColsCost(len(columns), columns.astype(np.int32), cost)

    def bounds(self, columns: Ints, low: Floats, high: Floats) -> None:
        """Change the bounds of columns."""
        self.highs.changeColsBounds(len(columns), columns.astype(np.int32), low, high)

    def solve_near(self, slack: float, seconds: float, start: tuple[Ints, Floats]) -> Floats:
        """Return whole values of ``start``'s columns in a solution within ``slack`` of the best.

        Where none is found it is the start itself; in the time that it has, the best yet.
        """
        columns, values = start
        self.highs.setOptionValue("mip_rel_gap", 0.0)
        self.highs.setOptionValue("mip_abs_gap", slack)
        self.highs.setOptionValue("time_limit", seconds)
        self.highs.setSolution(len(columns), columns.astype(np.int32), values)
        self.highs.run()
        status = self.highs.getInfo().primal_solution_status
        found = status == int(highspy.SolutionStatus.kSolutionStatusFeasible)
        return np.rint(self.values()[columns]) if found else values

    def solve(self) -> float:
        """Solve and return the objective; NaN where there is no optimum.

        Raises:
            Enough: it is time to stop.
            Exception: what asking whether to stop raised.
        """
        self.highs.run()
        self._raise()
        if self.highs.getModelStatus() == highspy.HighsModelStatus.kInterrupt:
            raise Enough
        if self.highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return float("nan")
        return float(self.highs.getInfo().objective_function_value)

    def values(self) -> Floats:
        """Return the value of each column in the last solution."""
        return np.array(self.highs.getSolution().col_value)

    def reduced(self) -> Floats:
        """Return the reduced cost of each column: by how much a unit of it misses the best."""
        return np.array(self.highs.getSolution().col_dual)

    def duals(self) -> Floats:
        """Return the dual of each row: by how much the objective rises with its side."""
        return np.array(self.highs.getSolution().row_dual)

    def solve_whole(
        self,
        *,
        seconds: float,
        target: float,
        start: tuple[Ints, Floats] | None,
        look: Callable[[float], bool],
        better: Callable[[Floats], None],
    ) -> tuple[float, bool]:
        """Solve with whole columns; return the proved lower bound, and whether all was proved.

        Args:
            seconds: at most so many.
            target: an objective that is good enough.
            start: columns and their values to begin from.
            look: given the proved bound again and again; says whether to stop.
            better: called with the values of the columns of each better solution.

        Raises:
            Exception: what ``look`` or ``better`` raised, after HiGHS has come to rest.
        """

        def asked(event: highspy.HighsCallbackEvent) -> None:
            self._guarded(event, lambda: look(float(event.data_out.mip_dual_bound)))

        def improved(event: highspy.HighsCallbackEvent) -> None:
            values = np.array(event.data_out.mip_solution)

            def tell() -> bool:
                better(values)
                return False

            self._guarded(event, tell)

        self.highs.setOptionValue("time_limit", float(seconds))
        self.highs.setOptionValue("objective_target", target)
        self.highs.setOptionValue("mip_rel_gap", 1e-9)
        if start is not None:
            self._start(*start)
        self.highs.cbMipInterrupt.subscribe(asked)
        self.highs.cbMipImprovingSolution.subscribe(improved)
        self.highs.run()
        self._raise()
        info, status = self.highs.getInfo(), self.highs.getModelStatus()
        if status == highspy.HighsModelStatus.kInfeasible:
            return float("inf"), True
        if info.primal_solution_status == int(highspy.SolutionStatus.kSolutionStatusFeasible):
            better(self.values())
        return float(info.mip_dual_bound), status == highspy.HighsModelStatus.kOptimal

    def _guarded(self, event: highspy.HighsCallbackEvent, call: Callable[[], bool]) -> None:
        try:
            stop = bool(self._raised) or call()
        except BaseException as error:  # noqa: BLE001 - none may pass through HiGHS
            self._raised.append(error)
            stop = True
        event.interrupt(stop)

    def _raise(self) -> None:
        """Raise what a callback raised, now that HiGHS has come to rest."""
        if self._raised:
            raise self._raised[0]

    def _start(self, columns: Ints, values: Floats) -> None:
        """Begin from a solution that is known in part.

        HiGHS would find the rest by itself, but as a programme of its own, whose bounds the
        callbacks could not tell from those of the whole.
        """
        lp = self.highs.getLp()
        low, high = (np.array(each)[columns] for each in (lp.col_lower_, lp.col_upper_))
        self.bounds(columns, values, values)
        known = not np.isnan(self.solve())
        found = self.values()
        self.bounds(columns, low, high)
        if known:
            self.highs.setSolution(len(found), np.arange(len(found), dtype=np.int32), found)


def _wide(array: Ints | Floats) -> Ints | Floats:
    return array[:, None] if array.ndim == 1 else array
