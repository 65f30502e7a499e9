"""Puell multiple, daily hashprice, and the difficulty regression."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from minerdesk.domain.units import BLOCKS_PER_DAY, SATOSHI_PER_BTC, THS_PER_PHS
from minerdesk.engine.indicators.days import Days, Floats, mean_of_last
from minerdesk.engine.network import HALVING_BLOCKS, INITIAL_SUBSIDY_SAT, btc_per_ths_day

PUELL_DAYS: Final = 365
# Glassnode's fit to 14 September 2022, R^2 0.944: somebody's frozen model, not a measurement.
REGRESSION_INTERCEPT: Final = 10.2560
REGRESSION_SLOPE: Final = 0.5250


def puell(days: Days) -> Floats:
    """Return the Puell multiple by day: value of the day's new coins over its 365-day mean."""
    issued = days.issuance_btc * days.price
    return issued / mean_of_last(issued, PUELL_DAYS)


def hashprice_per_ph_day(days: Days, subsidy_btc: Floats) -> Floats:
    """Return the gross hashprice of each day, money/PH/day, from difficulty.

    Fees of a block are the day's by 144 blocks, as the index does with the last 144.

    Args:
        days: with difficulty and price.
        subsidy_btc: (D,) new coins of one block, BTC.
    """
    per_ths = btc_per_ths_day(1.0) / days.difficulty
    return per_ths * THS_PER_PHS * (subsidy_btc + days.fees_btc / BLOCKS_PER_DAY) * days.price


def fee_share(days: Days) -> Floats:
    """Return the fees' share of the day's reward, a fraction."""
    return days.fees_btc / (days.fees_btc + days.issuance_btc)


def supply_btc(height: int) -> float:
    """Return the coins issued by all blocks up to and including ``height``, BTC.

    Raises:
        ValueError: the height is negative.
    """
    if height < 0:
        raise ValueError(f"a block's height must be at least 0, found {height}")
    blocks, total, halvings = height + 1, 0, 0
    while blocks > 0 and halvings < 64:
        here = min(blocks, HALVING_BLOCKS)
        total += here * (INITIAL_SUBSIDY_SAT >> halvings)
        blocks -= here
        halvings += 1
    return total / SATOSHI_PER_BTC


def regression_price(difficulty: NDArray[np.float64] | float, supply: float) -> Floats:
    """Return the all-in cost of a BTC in USD that Glassnode's difficulty regression gives.

    ``exp(10.2560 + 0.5250 ln(difficulty)) / supply``.
    """
    fitted = np.exp(REGRESSION_INTERCEPT + REGRESSION_SLOPE * np.log(difficulty)) / supply
    return np.asarray(fitted, dtype=np.float64)
