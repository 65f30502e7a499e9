"""Mining coins against buying them with the same power money.

Own derivation. Let a group mine q coins and spend c on power a day (the power that stops with it),
over T days, while difficulty grows by g a year. With k = ln(1 + g) / 365.25

    coins mined   Q = q (1 - e^(-kT)) / k          (q T where g = 0; the part after a halving
                                                    counts with the smaller reward)
    power money   C = c T
    host's share  H = sum over months of (1 - k) max(0, P x coins - power money) of each month, of
                  the group by itself, where a host leaves the part k of a profit (`engine.margin`)
    coins bought  B = (C + H) / P at today's price P, with the same money

Held to the horizon, Q and B are worth the same multiple of the price then, whatever that is. So the
one that holds more coins wins at every price: where a mined coin costs more than P, **no** future
price makes up for it, and mining at a loss is dearer than buying the same coins. Taxes at a simple
rate do not turn this around: gains are taxed alike on both, from the same basis P, and the tax on
income takes only a part of what mining gains. Nor does a host's share: where no month is at a loss
it is a part of what mining gains as well.

What can be asked instead is when holding the mined coins was right at all: the price at the horizon
that returns the money spent with the discount rate r. With d = ln(1 + r) / 365.25 the power money
grows to c (e^(dT) - 1) / d, and each month's share from that month's end; income tax is due on the
profit of mining at today's price after the share, gains tax on what the coin gains over it. For the
coins bought today the same asks for P (1 + r)^(T / 365.25).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from minerdesk.domain.units import DAYS_PER_MONTH, DAYS_PER_YEAR
from minerdesk.engine.margin import after_share

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Holding:
    """What the operator expects; rates are fractions.

    Attributes:
        months: horizon, greater than 0.
        difficulty_growth: of difficulty a year, above -1.
        discount: what money must earn a year, above -1.
        income_tax: on the profit of mining as it is mined, in [0, 1).
        gains_tax: on what coins gain until the horizon, in [0, 1).
        halving_in_days: when the reward falls, or None where that is not known.
        reward_after: reward after it over the reward before it.

    Raises:
        ValueError: a number is outside its range.
    """

    months: float = 12.0
    difficulty_growth: float = 0.0
    discount: float = 0.10
    income_tax: float = 0.0
    gains_tax: float = 0.0
    halving_in_days: float | None = None
    reward_after: float = 0.5

    def __post_init__(self) -> None:
        if not (math.isfinite(self.months) and self.months > 0):
            raise ValueError(f"a horizon must be longer than 0 months, found {self.months!r}")
        for name in ("difficulty_growth", "discount"):
            rate = getattr(self, name)
            if not (math.isfinite(rate) and rate > -1):
                raise ValueError(f"{name} must be above -1, found {rate!r}")
        for name in ("income_tax", "gains_tax"):
            if not 0 <= getattr(self, name) < 1:
                raise ValueError(f"{name} must be in [0, 1), found {getattr(self, name)!r}")

    @property
    def days(self) -> float:
        """The horizon in days."""
        return self.months * DAYS_PER_MONTH

    def coin_days(self, until: float | None = None) -> float:
        """Return the days of today's coins that the horizon, or its first days, yield."""
        days = self.days if until is None else until
        fade = math.log1p(self.difficulty_growth) / DAYS_PER_YEAR
        halving = math.inf if self.halving_in_days is None else max(self.halving_in_days, 0.0)
        before = _summed(-fade, min(days, halving))
        return before + self.reward_after * (_summed(-fade, days) - before)


@dataclass(frozen=True, slots=True)
class MineOrBuy:
    """Of each group, shape (G,); NaN where its cost is not known.

    Attributes:
        coins: mined until the horizon. power_money: spent on them. host_money: the host's share.
        cost_per_btc: of a mined coin, share inside. premium: over spot, a fraction; below 0 mining
            is cheaper.
        coins_bought: with the same money today.
        price_needed: BTC price at the horizon at which holding the mined coins has earned the
            discount rate after taxes. price_needed_bought: likewise for coins bought today.
    """

    coins: Floats
    power_money: Floats
    host_money: Floats
    cost_per_btc: Floats
    premium: Floats
    coins_bought: Floats
    price_needed: Floats
    price_needed_bought: float


def mine_or_buy(
    btc_per_day: Floats,
    cost_per_day: Floats,
    price_per_btc: float,
    holding: Holding,
    profit_kept: Floats | None = None,
) -> MineOrBuy:
    """Compare; see the derivation above.

    Args:
        btc_per_day: (G,) coins of each group today, greater than 0.
        cost_per_day: (G,) money of the power that stops with it; may be negative.
        price_per_btc: today, greater than 0.
        holding: what the operator expects.
        profit_kept: (G,) what a host leaves of a profit, in (0, 1]; None where there is none.
    """
    coins = btc_per_day * holding.coin_days()
    power = cost_per_day * holding.days
    growth = math.log1p(holding.discount) / DAYS_PER_YEAR
    owed = cost_per_day * _summed(growth, holding.days)
    host = np.zeros(len(coins))
    if profit_kept is not None and (profit_kept < 1).any():
        for days, share in _months(btc_per_day * price_per_btc, cost_per_day, holding, profit_kept):
            host += share
            owed = owed + share * math.exp(growth * (holding.days - days))
    money = power + host
    cost = money / coins
    owed = owed + holding.income_tax * np.maximum(coins * price_per_btc - money, 0.0)

    def before_tax(price: Floats) -> Floats:
        gross = (price - holding.gains_tax * price_per_btc) / (1 - holding.gains_tax)
        return np.where(price > price_per_btc, gross, price)

    bought = np.array(price_per_btc * math.exp(growth * holding.days))
    return MineOrBuy(
        coins=coins,
        power_money=power,
        host_money=host,
        cost_per_btc=cost,
        premium=cost / price_per_btc - 1,
        coins_bought=money / price_per_btc,
        price_needed=before_tax(np.maximum(owed / coins, 0.0)),
        price_needed_bought=float(before_tax(bought)),
    )


def _months(
    revenue_per_day: Floats, cost_per_day: Floats, holding: Holding, kept: Floats
) -> Iterator[tuple[float, Floats]]:
    """Yield the day each month of the horizon ends on, and the host's share of its profit, (G,)."""
    begin, mined = 0.0, 0.0
    for month in range(1, math.ceil(holding.months) + 1):
        end = min(month * DAYS_PER_MONTH, holding.days)
        until = holding.coin_days(end)
        profit = revenue_per_day * (until - mined) - cost_per_day * (end - begin)
        yield end, profit - after_share(profit, kept)
        begin, mined = end, until


def _summed(rate: float, days: float) -> float:
    """Return the integral of e^(rate t) from 0 to ``days``."""
    return days if rate == 0 else math.expm1(rate * days) / rate
