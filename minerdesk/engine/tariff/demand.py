"""Demand: the highest mean over an interval, what it costs, and what another kW would."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from minerdesk.domain.tariff import DemandCharge, DemandTier, PercentageOf, Tariff
from minerdesk.engine.tariff.calendars import counts_at
from minerdesk.engine.tariff.times import Bools, Floats, Ints, StepTimes
from minerdesk.engine.tariff.usage import Usage


class DemandRate(NamedTuple):
    """One tier of a demand charge in one billing month of a horizon, as a plan's `Demand`.

    Attributes:
        per_kw: money for each kW above ``floor_kw``, percentages of the bill included. Of a tier
            that begins above what is owed anyway only what it costs more than the one below, less
            than 0 where it is cheaper.
        interval: (T,) number of the metering interval of each step, -1 where it does not count.
        floor_kw: what is owed anyway.
        hours_before, kw_before: of the first interval, before the horizon; 0 where not known.
    """

    per_kw: float
    interval: Ints
    floor_kw: float
    name: str
    hours_before: float
    kw_before: float


class TierKw(NamedTuple):
    """The kW of a demand that fall in one tier, counted from 1."""

    tier: int
    kw: float
    per_kw: float


def interval_numbers(times: StepTimes, minutes: int, counts: Bools) -> Ints:
    """Return the number of each step's metering interval, -1 where it does not count, shape (T,).

    Intervals begin with the local hour. A step longer than the interval stands for all inside it.
    """
    number = np.full(times.count, -1, dtype=np.int64)
    begin = times.start_s
    if times.hours * 60 < minutes:
        begin = begin - times.minute % minutes * 60
    number[counts] = np.unique(begin[counts], return_inverse=True)[1]
    return number


def interval_means(
    number: Ints, load_kw: Floats, weight_before: float = 0.0, kw_before: float = 0.0
) -> Floats:
    """Return the mean of each interval in kW, over the steps it has here.

    Args:
        number: (T,) of `interval_numbers`.
        load_kw: (T,).
        weight_before: length of what the first interval has before these steps, in steps.
        kw_before: its mean.
    """
    counts = number >= 0
    steps = np.ones(np.count_nonzero(counts))
    weight = np.asarray(np.bincount(number[counts], weights=steps), dtype=np.float64)
    total = np.asarray(np.bincount(number[counts], weights=load_kw[counts]), dtype=np.float64)
    total[:1] += weight_before * kw_before
    weight[:1] += weight_before
    return total / weight


def steps_of_new_peak(
    number: Ints,
    load_kw: Floats,
    floor_kw: float,
    weight_before: float = 0.0,
    kw_before: float = 0.0,
) -> Bools:
    """Return the steps whose interval makes a new highest mean, above the floor, shape (T,).

    A load that only comes up to a floor makes none: it is owed. At least one step must count.
    """
    new = np.zeros(len(number), dtype=np.bool_)
    means = interval_means(number, load_kw, weight_before, kw_before)
    top = float(means.max())
    if floor_kw <= 0 or top > floor_kw * (1 + 1e-9):
        hit = means >= top - 1e-9 * max(1.0, abs(top))
        new[number >= 0] = hit[number[number >= 0]]
    return new


def demand_peaks(tariff: Tariff, times: StepTimes, load_kw: Floats) -> dict[tuple[int, str], float]:
    """Return the highest metered mean in kW by (billing month, name of the charge).

    It is what `Usage.peaks` holds, so that past loads can feed ratchets. A month in which a charge
    meters nothing has none.
    """
    found: dict[tuple[int, str], float] = {}
    for month in np.unique(times.billing_month).tolist():
        for charge in tariff.demand:
            metered = metered_kw(charge, times, load_kw, month)
            if metered is not None:
                found[month, charge.name] = metered
    return found


def metered_kw(charge: DemandCharge, times: StepTimes, load_kw: Floats, month: int) -> float | None:
    """Return the highest metered mean in kW of a charge, None where it meters nothing."""
    number = _numbers(charge, times, month)
    return float(interval_means(number, load_kw).max()) if (number >= 0).any() else None


def demand_rates(
    tariff: Tariff, times: StepTimes, usage: Usage, most_kw: float = np.inf
) -> tuple[DemandRate, ...]:
    """Return what every demand charge asks in every billing month of the horizon.

    Tiers that begin where ``most_kw``, all that the site can draw, does not reach are left out.

    The floor of a month is the highest of what the meter has reached in it, what past months leave
    by the ratchet, and `Usage.expected_peak_kw`; a month that begins inside the horizon has the
    same expected peak. That a new peak may be owed again in later months is left out.

    Each tier above the floor is a rate of its own, so that they add up to the charge.
    """
    factor = bill_factor(tariff)
    rates = []
    for month in np.unique(times.billing_month).tolist():
        for charge in tariff.demand:
            number = _numbers(charge, times, month)
            if not (number >= 0).any():
                continue
            floor = usage.floor_kw(month, charge)
            before = _before(charge, times, number, usage)
            rates += [
                DemandRate(per_kw * factor, number, kw, charge.name, *before)
                for per_kw, kw in _rates_above(charge.tiers, floor)
                if kw == floor or kw < most_kw
            ]
    return tuple(rates)


def marginal_demand(
    charge: DemandCharge, times: StepTimes, load_kw: Floats, usage: Usage
) -> Floats:
    """Return what one more kWh adds to a demand charge by step, shape (T,), money per kWh.

    It is 0 except in the steps whose interval has the highest mean of the month's steps here, if
    that is above the floor. Percentages of the bill are not in it.
    """
    per_kwh = np.zeros(times.count)
    hours = max(charge.interval_minutes / 60, times.hours)
    for month in np.unique(times.billing_month).tolist():
        number = _numbers(charge, times, month)
        if not (number >= 0).any():
            continue
        floor = usage.floor_kw(month, charge)
        before, kw_before = _before(charge, times, number, usage)
        weight = before / times.hours
        top = max(floor, float(interval_means(number, load_kw, weight, kw_before).max()))
        new = steps_of_new_peak(number, load_kw, floor, weight, kw_before)
        per_kwh[new] = _rate_above(charge.tiers, top) / hours
    return per_kwh


def by_tier(tiers: tuple[DemandTier, ...], kw: float) -> list[TierKw]:
    """Return how many kW of a billed demand fall in each tier that it reaches."""
    found, lower = [], 0.0
    for k, tier in enumerate(tiers):
        upper = np.inf if tier.up_to_kw is None else tier.up_to_kw
        if k and kw <= lower:
            break
        found.append(TierKw(k + 1, min(kw, upper) - lower, tier.per_kw))
        lower = upper
    return found


def bill_factor(tariff: Tariff) -> float:
    """Return what the percentages of the bill multiply everything before them with."""
    factor = 1.0
    for percentage in tariff.percentages:
        if percentage.of is PercentageOf.BILL:
            factor *= 1 + percentage.fraction
    return factor


def _before(
    charge: DemandCharge, times: StepTimes, number: Ints, usage: Usage
) -> tuple[float, float]:
    """Return hours and mean kW of the first interval before these steps, 0 where not known."""
    if usage.kw_before is None or number[0] != 0 or times.hours * 60 >= charge.interval_minutes:
        return 0.0, 0.0
    return float(times.minute[0] % charge.interval_minutes) / 60, usage.kw_before


def _numbers(charge: DemandCharge, times: StepTimes, month: int) -> Ints:
    inside = counts_at(charge, times) & (times.billing_month == month)
    return interval_numbers(times, charge.interval_minutes, inside)


def _rates_above(tiers: tuple[DemandTier, ...], floor_kw: float) -> list[tuple[float, float]]:
    """Return the price of the next kW, then what each tier above costs more, with its border."""
    found = [(_rate_above(tiers, floor_kw), floor_kw)]
    for low, high in pairwise(tiers):
        more = high.per_kw - low.per_kw
        if low.up_to_kw is not None and low.up_to_kw > floor_kw and more:
            found.append((more, low.up_to_kw))
    return found


def _rate_above(tiers: tuple[DemandTier, ...], kw: float) -> float:
    """Return the price of the next kW after ``kw``."""
    for tier in tiers[:-1]:
        if tier.up_to_kw is not None and kw < tier.up_to_kw:
            return tier.per_kw
    return tiers[-1].per_kw
