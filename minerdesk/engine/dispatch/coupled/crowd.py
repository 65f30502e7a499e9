"""A first plan of many units: what all of them answer to a price, mixed as a whole.

A master with a column for each schedule of each unit takes its time when there are thousands. One
with a column for each price that was asked is tiny, and its mix loses little: so many units share
what rounding takes.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from minerdesk.engine.dispatch.coupled.highs import Model
from minerdesk.engine.dispatch.coupled.pool import Pool
from minerdesk.engine.dispatch.coupled.rule_rows import lay
from minerdesk.engine.dispatch.coupled.site import SiteRules
from minerdesk.engine.dispatch.problem import Floats, Ints


def mix_of_answers(
    rules: SiteRules,
    pool: Pool,
    unit_rigs: Ints,
    answers: Ints,
    *,
    penalty: float,
    stop: Callable[[], bool],
) -> tuple[Floats, Floats]:
    """Return (columns of the pool,) rigs, not whole, and (T,) what a kW is worth to them.

    Args:
        rules: of the site.
        pool: of the site.
        unit_rigs: (U,).
        answers: (N, U) columns of the pool that the units answered to each price.
        penalty: money for a kW and step that breaks a limit.
        stop: whether to stop now.

    Raises:
        Enough: it is time to stop.
    """
    model = Model(stop=stop)
    columns = lay(model, rules, penalty)
    share = model.add_columns(-(pool.money[answers] @ unit_rigs))
    load = np.stack([rules.fixed + unit_rigs @ pool.kw[each] for each in answers], axis=1)
    rows = model.add_rows(
        0.0,
        0.0,
        [
            (np.broadcast_to(share, load.shape), load),
            (columns.load, -1.0),
            (columns.over, -1.0),
            (columns.under, 1.0),
        ],
    )
    model.add_rows(1.0, 1.0, [(share[None, :], 1.0)])
    model.solve()
    mix: Floats = np.zeros(len(pool))
    np.add.at(mix, answers, model.values()[share][:, None] * unit_rigs)
    return mix, -model.duals()[rows]
