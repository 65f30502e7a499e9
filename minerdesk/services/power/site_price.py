"""What a kWh costs at one site over some steps, in the book's currency."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from minerdesk.domain.errors import UserError
from minerdesk.domain.sites import Site
from minerdesk.domain.tariff import Tariff
from minerdesk.domain.text import _
from minerdesk.engine.dispatch.problem import Block, Demand
from minerdesk.engine.tariff import (
    BillFacts,
    Crossing,
    MarginalPrice,
    PlanPrice,
    StepTimes,
    Usage,
    before_crossings,
    bill,
    demand_rates,
    marginal_price,
    plan_price,
    tier_crossings,
)
from minerdesk.services.planning.site_power import SitePower
from minerdesk.services.power.calendar import (
    billing_month,
    month_of,
    step_times,
    zone_of,
)
from minerdesk.services.power.prices import IndexPrices
from minerdesk.services.power.programmes import called_programmes, credit_notes
from minerdesk.services.power.series import PriceSeries
from minerdesk.services.power.usage import MeterState

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
SeriesNamed = Callable[[str], PriceSeries | None]


@dataclass(frozen=True, slots=True)
class SitePrice:
    """What a kWh costs at one site over some steps, in the book's currency.

    Attributes:
        times: the steps, in the site's civil time.
        load_kw: what the site draws now, for which the price is right.
        plan: demand charges outside, a take-or-pay block apart; None where there is no price.
        marginal: everything inside, demand too where a step would make a new peak; None likewise.
        known: (T,) whether the price is known; ``error`` (T,): one standard deviation of a forecast
            in money per kWh, 0 where the price is known or nothing tells it.
        index: of a tariff with an index, in its own currency, before the multiplier; or None.
        meter: what was known or assumed of the meter.
        demand: charges in the horizon. tiers: borders of energy tiers that it may cross.
        notes: sentences on what the price rests on.
        problem: why there is no price, one sentence; empty where there is one.
    """

    site: Site
    tariff: Tariff
    times: StepTimes
    load_kw: float
    plan: PlanPrice | None
    marginal: MarginalPrice | None
    known: Bools
    error: Floats
    index: IndexPrices | None
    meter: MeterState
    demand: tuple[Demand, ...] = ()
    tiers: tuple[Demand, ...] = ()
    notes: tuple[str, ...] = ()
    problem: str = ""

    @property
    def known_until(self) -> datetime | None:
        """End of the last known price, UTC; None where no series is involved or it is empty."""
        return None if self.index is None else self.index.known_until

    @property
    def now_per_kwh(self) -> float:
        """What a kWh of the first step is worth, demand outside; NaN where there is no price."""
        if self.plan is None:
            return float("nan")
        over = self.plan.block_kw is not None and self.load_kw > self.plan.block_kw
        price = self.plan.above if over and self.plan.above is not None else self.plan.inside
        lost = sum(float(s.per_kwh[0]) for s in self.plan.steps if self.load_kw > s.kw)
        return float(price.per_kwh[0]) + lost

    def power(self, index: int) -> SitePower:
        """Return it as a plan needs it; ``index`` is the site's place in the book.

        Raises:
            UserError: there is no price; the sentence says why.
        """
        if self.plan is None:
            raise UserError(self.problem, where=self.site.id)
        inside = self.plan.inside.per_kwh
        blocks = [
            Block(index, step.kw, inside + step.per_kwh, of_credit=True) for step in self.plan.steps
        ]
        if self.plan.above is not None and self.plan.block_kw is not None:
            blocks.append(Block(index, self.plan.block_kw, self.plan.above.per_kwh))
        return SitePower(
            price=self.plan.inside,
            known=self.known,
            error=self.error,
            known_until=self.known_until,
            demand=tuple(replace(each, site=index) for each in (*self.demand, *self.tiers)),
            blocks=tuple(blocks),
            peak_kw=_reached_kw(self.demand),
            notes=self.notes,
        )


@dataclass(frozen=True, slots=True)
class Place:
    """A site with its tariff and what it draws now, at most, and with every rig off, in kW."""

    site: Site
    tariff: Tariff
    book_currency: str
    load_kw: float
    full_kw: float
    idle_kw: float

    @property
    def currency(self) -> str:
        """The tariff's own, or the book's."""
        return self.tariff.currency or self.book_currency


def priced(blank: SitePrice, place: Place, own: Floats | None, rate: float) -> SitePrice:
    """Return ``blank`` with its prices.

    Args:
        blank: times, meter and what is known of the index filled in.
        place: the site.
        own: (T,) the index in the tariff's currency, or None.
        rate: what a unit of the tariff's currency is worth in the book's.
    """
    tariff, times, usage = place.tariff, blank.times, blank.meter.usage
    load = np.full(times.count, place.load_kw)
    curtailing = called_programmes(place.site, tariff, times, place.full_kw)
    under = _under_minimum(place, times, own, usage)
    crossings = tier_crossings(tariff, times, usage) if under is None else None
    # What the borders ahead ask is weighed by the plan, so its price is the one below them.
    weighed = crossings is not None

    def plan(index: Floats | None) -> PlanPrice:
        return plan_price(
            tariff,
            times,
            load_kw=np.zeros_like(load) if weighed else load,
            index_per_kwh=index,
            usage=before_crossings(usage) if weighed else usage,
            curtailing=curtailing,
            under_minimum=under,
            reach_kw=(place.idle_kw, place.full_kw),
        )

    found = plan(own)
    marginal = marginal_price(
        tariff,
        times,
        load_kw=load,
        index_per_kwh=own,
        usage=usage,
        curtailing=curtailing,
        under_minimum=under,
    )
    error = blank.error
    if own is not None and not blank.known.all():
        # The price is linear in the index, so one unit more tells how much an error weighs.
        weight = plan(own + 1.0).inside.per_kwh - found.inside.per_kwh
        error = np.nan_to_num(error) * np.abs(weight) * rate
    # Under the minimum a new peak costs nothing either.
    owed = np.zeros(times.count, dtype=np.bool_) if under is None else under
    charges = tuple(
        Demand(0, 0.0 if owed[each.interval >= 0].all() else each.per_kw * rate, *each[1:])
        for each in demand_rates(tariff, times, usage, place.full_kw)
    )
    tiers = tuple(
        _as_demand(each, times.hours, rate)
        for each in crossings or ()
        if place.full_kw * times.hours * np.count_nonzero(each.inside) > each.kwh
    )
    above = None if found.above is None else _times(found.above, rate)
    steps = tuple(each._replace(per_kwh=each.per_kwh * rate) for each in found.steps)
    return replace(
        blank,
        plan=PlanPrice(_times(found.inside, rate), above, found.block_kw, steps),
        marginal=_times(marginal, rate),
        error=error,
        demand=charges,
        tiers=tiers,
        notes=(*blank.notes, *credit_notes(place.site, tariff, times, curtailing)),
    )


def _reached_kw(charges: tuple[Demand, ...]) -> float:
    """Return the highest floor of charges, NaN without any; of tiers the lowest comes first."""
    floors: dict[tuple[str, bytes], float] = {}
    for each in charges:
        floors.setdefault((each.name, each.interval.tobytes()), each.floor_kw)
    return max(floors.values(), default=float("nan"))


def _as_demand(crossing: Crossing, step_h: float, rate: float) -> Demand:
    """Return a border as a charge on the mean of all the month's steps."""
    hours = np.count_nonzero(crossing.inside) * step_h
    return Demand(
        0,
        crossing.per_kwh * hours * rate,
        np.where(crossing.inside, 0, -1),
        crossing.kwh / hours,
        of_energy=True,
    )


