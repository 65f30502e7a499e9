from __future__ import annotations

import numpy as np
import pytest

from minerdesk.domain.calendar import Calendar
from minerdesk.domain.tariff import (
    Adder,
    CoincidentPeak,
    CurtailmentCredit,
    DemandCharge,
    DemandTier,
    FixedCharge,
    HeatCredit,
    Hosting,
    HostingBasis,
    PeakHours,
    Percentage,
    PercentageOf,
    Period,
    PriceIndex,
    TakeOrPay,
    Tariff,
    Tier,
    TimeOfUse,
)
from minerdesk.engine.tariff import avoidable_per_month, simple_price_per_kwh
from tests.engine.tariff.tariffs import PEAK_HOURS, day_and_night


def test_a_monthly_bills_price_per_kwh() -> None:
    # 17,588 kWh at 0.09444 less 0.017192: the energy part of a published bill.
    tariff = Tariff("t", "t", 0.09444, adders=(Adder("fuel", -0.017192),))
    assert 17_588 * simple_price_per_kwh(tariff) + 262.34 + 3.74 == pytest.approx(
        1_624.72, abs=0.01
    )


def test_a_negative_price_stays_negative() -> None:
    tariff = Tariff("t", "t", -0.05, percentages=(Percentage("VAT", 0.2),))
    assert simple_price_per_kwh(tariff) == pytest.approx(-0.06)


def test_times_of_use_count_by_their_hours_of_the_year() -> None:
    tariff = Tariff("t", "t", 0.0, time_of_use=day_and_night((Tier(0.2),), (Tier(0.05),)))
    day = 261 * 12 / 8_760  # a year that begins on a Monday has 261 weekdays
    assert simple_price_per_kwh(tariff) == pytest.approx(0.2 * day + 0.05 * (1 - day))


def test_credits_and_system_peaks_count_by_their_hours() -> None:
    heat = HeatCredit((0.365,) + (0.0,) * 11)
    assert simple_price_per_kwh(Tariff("t", "t", 0.1, heat=heat)) == pytest.approx(0.1 - 0.031)
    peak = CoincidentPeak("4CP", 60.0, (PeakHours((6,), 15, 16, 0.1, weekdays_only=False),))
    price = simple_price_per_kwh(Tariff("t", "t", 0.1, coincident=(peak,)))
    assert price == pytest.approx(0.1 + 30 * 0.1 * 15 / 8_760)


def test_tiers_count_with_their_last() -> None:
    tou = TimeOfUse((Period("A", "All", (Tier(0.1, 500.0), Tier(0.3))),))
    assert simple_price_per_kwh(Tariff("t", "t", 0.0, time_of_use=tou)) == pytest.approx(0.3)


def test_an_index_counts_with_the_operators_forecast_or_not_at_all() -> None:
    unknown = Tariff("t", "t", 0.01, index=PriceIndex("hub"))
    assert np.isnan(simple_price_per_kwh(unknown))
    known = Tariff("t", "t", 0.01, index=PriceIndex("hub", multiplier=2, forecast_per_kwh=0.03))
    assert simple_price_per_kwh(known) == pytest.approx(0.07)


def test_demand_and_owed_blocks_are_outside() -> None:
    tariff = Tariff(
        "t",
        "t",
        0.1,
        demand=(DemandCharge("d", (DemandTier(20.0),)),),
        take_or_pay=TakeOrPay(1e6, 0.2),
        hosting=Hosting(0.01),
    )
    assert simple_price_per_kwh(tariff) == pytest.approx(0.01)


def test_nothing_stops_with_a_site_that_owes_nothing() -> None:
    assert avoidable_per_month(Tariff("t", "t", 0.05, take_or_pay=TakeOrPay(5.0, 1.0)), 99) is None
    assert avoidable_per_month(Tariff("t", "t", 0.05, hosting=Hosting(0.08)), 99) is None
    event_only = (CurtailmentCredit("DR", 10.0, per_kwh=0.3),)
    assert avoidable_per_month(Tariff("t", "t", 0.05, curtailment=event_only), 99) is None


def test_what_stops_when_a_site_closes() -> None:
    tiers = (DemandTier(10.0, 100.0), DemandTier(4.0))
    summer = Calendar(tuple(("x" if m in {6, 7, 8} else ".") * 24 for m in range(1, 13)))
    tax = Percentage("VAT", 0.1, PercentageOf.BILL)
    losses = Percentage("losses", 0.1)
    fixed = Tariff("t", "t", 0.05, fixed=(FixedCharge("meter", 300.0),), percentages=(tax, losses))
    assert avoidable_per_month(fixed, 150) == pytest.approx(330)
    demand = Tariff(
        "t",
        "t",
        0.05,
        demand=(
            DemandCharge("all", tiers),
            DemandCharge("on", (DemandTier(2.0),), calendar=PEAK_HOURS),
            DemandCharge("summer", (DemandTier(8.0),), calendar=summer),
        ),
    )
    expected = 10 * 100 + 4 * 50 + 2 * 150 + 8 * 150 * 3 / 12
    assert avoidable_per_month(demand, 150) == pytest.approx(expected)
    host = Tariff("t", "t", 0.0, hosting=Hosting(0.08, HostingBasis.NAMEPLATE))
    assert avoidable_per_month(host, 150) == pytest.approx(0.08 * 150 * 24 * 30.4375)
    credit = Tariff("t", "t", 0.0, curtailment=(CurtailmentCredit("DR", 100.0, per_kw_month=3.0),))
    assert avoidable_per_month(credit, 150) == pytest.approx(-300)
