"""Tiers of energy: which tier each kWh of a load falls in, and what one more kWh moves.

A tier is found by the kWh of the billing month so far over all periods, in the order in which they
are used, as the net billing of NREL's utility rate model counts them. Borders in kWh per kW hang on
the month's billing demand: its highest mean at any hour, or what a ratchet bills if that is more.
With a take-or-pay block kWh and demand are those above it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from minerdesk.domain.tariff import Tariff, TierUnit, TimeOfUse
from minerdesk.engine.tariff.calendars import period_at
from minerdesk.engine.tariff.demand import interval_means, interval_numbers, steps_of_new_peak
from minerdesk.engine.tariff.times import Floats, Ints, StepTimes
from minerdesk.engine.tariff.usage import Usage

_METERED_MINUTES = 15


@dataclass(frozen=True, slots=True)
class Walk:
    """A load walked through the tiers; K tiers, periods with fewer are filled with their last.

    Attributes:
        period: (T,). begin, end: (T,) kWh of the billing month before and after each step.
        borders: (T, K) kWh at which each tier ends, the last infinite.
        prices: (T, K) money per kWh. up_to: (T, K) borders in the unit of the tariff.
        first, ends, last: (T,) kWh of the step's month before the horizon, at the end of what the
            horizon has of it, and with what is expected after.
    """

    period: Ints
    begin: Floats
    end: Floats
    borders: Floats
    prices: Floats
    up_to: Floats
    first: Floats
    ends: Floats
    last: Floats

    def kwh_by_tier(self) -> Floats:
        """Return how many of each step's kWh fall in each tier, shape (T, K)."""
        lower = np.concatenate([np.zeros((len(self.end), 1)), self.borders[:, :-1]], axis=1)
        above = np.maximum(lower, self.begin[:, None])
        inside: Floats = np.maximum(np.minimum(self.borders, self.end[:, None]) - above, 0.0)
        return inside

    def tier_at(self, kwh: Floats) -> Ints:
        """Return the tier of the next kWh after so many of the month, shape (T,)."""
        passed: Ints = np.count_nonzero(self.borders <= kwh[:, None], axis=1)
        return passed

    def price_at(self, kwh: Floats) -> Floats:
        """Return the price of the next kWh after so many of the month, shape (T,)."""
        price: Floats = np.take_along_axis(self.prices, self.tier_at(kwh)[:, None], axis=1)[:, 0]
        return price


class TierPrice(NamedTuple):
    """What one more kWh costs, shape (T,) each.

    Attributes:
        tier: that the kWh itself falls in, from 0. own: its price.
        later: what it adds by moving the month's later kWh up across a border. After the horizon
            and before it the step's own period is taken to hold.
        new_peak: what it adds by raising the peak that borders in kWh per kW hang on, where the
            step makes a new one.
    """

    period: Ints
    tier: Ints
    own: Floats
    later: Floats
    new_peak: Floats


def walk(
    tariff: Tariff, time_of_use: TimeOfUse, times: StepTimes, load_kw: Floats, usage: Usage
) -> Walk:
    """Walk a load through the tiers.

    Args:
        tariff: its first demand charge gives the interval of the demand that borders in kWh per
            kW hang on, 15 minutes where it has none.
        time_of_use: the tariff's.
        times: the steps.
        load_kw: (T,) that is priced by tiers.
        usage: kWh and peaks before the horizon.
    """
    period = period_at(time_of_use, times)
    kwh = load_kw * times.hours
    first, begin, end, ends, last = (np.empty(times.count) for _ in range(5))
    peak = np.ones(times.count)
    for month in np.unique(times.billing_month).tolist():
        inside = times.billing_month == month
        start = usage.kwh.get(month, 0.0)
        first[inside] = start
        end[inside] = start + np.cumsum(kwh[inside])
        begin[inside] = np.append(start, end[inside][:-1])
        ends[inside] = end[inside][-1]
        last[inside] = ends[inside] + usage.kwh_later.get(month, 0.0)
        if time_of_use.tier_unit is TierUnit.KWH_PER_KW:
            peak[inside] = _month_peak(tariff, times, load_kw, usage, month)
    up_to, prices = _tables(time_of_use)
    up_to = up_to[period]
    # Without any demand there are no hours of use, so the first tier holds.
    endless = np.isinf(up_to) | (peak == 0.0)[:, None]
    borders = np.where(endless, np.inf, np.where(endless, 0.0, up_to) * peak[:, None])
    return Walk(period, begin, end, borders, prices[period], up_to, first, ends, last)


