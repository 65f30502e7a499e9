from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minerdesk.domain.sites import Site
from minerdesk.domain.tariff import PriceIndex
from minerdesk.engine.tariff.times import StepTimes
from minerdesk.services.power.calendar import step_times
from minerdesk.services.power.prices import PriceState, prices_over
from minerdesk.services.power.series import PriceSeries

ZONE = "America/Chicago"
SITE = Site("a", "A", "t", time_zone=ZONE)
START = datetime(2026, 1, 10, 6, tzinfo=UTC)  # midnight in Chicago
INDEX = PriceIndex("north", forecast_days=3)


def series(
    start: datetime, prices: list[float], step: int = 60, gaps: frozenset[int] = frozenset()
) -> PriceSeries:
    keep = [i for i in range(len(prices)) if i not in gaps]
    first = int(start.timestamp())
    return PriceSeries(
        "north",
        np.array([first + i * step * 60 for i in keep], dtype=np.int64),
        np.array([prices[i] for i in keep]),
        step,
        "USD",
        "file",
        start,
    )


def steps(count: int, minutes: int = 60, start: datetime = START) -> StepTimes:
    return step_times(SITE, None, start, count, minutes)


def test_known_prices_are_taken_as_they_are() -> None:
    got = prices_over(INDEX, series(START, [0.1, -0.2, 0.3]), steps(3), ZONE)
    assert got.per_kwh.tolist() == [0.1, -0.2, 0.3]
    assert got.known.all()
    assert got.state is PriceState.KNOWN
    assert got.known_until == START + timedelta(hours=3)
    assert not got.forecast_error.any()
    assert (got.holes, got.sentences, got.currency) == ((), (), "USD")


def test_quarters_are_averaged_and_hours_repeated() -> None:
    quarters = prices_over(INDEX, series(START, [1.0, 2.0, 3.0, 6.0], 15), steps(1), ZONE)
    assert quarters.per_kwh.tolist() == [3.0]
    hours = prices_over(INDEX, series(START, [0.1, 0.2]), steps(8, 15), ZONE)
    assert hours.per_kwh.tolist() == [0.1] * 4 + [0.2] * 4
    five = prices_over(INDEX, series(START, [float(i) for i in range(12)], 5), steps(4, 15), ZONE)
    assert five.per_kwh.tolist() == [1.0, 4.0, 7.0, 10.0]
    across = steps(1, start=START + timedelta(minutes=30))
    assert prices_over(INDEX, series(START, [1.0, 2.0]), across, ZONE).per_kwh.tolist() == [1.5]


