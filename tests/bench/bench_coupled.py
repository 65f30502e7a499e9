"""Plans that a limit and a demand charge couple, against HiGHS given the whole at once.

Both run in one thread, one after the other for each seed, each once: the direct runs take from
seconds to minutes. A direct run that reaches `CAP_S` counts as that long, which flatters it.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from minerdesk.engine.dispatch.coupled import solve
from minerdesk.engine.dispatch.problem import Problem, Solution
from tests.bench.coupled_cases import case
from tests.bench.rows import Row
from tests.engine.dispatch.coupled import direct

SEEDS = range(10)
GAP, FIRST_GAP = 1e-4, 0.01
CAP_S = 120.0
LONG_STEPS = 14 * 24


@dataclass(frozen=True, slots=True)
class Ours:
    """Seconds until the first plan within `FIRST_GAP`, and until the end; the gap proved then."""

    first: float
    seconds: float
    gap: float


def ours(problem: Problem) -> Ours:
    """Solve by columns."""
    start = time.perf_counter()
    first: list[float] = []

    def better(found: Solution) -> None:
        if not first and found.gap <= FIRST_GAP:
            first.append(time.perf_counter() - start)

    found = solve(problem, gap=GAP, seconds=CAP_S, clock=time.perf_counter, on_better=better)
    end = time.perf_counter() - start
    return Ours(first[0] if first else end, end, found.gap)


def rows() -> Iterator[Row]:
    """Yield the rows."""
    in_s = partial(Row, unit="s")
    ours(case(len(SEEDS)))  # imports and first calls are no part of it
    ends: list[tuple[float, float]] = []
    firsts: list[tuple[float, float]] = []
    for seed in SEEDS:
        mine = ours(case(seed))
        theirs = direct.solve(case(seed), gap=GAP, seconds=CAP_S)
        missing = (theirs.bound - theirs.objective) / max(1.0, abs(theirs.objective))
        gaps = f"gap {mine.gap:.1e} direct {missing:.1e}"
        ends.append((mine.seconds, theirs.seconds))
        firsts.append((mine.first, theirs.seconds))
        yield in_s(f"seed {seed}: whole; {gaps}", *ends[-1])
        within = f"direct itself {theirs.first_within_1_percent:.2f} s"
        yield in_s(f"seed {seed}: first within 1 % ({within})", *firsts[-1])
    long = ours(case(0, steps=LONG_STEPS))
    yield in_s(f"14 days against 2: whole; gap {long.gap:.1e}", long.seconds, ends[0][0])
    yield in_s("14 days against 2: first within 1 %", long.first, firsts[0][0])
    for name, pairs, budget in (("whole", ends, 1 / 3), ("first within 1 %", firsts, 1 / 20)):
        measured = statistics.median(mine for mine, _ in pairs)
        reference = statistics.median(theirs for _, theirs in pairs)
        yield in_s(f"median of {len(pairs)} seeds: {name}", measured, reference, budget)
        ratio = statistics.median(mine / theirs for mine, theirs in pairs)
        yield in_s(f"median ratio of {len(pairs)} seeds: {name}", ratio, 1.0, budget)
