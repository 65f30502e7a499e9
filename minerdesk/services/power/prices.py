"""A market's price for every step: what is known, a stated forecast after it, and never a guess.

The forecast is the mean of the same local hour of past days, or what the operator expects.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from math import gcd
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from minerdesk.domain.tariff import PriceIndex
from minerdesk.domain.text import _, ngettext
from minerdesk.engine.tariff.times import StepTimes
from minerdesk.services.power.calendar import wall_clock, zone_of
from minerdesk.services.power.price_table import Hole
from minerdesk.services.power.series import PriceSeries

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

_DAY_S: Final = 86_400
_HOUR_S: Final = 3_600


class PriceState(StrEnum):
    """What the prices of a span rest on."""

    KNOWN = "known"
    FORECAST = "forecast"  # some steps are forecast
    NO_PRICES = "no_prices"  # some steps have neither a price nor a forecast


@dataclass(frozen=True, slots=True)
class IndexPrices:
    """A market's price by step, shape (T,).

    Attributes:
        per_kwh: money of ``currency``; NaN where there is neither a price nor a forecast.
        known: whether the price is known, not forecast.
        known_until: UTC, end of the last known price of the series, or None.
        forecast_error: one standard deviation of the forecast; 0 where the price is known, NaN
            where nothing tells it.
        holes: spans inside the series and this span that have no price; they are forecast.
        sentences: what the operator is told of all this.
    """

    state: PriceState
    currency: str
    per_kwh: Floats
    known: Bools
    known_until: datetime | None
    forecast_error: Floats
    holes: tuple[Hole, ...] = ()
    sentences: tuple[str, ...] = ()


def prices_over(
    index: PriceIndex, series: PriceSeries | None, times: StepTimes, zone: str, currency: str = ""
) -> IndexPrices:
    """Return the price of an index for every step, before its multiplier.

    Args:
        index: names the series and says how it is forecast.
        series: the prices kept, or None where there are none.
        times: the steps.
        zone: the site's time zone, in which hours of a day are alike.
        currency: of the operator's own forecast where there is no series; the tariff's.

    Raises:
        UserError: the zone is unknown.
    """
    if series is None or not len(series.start_s):
        return _without_series(index, times, currency)
    step_s = round(times.hours * 3600)
    prices = _resampled(series, times.start_s.astype(np.int64), step_s)
    known = ~np.isnan(prices)
    mean, error, thin = _forecast(index, series, times, zone, step_s)
    prices = np.where(known, prices, mean)
    state = PriceState.KNOWN if known.all() else PriceState.FORECAST
    holes = _holes_within(series, times, step_s)
    told = _("{hole} They are forecast.")
    sentences = [told.format(hole=hole.sentence(f"“{series.name}”", zone)) for hole in holes]
    sentences += _forecast_sentences(index, series, times, known, zone, thin)
    return IndexPrices(
        state,
        series.currency,
        prices,
        known,
        series.end,
        np.where(known, 0.0, error),
        holes,
        tuple(sentences),
    )


def _without_series(index: PriceIndex, times: StepTimes, currency: str) -> IndexPrices:
    own = index.forecast_per_kwh
    if own is None:
        state = PriceState.NO_PRICES
        sentence = _(
            "There are no prices “{name}”: import a price file, ask a live source, or give a "
            "forecast of your own."
        )
    else:
        state = PriceState.FORECAST
        sentence = _("There are no prices “{name}”; your own forecast stands for all of them.")
    return IndexPrices(
        state,
        currency,
        np.full(times.count, np.nan if own is None else own),
        np.zeros(times.count, dtype=np.bool_),
        None,
        np.full(times.count, np.nan),
        sentences=(sentence.format(name=index.series),),
    )


def _resampled(series: PriceSeries, start_s: Ints, step_s: int) -> Floats:
    """Return the mean price of each step, NaN where any part of it has none, shape (T,)."""
    if not len(start_s):
        return np.zeros(0)
    own_s = series.step_minutes * 60
    offset = int(start_s[0] - series.start_s[0])
    grain = gcd(gcd(own_s, step_s), abs(offset)) or own_s
    moments = start_s[:, None] + np.arange(step_s // grain) * grain
    row = np.searchsorted(series.start_s, moments, side="right") - 1
    inside = (row >= 0) & (moments - series.start_s[row] < own_s)
    prices: Floats = np.where(inside, series.per_kwh[row], np.nan).mean(axis=1)
    return prices


def _forecast(
    index: PriceIndex, series: PriceSeries, times: StepTimes, zone: str, step_s: int
) -> tuple[Floats, Floats, bool]:
    """Return forecast and its standard deviation for each step, and whether it is a thin one.

    A thin forecast has no past price of some hour and takes the mean of all hours for it.
    """
    place = zone_of(zone)
    end_s = int(series.start_s[-1]) + series.step_minutes * 60
    # Past steps are cut like the plan's, so that what is compared has the same length.
    phase = int(times.start_s[0]) % step_s if times.count else 0
    # A local day may have 25 hours.
    first_s = end_s - index.forecast_days * _DAY_S - _HOUR_S
    past_s = np.arange(first_s + (phase - first_s) % step_s, end_s, step_s, dtype=np.int64)
    past = _resampled(series, past_s, step_s)
    local = _local_minutes(place, past_s)
    days_ago = _local_minutes(place, np.array([end_s])) - index.forecast_days * 1440
    there = ~np.isnan(past) & (local >= days_ago)
    if not there.any():  # the last price is shorter than a step
        past, past_s = series.per_kwh[-1:], series.start_s[-1:]
        there = np.ones(1, dtype=np.bool_)
    past, past_s = past[there], past_s[there]
    slot = wall_clock(place, past_s.astype(np.float64)).minute
    wanted = wall_clock(place, times.start_s).minute
    count = np.bincount(slot, minlength=1440)
    sums = np.bincount(slot, past, minlength=1440)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(count > 0, sums / count, past.mean())
        if index.forecast_per_kwh is not None:
            mean = np.full(1440, index.forecast_per_kwh)
        squares = np.bincount(slot, (past - mean[slot]) ** 2, minlength=1440)
        # One degree of freedom is spent on a mean that comes from the same prices.
        free = count if index.forecast_per_kwh is not None else count - 1
        spread = float(np.sqrt(np.mean((past - mean[slot]) ** 2)))
        overall = spread if index.forecast_per_kwh is not None else _spread(past)
        error = np.where(free > 0, np.sqrt(squares / np.maximum(free, 1)), overall)
    thin = index.forecast_per_kwh is None and bool((count[wanted] == 0).any())
    return mean[wanted], error[wanted], thin


def _local_minutes(zone: ZoneInfo, start_s: Ints) -> Ints:
    clock = wall_clock(zone, start_s.astype(np.float64))
    return clock.day * 1440 + clock.minute


def _spread(prices: Floats) -> float:
    return float(np.std(prices, ddof=1)) if len(prices) > 1 else float("nan")


def _holes_within(series: PriceSeries, times: StepTimes, step_s: int) -> tuple[Hole, ...]:
    """Return the series' holes that touch the steps; the time before its first price is one."""
    if not times.count:
        return ()
    first, last = int(times.start_s[0]), int(times.start_s[-1]) + step_s
    holes = (Hole(first, int(series.start_s[0])), *series.holes)
    return tuple(
        Hole(max(first, hole.start_s), hole.end_s)
        for hole in holes
        if hole.start_s < last and hole.end_s > first
    )


def _forecast_sentences(
    index: PriceIndex,
    series: PriceSeries,
    times: StepTimes,
    known: Bools,
    zone: str,
    thin: bool,
) -> list[str]:
    end = series.end
    if known.all() or end is None:
        return []
    after = datetime.fromtimestamp(float(times.start_s[-1]), UTC) >= end
    until = end.astimezone(zone_of(zone)).isoformat(sep=" ", timespec="minutes")
    if index.forecast_per_kwh is not None:
        text = _("Prices “{name}” are known until {until}; then your own forecast stands.")
    else:
        text = ngettext(
            "Prices “{name}” are known until {until}; then the same hour of the day before stands.",
            "Prices “{name}” are known until {until}; then the mean of the same hour of the {n} "
            "days before stands.",
            index.forecast_days,
        )
    sentences = (
        [text.format(name=index.series, until=until, n=index.forecast_days)] if after else []
    )
    if thin:
        sentence = _(
            "Prices “{name}” do not hold every hour of a day; the mean of all hours stands for "
            "those that are missing."
        )
        sentences.append(sentence.format(name=index.series))
    return sentences
