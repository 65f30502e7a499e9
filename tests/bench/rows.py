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


def interleaved_ms(
    *runs: Run,
    rounds: int = 60,
    warm_up: int = 5,
    in_a_row: int = 1,
    clock: Callable[[], float] = time.perf_counter,
) -> tuple[float, ...]:
    """Return the median time of each run in milliseconds, the runs taking turns.

    Args:
        runs: what to measure.
        rounds, warm_up: turns that count, and turns before them that do not.
        in_a_row: repetitions in each turn. With 1 each run finds the processor's cache as the other
            left it, which slows a small run beside a large one; with more, the first of each turn
            does not count and each run finds its own data.
        clock: seconds; `time.thread_time` leaves out what else the machine does.
    """
    times: list[list[float]] = [[] for _ in runs]
    gc.collect()
    gc.disable()
    try:
        for round_ in range(warm_up + rounds):
            for run, taken in zip(runs, times, strict=True):
                for again in range(in_a_row):
                    start = clock()
                    run()
                    elapsed = clock() - start
                    if round_ >= warm_up and (again or in_a_row == 1):
                        taken.append(elapsed)
    finally:
        gc.enable()
    return tuple(statistics.median(taken) * 1e3 for taken in times)


def keep_freed_memory() -> None:
    """Bring the allocator into the state of a program that has run for a while.

    A young process gives the memory of each temporary array back to the system and pays page faults
    to have it again. A numpy expression then takes three to four times as long as its arithmetic,
    and a ratio to it flatters whoever reuses memory. glibc keeps what is freed once a block just
    below its largest threshold (32 MiB) was freed; elsewhere this changes nothing.
    """
    block = bytearray(32 * 2**20 - 2**16)
    del block


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
