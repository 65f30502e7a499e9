"""Sites of twenty groups under a limit and a demand charge, as a coupled plan meets them."""

from __future__ import annotations

import numpy as np

from minerdesk.engine.dispatch.problem import Demand, Horizon, Problem, Rules, Units

GROUPS, STEPS, MODES = 20, 48, 3
INCOME_PER_THS_HOUR = 45.0 / 24_000  # a hashprice of 45 a PH/s and day


def case(seed: int, groups: int = GROUPS, steps: int = STEPS) -> Problem:
    """Return a site whose limit is 70 % of its full load and whose charge begins at 40 %."""
    rng = np.random.default_rng(seed)
    units = _units(rng, groups)
    full_kw = float(units.rigs @ units.kw.max(axis=1))
    hour = np.arange(steps) % 24
    shape = 0.022 * np.sin((hour - 9) / 24 * 2 * np.pi) + 0.02 * np.exp(-(((hour - 18) / 2.5) ** 2))
    price = 0.066 + shape + rng.normal(0.0, 0.012, steps)
    states = np.ones((1, steps, MODES + 1), dtype=bool)
    return Problem(
        Horizon(
            hours=1.0,
            day=(np.arange(steps) // 24)[None, :],
            income_subsidy=np.full(steps, INCOME_PER_THS_HOUR * 0.99),
            income_fees=np.full(steps, INCOME_PER_THS_HOUR * 0.01),
            price=price[None, :],
        ),
        units,
        Rules(
            allowed=states,
            forced_off=np.zeros((1, steps), dtype=bool),
            may_start=np.ones((1, steps), dtype=bool),
            fixed_kw=np.array([20.0]),
            load_before_kw=np.array([0.5 * full_kw]),
            most_kw=np.full((1, steps), 0.7 * full_kw),
            least_kw=np.zeros((1, steps)),
            ramp_kw=np.array([np.inf]),
            demand=(
                Demand(
                    site=0,
                    per_kw=float(rng.uniform(10.0, 15.0)),
                    interval=np.arange(steps),
                    floor_kw=0.4 * full_kw,
                ),
            ),
        ),
    )


def _units(rng: np.random.Generator, groups: int) -> Units:
    ths = rng.uniform(90.0, 240.0, groups)
    kw = ths * rng.uniform(0.015, 0.034, groups)
    paid = np.stack([ths, 0.78 * ths, 1.1 * ths], axis=1) * 0.98
    draw = np.stack([kw, 0.62 * kw, 1.28 * kw], axis=1) * rng.uniform(0.97, 1.03, (groups, MODES))
    return Units(
        group=np.arange(groups),
        site=np.zeros(groups, dtype=np.int64),
        rigs=rng.integers(15, 300, groups),
        has=np.ones((groups, MODES), dtype=bool),
        paid_subsidy=paid,
        paid_fees=paid,
        kw=draw,
        off_kw=rng.uniform(0.01, 0.06, groups),
        keep=np.ones(groups),
        wear_start=rng.uniform(0.05, 0.3, groups),
        wear_stop=rng.uniform(0.0, 0.05, groups),
        start_lost_h=rng.uniform(5.0, 20.0, groups) / 60.0,
        mode_lost_h=np.zeros(groups),
        min_on=rng.integers(1, 5, groups),
        min_off=rng.integers(1, 5, groups),
        most_starts=np.zeros(groups, dtype=np.int64),
        state=rng.integers(0, MODES + 1, groups).astype(np.int8),
        age=rng.integers(1, 9, groups),
        starts_today=np.zeros(groups, dtype=np.int64),
        rule=np.zeros(groups, dtype=np.int64),
    )