def _under_minimum(place: Place, times: StepTimes, own: Floats | None, past: Usage) -> Bools | None:
    """Return the steps of months that stay under the minimum bill even at full load, or None.

    What ratchets bill of past peaks counts towards the minimum.
    """
    minimum = place.tariff.minimum_per_month
    if minimum is None:
        return None
    under = np.zeros(times.count, dtype=np.bool_)
    zone = zone_of(place.site.time_zone)
    for number in np.unique(times.billing_month).tolist():
        here = times.billing_month == number
        inside = datetime.fromtimestamp(float(times.start_s[here][0]), zone)
        start, end = billing_month(place.site, month_of(place.site, inside))
        hours = round((end - start) / timedelta(hours=1))
        month = step_times(place.site, place.tariff.holidays, start, hours, 60)
        index = None if own is None else np.full(hours, float(own[here].mean()))
        load = np.full(hours, place.full_kw)
        paper = bill(place.tariff, month, load, index_per_kwh=index, facts=BillFacts(past))
        under[here] = not paper.unknown and paper.before_minimum < minimum
    return under


def rate_between(rates: Mapping[str, float], currency: str, into: str) -> tuple[float, str]:
    """Return what a unit of ``currency`` is worth in ``into``, or a sentence on why not."""
    if currency == into:
        return 1.0, ""
    one, other = rates.get(currency), rates.get(into)
    if one is None or other is None:
        sentence = _(
            "The price in {currency} cannot be had in {into}: no exchange rate is known; type one "
            "or go online."
        )
        return float("nan"), sentence.format(currency=currency, into=into)
    return one / other, ""


def _times(price: MarginalPrice, rate: float) -> MarginalPrice:
    if rate == 1.0:
        return price
    return MarginalPrice(
        price.per_kwh * rate,
        tuple(part._replace(per_kwh=part.per_kwh * rate) for part in price.parts),
    )
