"""The best plan by looking at every one: all schedules of each unit, all ways to share its rigs."""

from __future__ import annotations

from itertools import combinations_with_replacement, product

import numpy as np

from minerdesk.engine.dispatch.broken import broken_rows
from minerdesk.engine.dispatch.problem import Problem, Schedule
from minerdesk.engine.dispatch.reprice import reprice


def best(problem: Problem) -> float:
    """Return the best objective; -inf where no plan keeps the rules."""
    choices = [_shares(problem, unit) for unit in range(problem.units.count)]
    found = -np.inf
    for rows in product(*choices):
        unit = np.repeat(np.arange(len(rows)), [len(row) for row in rows])
        none = np.zeros((0, problem.horizon.steps), dtype=np.int8)
        schedule = Schedule(unit, np.ones(len(unit), int), np.concatenate([none, *rows]))
        priced = reprice(problem, schedule)
        if not priced.broken:
            found = max(found, priced.objective)
    return found


def _shares(problem: Problem, unit: int) -> list[np.ndarray[tuple[int, int], np.dtype[np.int8]]]:
    units, steps = problem.units, problem.horizon.steps
    states = [0, *(1 + np.flatnonzero(units.has[unit])).tolist()]
    every = np.array(list(product(states, repeat=steps)), dtype=np.int64)
    bad = {b.where for b in broken_rows(problem, np.full(len(every), unit), every)}
    kept = every[[row for row in range(len(every)) if row not in bad]].astype(np.int8)
    return [
        kept[list(rows)]
        for rows in combinations_with_replacement(range(len(kept)), int(units.rigs[unit]))
    ]
