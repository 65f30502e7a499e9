"""From a mix of divisible rigs to a plan of whole ones, bettered one rig at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from minerdesk.engine.dispatch.broken import KW_TOLERANCE
from minerdesk.engine.dispatch.coupled.pool import Pool
from minerdesk.engine.dispatch.coupled.site import SiteRules
from minerdesk.engine.dispatch.problem import Floats, Ints

# Moves tried at once, those first that are worth most at the site's kW prices, and their steps.
_MOST_MOVES, _MOST_STEPS = 400, 100_000


@dataclass(frozen=True, slots=True)
class Whole:
    """A plan of whole rigs.

    Attributes:
        rigs: (columns of the pool when it was made,). load: (T,) of the site.
        money: after the site's own costs. violation: kW by which it breaks the limits.
    """

    rigs: Ints
    load: Floats
    money: float
    violation: float

    @property
    def kept(self) -> bool:
        """Whether it keeps the limits."""
        return self.violation <= KW_TOLERANCE


def weigh(rules: SiteRules, pool: Pool, rigs: Ints) -> Whole:
    """Return a plan with its load and worth, both summed anew."""
    used = np.flatnonzero(rigs)
    load = rules.fixed + rigs[used] @ pool.kw[used]
    money = float(rigs[used] @ pool.money[used]) - float(rules.cost(load[None])[0])
    return Whole(rigs, load, money, float(rules.violation(load[None])[0]))


def round_off(pool: Pool, unit_rigs: Ints, mix: Floats) -> Ints:
    """Return whole rigs near a mix: rounded down, then up where most was lost."""
    down = np.floor(mix + 1e-9).astype(np.int64)
    left = mix - down
    missing = unit_rigs - np.bincount(pool.unit, weights=down, minlength=len(unit_rigs)).astype(
        np.int64
    )
    order = np.lexsort((-left, pool.unit))
    unit = pool.unit[order]
    first = np.searchsorted(unit, unit)
    rank = np.arange(len(unit)) - first
    down[order] += rank < missing[unit]
    # A unit may have more rigs missing than schedules: its best takes them.
    short = unit_rigs - np.bincount(pool.unit, weights=down, minlength=len(unit_rigs)).astype(
        np.int64
    )
    lead = order[rank == 0]
    down[lead] += short[pool.unit[lead]]
    return down


def better(
    rules: SiteRules,
    pool: Pool,
    start: Whole,
    kw_price: Floats,
    penalty: float,
    *,
    moves: int = 200,
    stop: Callable[[], bool] = lambda: False,
) -> Whole:
    """Move one rig at a time to another known schedule of its unit while that is worth it."""
    reduced = pool.money - pool.kw @ kw_price
    of_unit = np.argsort(pool.unit, kind="stable")
    load, rigs = start.load, start.rigs.copy()
    for _ in range(moves):
        from_, to = _pairs(pool, of_unit, np.flatnonzero(rigs), reduced)
        loads = np.concatenate([load + pool.kw[to] - pool.kw[from_], load[None]])
        gain = -rules.cost(loads) - penalty * rules.violation(loads)
        gain[:-1] += pool.money[to] - pool.money[from_]
        best = int(np.argmax(gain))
        if gain[best] <= gain[-1] + 1e-9 * max(1.0, abs(start.money)) or stop():
            break
        rigs[from_[best]] -= 1
        rigs[to[best]] += 1
        load = loads[best]
    return weigh(rules, pool, rigs)


def _pairs(pool: Pool, of_unit: Ints, active: Ints, reduced: Floats) -> tuple[Ints, Ints]:
    """Return moves between schedules of one unit, the promising ones.

    Args:
        pool: of the site.
        of_unit: (columns,) in the order of their units.
        active: those that rigs follow.
        reduced: (columns,) money at the prices of a kW.
    """
    unit = pool.unit[of_unit]
    first, end = (np.searchsorted(unit, pool.unit[active], side) for side in ("left", "right"))
    count = end - first
    from_ = np.repeat(active, count)
    to = of_unit[np.arange(len(from_)) - np.repeat(np.cumsum(count) - end, count)]
    gain = reduced[to] - reduced[from_]
    gain[from_ == to] = -np.inf
    most = min(_MOST_MOVES, max(1, _MOST_STEPS // pool.kw.shape[1]))
    if len(gain) > most:
        chosen = np.argpartition(gain, -most)[-most:]
        from_, to = from_[chosen], to[chosen]
    return from_, to
