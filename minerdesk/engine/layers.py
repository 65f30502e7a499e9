"""What the outer cost layers add to the cash layer, per group and day.

Avoidable: what stops when the site closes (hosting, labour, fixed site load, and of its tariff what
`avoidable_per_month` names, such as demand charges). All-in: with
overhead, capital and the rigs themselves. Neither ever switches a rig. A site's costs are shared
among its groups by their nameplate power. A layer nobody entered anything for is NaN, never 0.

A layer says where its own margin is zero. Where a host takes a share of the profit, what it does
not bill is paid of what it leaves, so that more has to be earned (`engine.margin.before_share`);
what it bills lessens the profit that is shared.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from minerdesk.domain.book import Book
from minerdesk.domain.rigs import Purchase
from minerdesk.domain.sites import Capital, CostLayer, Site
from minerdesk.domain.units import DAYS_PER_MONTH, HOURS_PER_DAY
from minerdesk.engine.margin import before_share
from minerdesk.engine.tariff import avoidable_per_month

Floats = NDArray[np.float64]


class LayerCosts(NamedTuple):
    """Per group, shape (G,), money per day for the whole group.

    Attributes:
        avoidable_per_day: on top of cash; NaN where the site has no avoidable cost entered.
        all_in_per_day: on top of cash, avoidable included; NaN where nothing beyond was entered.
        purchase_price: of all rigs of the group, money; NaN where it was not entered.
    """

    avoidable_per_day: Floats
    all_in_per_day: Floats
    purchase_price: Floats


def capital_per_month(capital: Capital) -> float:
    """Return the monthly cost of capital: the annuity that repays it with interest over its life.

    ``amount x i / (1 - (1 + i)^-n)`` with the monthly rate i = interest / 12 and n months; without
    interest ``amount / n``.
    """
    rate = capital.interest / 12
    if rate == 0:
        return capital.amount / capital.life_months
    return float(capital.amount * rate / -np.expm1(-capital.life_months * np.log1p(rate)))


def depreciation_per_month(purchase: Purchase) -> float:
    """Return straight-line depreciation of one rig: (price - residual) / life, money per month."""
    return (purchase.price_per_rig - purchase.residual_per_rig) / purchase.life_months


def layer_costs(
    book: Book,
    rates: Mapping[str, float],
    *,
    site: NDArray[np.int64],
    power_w: Floats,
    price_per_kwh: Floats,
    profit_kept: Floats,
) -> LayerCosts:
    """Compute what the outer layers add for each group.

    Args:
        book: sites with their costs, groups with their purchases.
        rates: value of one unit of each currency in the evaluation's currency.
        site: (G,) index of each group's site.
        power_w: (G,) nameplate W of the whole group, the key by which a site's costs are shared.
        price_per_kwh: (G,) price at the site, for its fixed load.
        profit_kept: (sites,) what each site's host leaves of a profit.
    """

    def worth(amount: float, currency: str) -> float:
        return amount * rates.get(currency or book.currency, float("nan"))

    def monthly(place: Site, layer: CostLayer) -> float | None:
        amounts = [worth(c.amount, c.currency) for c in place.monthly_costs if c.layer is layer]
        return sum(amounts) if amounts else None

    sites, groups = book.sites, book.groups
    power_of_site = np.bincount(site, weights=power_w, minlength=len(sites))
    tariffs = {tariff.id: tariff for tariff in book.tariffs}

    def of_tariff(s: int, place: Site) -> float | None:
        tariff = tariffs[place.tariff]
        full_load_kw = power_of_site[s] * place.pue / 1000 + place.fixed_load_kw
        amount = avoidable_per_month(tariff, float(full_load_kw))
        return None if amount is None else worth(amount, tariff.currency)

    hosting = _Entered.of([monthly(place, CostLayer.AVOIDABLE) for place in sites])
    contract = _Entered.of([of_tariff(s, place) for s, place in enumerate(sites)])
    overhead = _Entered.of([monthly(place, CostLayer.OVERHEAD) for place in sites])
    capital = _Entered.of(
        [
            None if p.capital is None else worth(capital_per_month(p.capital), p.capital.currency)
            for p in sites
        ]
    )
    fixed_kwh = _Entered.of([p.fixed_load_kw * HOURS_PER_DAY or None for p in sites])
    bought = _Entered.of(
        [
            None
            if (buy := group.purchase) is None
            else group.count * worth(buy.price_per_rig, buy.currency)
            for group in groups
        ]
    )
    worn = _Entered.of(
        [
            None
            if (buy := group.purchase) is None
            else group.count * worth(depreciation_per_month(buy), buy.currency)
            for group in groups
        ]
    )
    share = power_w / power_of_site[site]
    kept = profit_kept[site]
    billed = contract.at(site).times(1 / DAYS_PER_MONTH) + fixed_kwh.at(site).times(price_per_kwh)
    billed = billed.times(share)
    unbilled = hosting.at(site).times(share / DAYS_PER_MONTH)
    avoidable = billed + unbilled.before_share(kept)
    outer = ((overhead + capital).at(site).times(share) + worn).times(1 / DAYS_PER_MONTH)
    of_all = _Entered(outer.amount + unbilled.amount, outer.entered).before_share(kept)
    all_in = _Entered(of_all.amount + billed.amount, outer.entered)
    return LayerCosts(avoidable.or_nan(), all_in.or_nan(), bought.or_nan())


@dataclass(frozen=True, slots=True)
class _Entered:
    """Amounts beside whether they were entered at all: 0 and NaN (no exchange rate) are amounts."""

    amount: Floats
    entered: NDArray[np.bool_]

    @classmethod
    def of(cls, values: Sequence[float | None]) -> _Entered:
        amounts = np.array([0.0 if value is None else value for value in values], dtype=np.float64)
        return cls(amounts, np.array([value is not None for value in values], dtype=np.bool_))

    def at(self, index: NDArray[np.int64]) -> _Entered:
        return _Entered(self.amount[index], self.entered[index])

    def times(self, factor: float | Floats) -> _Entered:
        return _Entered(np.where(self.entered, self.amount * factor, 0.0), self.entered)

    def before_share(self, kept: Floats) -> _Entered:
        return _Entered(before_share(self.amount, kept), self.entered)

    def __add__(self, other: _Entered) -> _Entered:
        return _Entered(self.amount + other.amount, self.entered | other.entered)

    def or_nan(self) -> Floats:
        return np.where(self.entered, self.amount, np.nan)
