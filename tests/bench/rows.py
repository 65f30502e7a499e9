"""What a bench gives: rows `name, measured, reference, ratio, budget`.

Times are medians of runs in which the measured thing and its reference take turns, so that whatever
else the machine does falls on both.
"""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

Run = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Row:
    """One figure.

    Attributes:
        measured, reference: in ``unit``; a reference of None means there is none to compare with.
        budget: the ratio that is allowed, or None.
    """

    name: str
    measured: float
    reference: float | None = None
    budget: float | None = None
    unit: str = "ms"

    @property
    def ratio(self) -> float | None:
        """Measured over reference."""
        return None if not self.reference else self.measured / self.reference

    def cells(self) -> tuple[str, ...]:
        """Return the row as text; a dash stands where there is nothing."""
        return (
            self.name,
            f"{self.measured:.3f} {self.unit}",
            "-" if self.reference is None else f"{self.reference:.3f} {self.unit}",
            "-" if self.ratio is None else f"{self.ratio:.2f}",
            "-" if self.budget is None else f"{self.budget:g}",
        )


def interleaved_ms(*runs: Run, rounds: int = 60, warm_up: int = 5) -> tuple[float, ...]:
    """Return the median time of each run in milliseconds, the runs taking turns."""
    times: list[list[float]] = [[] for _ in runs]
    gc.collect()
    gc.disable()
    try:
        for round_ in range(warm_up + rounds):
            for run, taken in zip(runs, times, strict=True):
                start = time.perf_counter()
                run()
                if round_ >= warm_up:
                    taken.append(time.perf_counter() - start)
    finally:
        gc.enable()
    return tuple(statistics.median(taken) * 1e3 for taken in times)


def print_rows(rows: Iterable[Row]) -> None:
    """Print rows as they come, in columns that a machine can split at the commas."""
    widths = (58, 12, 12, 6, 6)
    header = ("name", "measured", "reference", "ratio", "budget")
    print(_line(header, widths))
    for row in rows:
        print(_line(row.cells(), widths), flush=True)


def _line(cells: tuple[str, ...], widths: tuple[int, ...]) -> str:
    name, *numbers = cells
    rest = (f"{cell:>{width}}" for cell, width in zip(numbers, widths[1:], strict=True))
    return ", ".join((f"{name:<{widths[0]}}", *rest))
