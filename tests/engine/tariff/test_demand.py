from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from minerdesk.domain.tariff import (
    DemandCharge,
    DemandTier,
    Percentage,
    PercentageOf,
    Ratchet,
    Tariff,
)
from minerdesk.engine.dispatch.problem import Demand
from minerdesk.engine.tariff import (
    BillFacts,
    Usage,
    bill,
    demand_peaks,
    demand_rates,
    marginal_price,
)
from minerdesk.engine.tariff.times import Floats
from tests.engine.tariff.clock import steps
from tests.engine.tariff.tariffs import PEAK_HOURS

JANUARY = 2026 * 12


def charged(minutes: int = 60, **more: object) -> Tariff:
    charge = replace(DemandCharge("d", (DemandTier(12.0),), minutes), **more)  # type: ignore[arg-type]  # any field of it
    return Tariff("t", "t", 0.0, demand=(charge,))


@pytest.mark.parametrize(
    ("minutes", "interval", "peak"),
    [(15, 15, 200), (15, 30, 150), (15, 60, 125), (30, 15, 200), (60, 15, 200), (60, 60, 200)],
)
def test_means_over_the_interval_from_whichever_steps_there_are(
    minutes: int, interval: int, peak: float
) -> None:
    load = np.full(24 * 60 // minutes, 100.0)
    load[5] = 200.0
    times = steps("2026-01-15T00:00", len(load), minutes)
    assert demand_peaks(charged(interval), times, load) == {(JANUARY, "d"): pytest.approx(peak)}


def test_intervals_begin_with_the_local_hour() -> None:
    """In Kolkata the hour begins at half past in UTC."""
    load = np.zeros(8)
    load[2:4] = 60.0  # the second half of the first local hour
    times = steps("2026-01-15T00:00", 8, 15, zone="Asia/Kolkata")
    assert demand_peaks(charged(60), times, load)[JANUARY, "d"] == pytest.approx(30)


def test_the_repeated_hour_is_an_interval_of_its_own() -> None:
    times = steps("2026-10-25T02:00", 8, 15, zone="Europe/Berlin")
    assert times.hour.tolist() == [2] * 8
    load = np.array([0.0] * 4 + [80.0] * 4)
    (peak,) = demand_peaks(charged(60), times, load).values()
    assert peak == pytest.approx(80)


def test_a_charge_meters_only_its_hours() -> None:
    times = steps("2026-01-16T00:00", 72)  # Friday to Sunday
    load = np.full(72, 10.0)
    load[[3, 13, 40]] = 90.0, 50.0, 99.0
    assert demand_peaks(charged(calendar=PEAK_HOURS), times, load) == {(JANUARY, "d"): 50.0}
    weekend = steps("2026-01-17T00:00", 24)
    assert demand_peaks(charged(calendar=PEAK_HOURS), weekend, np.ones(24)) == {}
    assert demand_rates(charged(calendar=PEAK_HOURS), weekend, Usage()) == ()
    price = marginal_price(charged(calendar=PEAK_HOURS), weekend, load_kw=np.ones(24))
    assert not price.per_kwh.any()


def test_the_rates_of_a_plan_fill_its_demand() -> None:
    tariff = replace(
        charged(30, tiers=(DemandTier(10.0, 100.0), DemandTier(4.0))),
        percentages=(Percentage("VAT", 0.1, PercentageOf.BILL), Percentage("losses", 0.5)),
    )
    times = steps("2026-01-31T23:00", 8, 15)
    usage = Usage(peaks={(JANUARY, "d"): 120.0}, expected_peak_kw=50.0)
    now, later, cheaper = demand_rates(tariff, times, usage)
    assert (now.floor_kw, later.floor_kw, cheaper.floor_kw) == (120.0, 50.0, 100.0)
    assert [now.per_kw, later.per_kw, cheaper.per_kw] == pytest.approx([4.4, 11.0, -6.6])
    assert cheaper.interval.tolist() == later.interval.tolist()
    assert now.interval.tolist() == [0, 0, 1, 1, -1, -1, -1, -1]
    assert later.interval.tolist() == [-1, -1, -1, -1, 0, 0, 1, 1]
    assert Demand(site=3, **now._asdict()).name == "d"


def test_the_floor_is_the_highest_of_reached_ratchet_and_expected() -> None:
    tariff = charged(ratchet=Ratchet(0.5, 3))
    times = steps("2026-01-15T00:00", 4)

    def floor(usage: Usage) -> float:
        (rate,) = demand_rates(tariff, times, usage)
        return rate.floor_kw

    assert floor(Usage(peak_kw={JANUARY: 80.0, JANUARY - 3: 100.0})) == 80
    assert floor(Usage(peak_kw={JANUARY: 80.0, JANUARY - 3: 200.0})) == 100
    assert floor(Usage(peak_kw={JANUARY - 4: 900.0}, expected_peak_kw=70.0)) == 70
    assert floor(Usage()) == 0


def test_an_interval_that_began_before_the_horizon_keeps_what_it_has() -> None:
    times = steps("2026-01-15T07:45", 5, 15)
    (rate,) = demand_rates(charged(60), times, Usage(kw_before=100.0))
    assert (rate.hours_before, rate.kw_before) == (0.75, 100.0)
    (unknown,) = demand_rates(charged(60), times, Usage())
    assert (unknown.hours_before, unknown.kw_before) == (0.0, 0.0)
    (short,) = demand_rates(charged(15), times, Usage(kw_before=100.0))
    assert short.hours_before == 0
    (off,) = demand_rates(
        charged(60, calendar=PEAK_HOURS), steps("2026-01-15T11:30", 4, 15), Usage(kw_before=9.0)
    )
    assert off.hours_before == 0
    # Three quarters at 100 and one at 300 are a mean of 150: more than the 120 that follow.
    load = np.array([300.0, 120.0, 120.0, 120.0, 120.0])
    price = marginal_price(charged(60), times, load_kw=load, usage=Usage(kw_before=100.0))
    assert np.flatnonzero(price.per_kwh).tolist() == [0]


def test_a_kwh_weighs_by_the_length_of_the_interval() -> None:
    load = np.full(8, 50.0)
    for minutes, interval, hours in ((15, 15, 0.25), (15, 30, 0.5), (60, 15, 1.0), (60, 60, 1.0)):
        price = marginal_price(
            charged(interval), steps("2026-01-15T00:00", 8, minutes), load_kw=load
        )
        assert price.per_kwh == pytest.approx(12 / hours)


def rates(tiers: tuple[DemandTier, ...], floor_kw: float, most_kw: float = np.inf) -> list[float]:
    """Return per_kw and floor of each rate, one after the other."""
    found = demand_rates(
        charged(tiers=tiers),
        steps("2026-01-15T00:00", 4),
        Usage(expected_peak_kw=floor_kw),
        most_kw,
    )
    return [number for rate in found for number in (rate.per_kw, rate.floor_kw)]


def test_each_tier_above_the_floor_is_a_rate_of_its_own() -> None:
    rising = (DemandTier(4.0, 50.0), DemandTier(10.0, 80.0), DemandTier(15.0))
    assert rates(rising, 20.0) == [4.0, 20.0, 6.0, 50.0, 5.0, 80.0]
    assert rates(rising, 50.0) == [10.0, 50.0, 5.0, 80.0]
    assert rates(rising, 200.0) == [15.0, 200.0]
    assert rates(rising, 20.0, most_kw=80.0) == [4.0, 20.0, 6.0, 50.0]
    assert rates(rising, 90.0, most_kw=60.0) == [15.0, 90.0]
    level = (DemandTier(4.0, 50.0), DemandTier(4.0, 80.0), DemandTier(15.0))
    assert rates(level, 20.0) == [4.0, 20.0, 11.0, 80.0]
    falling = (DemandTier(9.0, 50.0), DemandTier(4.0, 60.0), DemandTier(5.0))
    assert rates(falling, 20.0) == [9.0, 20.0, -5.0, 50.0, 1.0, 60.0]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.floats(1, 200), max_size=3, unique=True),
    st.lists(st.floats(0, 30), min_size=4, max_size=4),
    st.floats(0, 150),
    st.integers(0, 999),
)
def test_what_a_plan_pays_for_demand_is_what_the_bill_asks_above_the_floor(
    borders: list[float], prices: list[float], floor_kw: float, seed: int
) -> None:
    ends = [*sorted(borders), None]
    tiers = tuple(map(DemandTier, prices, ends))
    tariff = replace(charged(30, tiers=tiers, ratchet=Ratchet(1.0)), fixed=())
    times = steps("2026-01-15T00:00", 96, 15)
    load = np.random.default_rng(seed).uniform(0, 250, 96)
    usage = Usage(peak_kw={JANUARY - 1: floor_kw})

    def billed(load_kw: Floats) -> float:
        return bill(tariff, times, load_kw, facts=BillFacts(usage)).total

    peak = demand_peaks(tariff, times, load)[JANUARY, "d"]
    paid = sum(
        rate.per_kw * max(0.0, peak - rate.floor_kw) for rate in demand_rates(tariff, times, usage)
    )
    assert paid == pytest.approx(billed(load) - billed(np.zeros(96)), abs=1e-6)