def marginal_tiers(
    tariff: Tariff, time_of_use: TimeOfUse, times: StepTimes, load_kw: Floats, usage: Usage
) -> TierPrice:
    """Return the price of one more kWh in every step.

    All kWh after it in the month come one later, and those at a border change their tier: the sum
    is the derivative of the month's energy charge by the step's kWh.
    """
    found = walk(tariff, time_of_use, times, load_kw, usage)
    own = found.price_at(found.end)
    jump = own - found.price_at(found.begin)
    # What comes after the horizon is taken to come in the step's own period.
    later = found.price_at(found.last) - found.price_at(found.ends)
    for month in np.unique(times.billing_month).tolist():
        inside = times.billing_month == month
        after = np.append(jump[inside][1:], 0.0)
        later[inside] += np.cumsum(after[::-1])[::-1]
    new_peak = np.zeros(times.count)
    if time_of_use.tier_unit is TierUnit.KWH_PER_KW:
        new_peak = _new_peak(tariff, times, load_kw, usage, found)
    return TierPrice(found.period, found.tier_at(found.end), own, later, new_peak)


def _tables(time_of_use: TimeOfUse) -> tuple[Floats, Floats]:
    """Return borders and prices, (periods, K) each."""
    most = max(len(period.tiers) for period in time_of_use.periods)
    up_to = np.full((len(time_of_use.periods), most), np.inf)
    prices = np.empty_like(up_to)
    for p, period in enumerate(time_of_use.periods):
        prices[p] = period.tiers[-1].per_kwh
        for k, tier in enumerate(period.tiers):
            prices[p, k] = tier.per_kwh
            up_to[p, k] = np.inf if tier.up_to is None else tier.up_to
    return up_to, prices


def _minutes(tariff: Tariff) -> int:
    return tariff.demand[0].interval_minutes if tariff.demand else _METERED_MINUTES


def _month_peak(
    tariff: Tariff, times: StepTimes, load_kw: Floats, usage: Usage, month: int
) -> float:
    number = interval_numbers(times, _minutes(tariff), times.billing_month == month)
    highest = float(interval_means(number, load_kw).max())
    return max(highest, _floor_kw(tariff, usage, month))


def _floor_kw(tariff: Tariff, usage: Usage, month: int) -> float:
    return max(
        usage.peak_kw.get(month, 0.0),
        usage.expected_peak_kw,
        *(usage.ratchet_kw(month, charge) for charge in tariff.demand),
    )


def _new_peak(
    tariff: Tariff,
    times: StepTimes,
    load_kw: Floats,
    usage: Usage,
    found: Walk,
) -> Floats:
    """Return what a higher peak adds by moving the borders up, (T,) per kWh."""
    up_to = np.where(np.isinf(found.up_to), 0.0, found.up_to)[:, :-1]
    gain = np.zeros_like(found.borders)
    gain[:, :-1] = up_to * (found.prices[:, :-1] - found.prices[:, 1:])

    def crossed(low: Floats, high: Floats) -> Floats:
        inside = (low[:, None] <= found.borders) & (found.borders < high[:, None])
        total: Floats = np.sum(np.where(inside, gain, 0.0), axis=1)
        return total

    here = crossed(found.begin, found.end)
    outside = crossed(np.zeros(times.count), found.first) + crossed(found.ends, found.last)
    per_kw = np.zeros(times.count)
    hours = max(_minutes(tariff) / 60, times.hours)
    for month in np.unique(times.billing_month).tolist():
        inside = times.billing_month == month
        number = interval_numbers(times, _minutes(tariff), inside)
        new = steps_of_new_peak(number, load_kw, _floor_kw(tariff, usage, month))
        per_kw[new] = (here[inside].sum() + outside[new]) / hours
    return per_kw