@given(
    st.lists(st.floats(-1, 1), min_size=24, max_size=24),
    st.sampled_from([5, 15, 30, 60]),
    st.sampled_from([15, 30, 60]),
)
def test_resampling_loses_no_money(prices: list[float], own: int, step: int) -> None:
    hours = 24 * own // 60
    got = prices_over(INDEX, series(START, prices, own), steps(hours * 60 // step, step), ZONE)
    assert float(got.per_kwh.mean()) == pytest.approx(float(np.mean(prices)), abs=1e-12)


def test_the_forecast_is_the_mean_of_the_same_hour_of_past_days() -> None:
    # Four days: hour h of day d costs h + 10 d; three days before the end count.
    prices = [h + 10.0 * d for d in range(4) for h in range(24)]
    got = prices_over(INDEX, series(START - timedelta(days=4), prices), steps(30), ZONE)
    assert got.state is PriceState.FORECAST
    assert not got.known.any()
    assert got.per_kwh[:24].tolist() == [h + 20.0 for h in range(24)]
    assert got.per_kwh[24] == 20.0
    assert got.forecast_error.tolist() == [10.0] * 30
    assert (
        "known until 2026-01-10 00:00-06:00; then the mean of the same hour of the 3 days"
        in (got.sentences[0])
    )


def test_known_and_forecast_are_kept_apart_inside_one_span() -> None:
    prices = [float(h) for _day in range(3) for h in range(24)]
    got = prices_over(INDEX, series(START - timedelta(days=2), prices), steps(36), ZONE)
    assert got.known.tolist() == [True] * 24 + [False] * 12
    assert got.per_kwh[24:].tolist() == [float(h) for h in range(12)]
    assert got.forecast_error.tolist() == [0.0] * 36
    assert got.known_until == START + timedelta(days=1)


def test_hours_are_local_over_a_change_of_clocks() -> None:
    # Clocks in Chicago go forward on 8 March 2026: 23 hours.
    start = datetime(2026, 3, 7, 6, tzinfo=UTC)
    days = step_times(SITE, None, start, 24 + 23 + 48, 60)
    past = series(start, [float(hour) for hour in days.hour[:47]])
    got = prices_over(PriceIndex("n", forecast_days=1), past, days, ZONE)
    assert got.known.tolist() == [True] * 47 + [False] * 48
    # The short day has no hour of two o'clock: the mean of that day stands for it, and it is said.
    same = days.hour[47:] != 2
    assert got.per_kwh[47:][same].tolist() == days.hour[47:][same].tolist()
    assert any("every hour" in sentence for sentence in got.sentences)


def test_the_long_day_counts_whole() -> None:
    start = datetime(2026, 11, 1, 5, tzinfo=UTC)  # 25 hours in Chicago
    days = step_times(SITE, None, start, 49, 60)
    got = prices_over(
        PriceIndex("n", forecast_days=1),
        series(start, [float(hour) for hour in days.hour[:25]]),
        days,
        ZONE,
    )
    assert got.per_kwh.tolist() == days.hour.tolist()


def test_the_operators_forecast_stands_and_its_error_is_what_it_missed() -> None:
    index = PriceIndex("north", forecast_days=2, forecast_per_kwh=3.0)
    prices = [1.0] * 24 + [7.0] * 24
    got = prices_over(index, series(START - timedelta(days=2), prices), steps(2), ZONE)
    assert got.per_kwh.tolist() == [3.0, 3.0]
    assert got.forecast_error.tolist() == [pytest.approx(np.sqrt((4 + 16) / 2))] * 2
    assert "your own forecast" in got.sentences[0]


def test_no_prices_is_said_and_nothing_is_made_up() -> None:
    for nothing in (None, series(START, [])):
        got = prices_over(INDEX, nothing, steps(2), ZONE, "EUR")
        assert got.state is PriceState.NO_PRICES
        assert np.isnan(got.per_kwh).all()
        assert got.known_until is None
        assert got.currency == "EUR"
        assert "no prices “north”" in got.sentences[0]


def test_without_prices_the_operators_forecast_stands() -> None:
    index = PriceIndex("north", forecast_per_kwh=0.05)
    got = prices_over(index, None, steps(2), ZONE, "EUR")
    assert got.state is PriceState.FORECAST
    assert got.per_kwh.tolist() == [0.05] * 2
    assert not got.known.any()
    assert np.isnan(got.forecast_error).all()


def test_a_hole_is_forecast_and_told() -> None:
    prices = [float(i) for i in range(48)]
    holed = series(START - timedelta(days=1), prices, gaps=frozenset({26, 27}))
    got = prices_over(INDEX, holed, steps(24), ZONE)
    assert np.flatnonzero(~got.known).tolist() == [2, 3]
    assert got.per_kwh[2:4].tolist() == [2.0, 3.0]
    (hole,) = got.holes
    assert hole.start_s == START.timestamp() + 7200
    assert "no prices from 2026-01-10 02:00-06:00 to 2026-01-10 04:00-06:00" in got.sentences[0]
    assert len(got.sentences) == 1
    outside = prices_over(INDEX, holed, steps(2, start=START + timedelta(hours=10)), ZONE)
    assert outside.holes == ()


def test_half_a_step_without_a_price_is_a_hole() -> None:
    holed = series(START, [1.0] * 8, 15, gaps=frozenset({5}))
    got = prices_over(INDEX, holed, steps(2), ZONE)
    assert got.known.tolist() == [True, False]
    assert len(got.holes) == 1


def test_the_time_before_the_first_price_is_unknown() -> None:
    got = prices_over(INDEX, series(START + timedelta(hours=2), [1.0] * 30), steps(4), ZONE)
    assert got.known.tolist() == [False, False, True, True]
    assert got.holes[0].start_s == START.timestamp()
    assert "no prices from 2026-01-10 00:00" in got.sentences[0]


def test_one_short_price_is_better_than_none() -> None:
    got = prices_over(INDEX, series(START, [2.0], 15), steps(2), ZONE)
    assert got.per_kwh.tolist() == [2.0, 2.0]
    assert not got.known.any()
    assert np.isnan(got.forecast_error).all()


def test_no_steps_have_no_prices() -> None:
    got = prices_over(INDEX, series(START, [2.0, 3.0]), steps(0), ZONE)
    assert len(got.per_kwh) == 0
    assert got.sentences == ()
