"""The best plan of whole rigs that known schedules give."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from minerdesk.engine.dispatch.coupled.highs import Model
from minerdesk.engine.dispatch.coupled.pool import Pool
from minerdesk.engine.dispatch.coupled.rounding import Whole
from minerdesk.engine.dispatch.coupled.rule_rows import lay
from minerdesk.engine.dispatch.coupled.site import SiteRules
from minerdesk.engine.dispatch.problem import Floats, Ints

_MOST_COLUMNS = 400  # more find better plans, but later


def best_of_pool(
    rules: SiteRules,
    pool: Pool,
    unit_rigs: Ints,
    known: tuple[Floats, float, Whole | None],
    *,
    target: float,
    seconds: float,
    stop: Callable[[], bool],
    better: Callable[[Ints], None],
) -> None:
    """Give ``better`` each better plan that is found.

    Args:
        rules: of the site.
        pool: of the site.
        unit_rigs: (U,).
        known: (T,) prices of a kW, the money by which a better plan may miss the bound that they
            give, and the best plan, if there is one.
        target: money that is good enough.
        seconds: at most so many.
        stop: whether to stop now.
        better: called with (columns of the pool,) rigs.
    """
    kw_price, reach, best = known
    chosen = _can_matter(pool, len(unit_rigs), kw_price, reach)
    if best is not None:
        chosen = np.union1d(chosen, np.flatnonzero(best.rigs))
    model = Model()
    columns = lay(model, rules, np.inf)
    rigs = model.add_columns(-pool.money[chosen], 0.0, unit_rigs[pool.unit[chosen]].astype(float))
    model.whole(rigs)
    steps = len(columns.load)
    model.add_rows(
        -rules.fixed,
        -rules.fixed,
        [(np.broadcast_to(rigs, (steps, len(rigs))), pool.kw[chosen].T), (columns.load, -1.0)],
    )
    sums = unit_rigs.astype(float)
    model.add_uneven(sums, sums, (pool.unit[chosen], rigs, np.ones(len(rigs))))
    model.whole(columns.whole)

    def give(values: Floats) -> None:
        whole = np.zeros(len(pool), dtype=np.int64)
        whole[chosen] = np.rint(values[rigs]).astype(np.int64)
        better(whole)

    start = (
        None if best is None else (rigs, np.pad(best.rigs, (0, len(pool)))[chosen].astype(float))
    )
    model.solve_whole(
        seconds=seconds, target=-target, start=start, look=lambda _: stop(), better=give
    )


def _can_matter(pool: Pool, units: int, kw_price: Floats, reach: float) -> Ints:
    """Return the columns that a better plan can hold: those that lose no more than ``reach``."""
    reduced = pool.money - pool.kw @ kw_price
    top = np.full(units, -np.inf)
    np.maximum.at(top, pool.unit, reduced)
    loss = top[pool.unit] - reduced
    chosen = np.flatnonzero(loss <= reach)
    if len(chosen) > _MOST_COLUMNS:
        chosen = chosen[np.argpartition(loss[chosen], _MOST_COLUMNS)[:_MOST_COLUMNS]]
    return chosen
