"""Schedules one step away from those of a plan: they fill what whole rigs leave of a limit."""

from __future__ import annotations

import numpy as np

from minerdesk.engine.dispatch.broken import broken_rows
from minerdesk.engine.dispatch.coupled.pool import Pool
from minerdesk.engine.dispatch.coupled.worth import Worth
from minerdesk.engine.dispatch.problem import Floats, Ints, Problem

_MOST_TRIED = 500_000
_MOST_ADDED = 1_000


def add_neighbours(
    problem: Problem,
    worth: Worth,
    pool: Pool,
    around: Ints,
    kw_price: Floats,
    reach: float,
    *,
    most_tried: int = _MOST_TRIED,
) -> None:
    """Add to a pool what lies around some of its schedules.

    Args:
        problem: of one site.
        worth: of its units.
        pool: grows.
        around: numbers of schedules.
        kw_price: (T,) money that a kW in a step is worth to the site.
        reach: money that a schedule may lose at these prices against the one it differs from.
        most_tried: states of all tried, evenly spread; bounds the memory.
    """
    steps = problem.horizon.steps
    unit, state = pool.unit[around], pool.state[around]
    states = np.arange(worth.kw.shape[1])
    has = np.concatenate([np.ones((len(worth.kw), 1), bool), problem.units.has], axis=1)
    other = has[unit][:, None, :] & (states != state[:, :, None])
    row, step, to = np.nonzero(other)
    most = max(1, most_tried // steps)
    if len(row) > most:
        spread = np.linspace(0, len(row) - 1, most).astype(np.int64)
        row, step, to = row[spread], step[spread], to[spread]
    changed = state[row].copy()
    changed[np.arange(len(row)), step] = to
    mine = unit[row]
    before = pool.money[around] - pool.kw[around] @ kw_price
    loss = before[row] - worth.of(mine, changed) + worth.load(mine, changed) @ kw_price
    near = np.flatnonzero(loss <= reach)
    near = near[np.argsort(loss[near], kind="stable")][: 3 * _MOST_ADDED]
    bad = {each.where for each in broken_rows(problem, mine[near], changed[near].astype(np.int64))}
    kept = near[[place for place in range(len(near)) if place not in bad]][:_MOST_ADDED]
    pool.add(mine[kept], changed[kept])
