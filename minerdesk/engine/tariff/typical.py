"""A price for where no times are given, and what stops when a site closes."""

from __future__ import annotations

from typing import Final

import numpy as np

from minerdesk.domain.calendar import DayKind
from minerdesk.domain.tariff import HostingBasis, Tariff, TimeOfUse
from minerdesk.domain.units import DAYS_PER_MONTH, HOURS_PER_DAY
from minerdesk.engine.tariff.calendars import counts_at
from minerdesk.engine.tariff.demand import bill_factor, by_tier
from minerdesk.engine.tariff.marginal import plan_price
from minerdesk.engine.tariff.times import StepTimes
from minerdesk.engine.tariff.usage import Usage

_DAYS: Final = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_FAR: Final = 1e15  # kWh: past every border of a tier


def plain_year() -> StepTimes:
    """Return the hours of a year of 365 days without holidays that begins on a Monday."""
    hour = np.arange(365 * 24, dtype=np.int64)
    day = hour // 24
    month = np.repeat(np.arange(1, 13), [24 * days for days in _DAYS])
    return StepTimes(
        hours=1.0,
        start_s=hour.astype(np.float64) * 3600,
        month=month,
        hour=hour % 24,
        minute=np.zeros_like(hour),
        weekday=day % 7,
        kind=np.where(day % 7 >= 5, DayKind.WEEKEND, DayKind.WEEKDAY).astype(np.int64),
        day=day,
        billing_month=month - 1,
    )


def simple_price_per_kwh(tariff: Tariff) -> float:
    """Return one price for one more kWh where no times are given, money per kWh.

    It is exact for a tariff that knows no times. With times of use, credits by month or hours of
    system peaks it is the mean over a year's hours without holidays; with tiers the price is that
    of the last, where a load that runs all day ends; with a take-or-pay block it is what a kWh
    inside is worth. An index counts with the operator's own forecast, and is NaN without one.
    Demand and events are outside.
    """
    index = None
    times = plain_year()
    if tariff.index is not None:
        forecast = tariff.index.forecast_per_kwh
        index = np.full(times.count, np.nan if forecast is None else forecast)
    elif not _knows_times(tariff):
        times = times.first(1)
    used = Usage(kwh=dict.fromkeys(range(12), _FAR))
    load = np.zeros(times.count)
    priced = plan_price(tariff, times, load_kw=load, index_per_kwh=index, usage=used)
    return float(priced.inside.per_kwh.mean())


def avoidable_per_month(tariff: Tariff, full_load_kw: float) -> float | None:
    """Return what stops each month when the site closes, money; None where nothing does.

    Fixed charges, demand at full load (months in which a charge meters nothing at 0), hosting by
    nameplate, less the credits for being available that are lost; percentages of the bill
    included. A take-or-pay block stays owed, and a minimum charge is never reached at full load:
    both are outside.
    """
    hosting = tariff.hosting
    nameplate = hosting is not None and hosting.basis is HostingBasis.NAMEPLATE
    available = [credit for credit in tariff.curtailment if credit.per_kw_month]
    if not (tariff.fixed or tariff.demand or nameplate or available):
        return None
    money = sum(charge.per_month for charge in tariff.fixed)
    money -= sum(credit.kw * credit.per_kw_month for credit in available)
    if hosting is not None and nameplate:
        money += hosting.per_kwh * full_load_kw * HOURS_PER_DAY * DAYS_PER_MONTH
    if tariff.demand:
        times = plain_year()
        for charge in tariff.demand:
            months = len(np.unique(times.month[counts_at(charge, times)]))
            whole = sum(tier.kw * tier.per_kw for tier in by_tier(charge.tiers, full_load_kw))
            money += whole * months / 12
    return money * bill_factor(tariff)


def _knows_times(tariff: Tariff) -> bool:
    tou: TimeOfUse | None = tariff.time_of_use
    return bool((tou and tou.calendar) or tariff.coincident or tariff.heat)
