"""Synthetic network history: years of days whose readings are known beforehand."""

from __future__ import annotations

from datetime import date

import numpy as np

from minerdesk.domain.rigs import PowerMode, RigModel
from minerdesk.engine.indicators.days import Days
from minerdesk.engine.indicators.difficulty import Retargets
from minerdesk.engine.industry import Machines
from minerdesk.services.network_reading.indicators import DailyHistory
from minerdesk.services.network_reading.machines import industry_machines

LAST = date(2026, 5, 31)
_UNIX_DAY = 719_163


def some_days(count: int = 900, last: date = LAST, noise: float = 0.05) -> Days:
    """Return ``count`` days up to ``last``: hashrate rises with one dip of 40 days in 2025."""
    first = last.toordinal() - count + 1
    index = np.arange(count, dtype=np.float64)
    dip = np.exp(-(((index - count * 0.6) / 25) ** 2))
    hashrate = (600e18 + 0.5e18 * index) * (1 - 0.25 * dip)
    chance = np.random.default_rng(7).normal(size=count)
    price = 60_000 + 30_000 * np.sin(index / 90) + 20 * index
    return Days(
        first,
        price,
        hashrate * (1 + noise * chance),
        hashrate * 600 / 2**32,
        np.full(count, 4.0),
        np.full(count, 450.0),
    )


def some_retargets(count: int = 60, last: date = LAST) -> Retargets:
    """Return ``count`` retargets, the last of them five days before ``last``; every third falls."""
    change = np.where(np.arange(count) % 3 == 0, 0.97, 1.03)
    time_s = (last.toordinal() - _UNIX_DAY - 5 - 14.0 * np.arange(count)[::-1]) * 86_400
    heights = 951_552 - 2016 * np.arange(count)[::-1]
    difficulty = np.asarray(100e12 * np.cumprod(change), np.float64)
    return Retargets(heights.astype(np.int64), np.asarray(time_s, np.float64), difficulty)


def some_models() -> tuple[RigModel, ...]:
    """Return one machine a half year, each better than the one before."""
    months = [f"{2020 + i // 2}-{6 * (i % 2) + 6:02d}" for i in range(12)]
    return tuple(
        RigModel(f"rig {month}", (PowerMode("normal", 100.0, 100.0 * float(j)),), released=month)
        for month, j in zip(months, np.linspace(60.0, 12.0, 12), strict=True)
    )


def some_machines() -> Machines:
    """Return `some_models` as the method sees them."""
    return industry_machines(some_models())


def some_history(count: int = 900) -> DailyHistory:
    """Return a history of which everything is known."""
    return DailyHistory(
        some_days(count), some_retargets(), {"price": "Kraken", "hashrate": "own node"}
    )
