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

from collections.abc import Callable, Mapping, Sequence
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
    money = _Money(book, rates)
    power_of_site = np.bincount(site, power_w, len(book.sites)).astype(np.float64)
    hosting, overhead = (money.monthly(each) for each in (CostLayer.AVOIDABLE, CostLayer.OVERHEAD))
    fixed_kwh = _Entered.of([p.fixed_load_kw * HOURS_PER_DAY or None for p in book.sites])
    share = power_w / power_of_site[site]
    kept = profit_kept[site]
    contract = money.contract(power_of_site).at(site).times(1 / DAYS_PER_MONTH)
    billed = (contract + fixed_kwh.at(site).times(price_per_kwh)).times(share)
    unbilled = hosting.at(site).times(share / DAYS_PER_MONTH)
    avoidable = billed + unbilled.before_share(kept)
    of_sites = (overhead + money.capital()).at(site).times(share)
    outer = (of_sites + money.of_rigs(depreciation_per_month)).times(1 / DAYS_PER_MONTH)
    of_all = _Entered(outer.amount + unbilled.amount, outer.entered).before_share(kept)
    all_in = _Entered(of_all.amount + billed.amount, outer.entered)
    bought = money.of_rigs(lambda purchase: purchase.price_per_rig)
    return LayerCosts(avoidable.or_nan(), all_in.or_nan(), bought.or_nan())


@dataclass(frozen=True, slots=True)
class _Money:
    """What a book says of its costs, in the evaluation's currency; None where it says nothing."""

    book: Book
    rates: Mapping[str, float]

    def monthly(self, layer: CostLayer) -> _Entered:
        """Return each site's costs of a layer, money per month."""

        def of_site(site: Site) -> float | None:
            costs = [each for each in site.monthly_costs if each.layer is layer]
            return sum(self._worth(c.amount, c.currency) for c in costs) if costs else None

        return _Entered.of([of_site(each) for each in self.book.sites])

    def contract(self, power_of_site: Floats) -> _Entered:
        """Return what of each site's tariff stops with the site, money per month."""
        tariffs = {tariff.id: tariff for tariff in self.book.tariffs}

        def of_site(site: Site, power_w: float) -> float | None:
            tariff = tariffs[site.tariff]
            full_load_kw = power_w * site.pue / 1000 + site.fixed_load_kw
            amount = avoidable_per_month(tariff, full_load_kw)
            return None if amount is None else self._worth(amount, tariff.currency)

        return _Entered.of(list(map(of_site, self.book.sites, power_of_site.tolist())))

    def capital(self) -> _Entered:
        """Return what the capital of each site costs, money per month."""
        return _Entered.of(
            [
                None
                if site.capital is None
                else self._worth(capital_per_month(site.capital), site.capital.currency)
                for site in self.book.sites
            ]
        )

    def of_rigs(self, amount: Callable[[Purchase], float]) -> _Entered:
        """Return what each group's rigs cost, all together, by ``amount`` of one."""
        return _Entered.of(
            [
                None
                if (buy := group.purchase) is None
                else group.count * self._worth(amount(buy), buy.currency)
                for group in self.book.groups
            ]
        )

    def _worth(self, amount: float, currency: str) -> float:
        return amount * self.rates.get(currency or self.book.currency, float("nan"))


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
