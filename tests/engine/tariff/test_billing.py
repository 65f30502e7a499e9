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
    Percentage,
    PercentageOf,
    Period,
    PriceIndex,
    Ratchet,
    TakeOrPay,
    Tariff,
    Tier,
    TierUnit,
    TimeOfUse,
    Unused,
)
from minerdesk.engine.tariff import (
    Bill,
    BillFacts,
    Called,
    LineKind,
    Usage,
    bill,
    demand_peaks,
)
from minerdesk.engine.tariff.times import Floats
from tests.engine.tariff.clock import month, steps
from tests.engine.tariff.tariffs import PEAK_HOURS, day_and_night

JANUARY = month("2026-01")


def running(kw: float = 100.0) -> Floats:
    return np.full(JANUARY.count, kw)


def rows(made: Bill) -> list[tuple[LineKind, str, int]]:
    return [(line.kind, line.name, line.tier) for line in made.lines]


def amounts(made: Bill, kind: LineKind) -> list[float]:
    return [line.amount for line in made.lines if line.kind is kind]


def test_a_month_at_one_megawatt_by_hand() -> None:
    """A contract with two periods, demand at all hours and on-peak, a fee and a tax."""
    tariff = Tariff(
        "t",
        "t",
        0.0,
        adders=(Adder("rider", 0.002),),
        percentages=(Percentage("losses", 0.03), Percentage("VAT", 0.1, PercentageOf.BILL)),
        time_of_use=day_and_night((Tier(0.08),), (Tier(0.03),)),
        demand=(
            DemandCharge("all hours", (DemandTier(5.0),)),
            DemandCharge("on peak", (DemandTier(9.0),), calendar=PEAK_HOURS),
        ),
        fixed=(FixedCharge("customer", 250.0),),
    )
    load = running(1_000)
    load[(JANUARY.hour >= 12) & (JANUARY.hour < 18)] = 400  # curtailed on-peak
    made = bill(tariff, JANUARY, load)
    days = 22  # weekdays of January 2026
    day_kwh = days * (6 * 1_000 + 6 * 400)
    night_kwh = days * 12 * 1_000 + 9 * (18 * 1_000 + 6 * 400)
    energy = day_kwh * 0.08 + night_kwh * 0.03 + (day_kwh + night_kwh) * 0.002
    before = energy * 1.03 + 5 * 1_000 + 9 * 400 + 250
    assert made.total == pytest.approx(before * 1.1)
    assert made.before_minimum == made.total
    assert not made.unknown
    assert rows(made) == [
        (LineKind.PERIOD, "Day", 0),
        (LineKind.PERIOD, "Night", 0),
        (LineKind.ADDER, "rider", 0),
        (LineKind.PERCENTAGE, "losses", 0),
        (LineKind.DEMAND, "all hours", 0),
        (LineKind.DEMAND, "on peak", 0),
        (LineKind.FIXED, "customer", 0),
        (LineKind.PERCENTAGE, "VAT", 0),
    ]


def test_tiers_are_crossed_in_the_middle_of_the_month() -> None:
    tariff = Tariff(
        "t",
        "t",
        0.01,
        time_of_use=TimeOfUse((Period("A", "All", (Tier(0.10, 10_000.0), Tier(0.25))),)),
    )
    made = bill(tariff, JANUARY, running(20))
    assert rows(made)[1:] == [(LineKind.PERIOD, "All", 1), (LineKind.PERIOD, "All", 2)]
    assert [line.quantity for line in made.lines] == pytest.approx([14_880, 10_000, 4_880])
    assert made.total == pytest.approx(148.8 + 1_000 + 1_220)
    # What an earlier month used, or the meter of this one, does not count twice.
    typed = Usage(kwh={2026 * 12: 9_999.0}, expected_peak_kw=5.0)
    assert bill(tariff, JANUARY, running(20), facts=BillFacts(typed)).total == made.total


def test_a_tier_that_was_not_reached_has_no_line_but_the_period_has() -> None:
    tou = day_and_night((Tier(0.1, 1e6), Tier(0.2)), (Tier(0.1, 1e6), Tier(0.2)))
    made = bill(Tariff("t", "t", 0.0, time_of_use=tou), JANUARY, running(0))
    assert rows(made) == [(LineKind.PERIOD, "Day", 1), (LineKind.PERIOD, "Night", 1)]
    saturday = steps("2026-01-17T00:00", 24)
    weekend = bill(Tariff("t", "t", 0.0, time_of_use=tou), saturday, np.zeros(24))
    assert rows(weekend) == [(LineKind.PERIOD, "Night", 1)]


def test_hours_of_use_count_kwh_for_each_kw_of_the_months_demand() -> None:
    tou = TimeOfUse(
        (Period("A", "All", (Tier(0.20, 200.0), Tier(0.10, 400.0), Tier(0.05))),),
        tier_unit=TierUnit.KWH_PER_KW,
    )
    made = bill(Tariff("t", "t", 0.0, time_of_use=tou), JANUARY, running(50))
    assert [line.quantity for line in made.lines] == pytest.approx([10_000, 10_000, 17_200])
    # A ratchet that bills more demand makes the blocks larger.
    held = DemandCharge("d", (DemandTier(0.0),), ratchet=Ratchet(0.8))
    tariff = Tariff("t", "t", 0.0, time_of_use=tou, demand=(held,))
    past = BillFacts(Usage(peak_kw={2025 * 12 + 7: 100.0}))
    made = bill(tariff, JANUARY, running(50), facts=past)
    assert amounts(made, LineKind.PERIOD) == pytest.approx(
        [16_000 * 0.2, 16_000 * 0.1, 5_200 * 0.05]
    )


def test_a_ratchet_is_said_and_bills_by_its_own_tiers() -> None:
    tiers = (DemandTier(10.0, 120.0), DemandTier(4.0))
    tariff = Tariff(
        "t", "t", 0.0, demand=(DemandCharge("demand", tiers, ratchet=Ratchet(0.5, 2, (7, 11))),)
    )

    def lines(**peaks: float) -> list[tuple[LineKind, int, float, float]]:
        usage = Usage(peak_kw={2025 * 12 + int(m[1:]) - 1: kw for m, kw in peaks.items()})
        made = bill(tariff, JANUARY, running(100), facts=BillFacts(usage))
        return [(line.kind, line.tier, line.quantity, line.amount) for line in made.lines[1:]]

    plain = [(LineKind.DEMAND, 1, 100.0, 1_000.0)]
    assert lines() == plain
    assert lines(m11=200.0) == plain
    assert lines(m7=900.0, m12=900.0, m10=900.0) == plain  # too long ago, or no month that counts
    assert lines(m11=260.0) == [
        *plain,
        (LineKind.RATCHET, 1, 20.0, 200.0),
        (LineKind.RATCHET, 2, 10.0, 40.0),
    ]


def test_past_loads_feed_ratchets() -> None:
    charge = DemandCharge("d", (DemandTier(10.0),), 60, ratchet=Ratchet(0.9))
    tariff = Tariff("t", "t", 0.0, demand=(charge,))
    december = month("2025-12")
    load = np.full(december.count, 50.0)
    load[17] = 200.0
    past = Usage(peaks=demand_peaks(tariff, december, load))
    made = bill(tariff, JANUARY, running(100), facts=BillFacts(past))
    assert made.total == pytest.approx(10 * 180)


def test_a_charge_that_meters_nothing_in_the_month_has_no_line() -> None:
    weekend = steps("2026-01-17T00:00", 48)
    charge = DemandCharge("on peak", (DemandTier(9.0),), calendar=PEAK_HOURS, ratchet=Ratchet(0.5))
    made = bill(Tariff("t", "t", 0.1, demand=(charge,)), weekend, np.ones(48))
    assert rows(made) == [(LineKind.ENERGY, "energy", 0)]


def test_charges_of_one_name_are_metered_each_by_its_own_hours() -> None:
    def charge(interval: int, calendar: Calendar | None) -> DemandCharge:
        return DemandCharge("Demand", (DemandTier(10.0),), interval, calendar)

    load = running(100)
    load[3], load[12 + 24] = 180.0, 130.0  # a holiday's night, and a Friday in its peak hours
    tariff = Tariff("t", "t", 0.0, demand=(charge(60, None), charge(60, PEAK_HOURS)))
    made = bill(tariff, JANUARY, load)
    assert [line.quantity for line in made.lines if line.kind is LineKind.DEMAND] == [180, 130]


def test_the_index_line_has_the_mean_rate_of_what_was_used() -> None:
    tariff = Tariff("t", "t", 0.0, index=PriceIndex("hub", multiplier=2.0))
    prices = np.where(JANUARY.hour < 12, -0.01, 0.05)
    made = bill(tariff, JANUARY, np.where(JANUARY.hour < 12, 30.0, 10.0), index_per_kwh=prices)
    (line,) = made.lines
    assert line[:2] == (LineKind.INDEX, "hub")
    assert line.rate == pytest.approx(2 * (-0.3 + 0.5) / 40)
    idle = bill(tariff, JANUARY, running(0), index_per_kwh=prices)
    assert (idle.lines[0].rate, idle.total) == (0.0, 0.0)


@pytest.mark.parametrize(
    ("unused", "resale"),
    [(Unused.LOST, []), (Unused.SOLD, [-0.02]), (Unused.SOLD_AT_INDEX, [-(0.03 - 0.02)])],
)
def test_take_or_pay_is_owed_and_what_is_left_is_sold(unused: Unused, resale: list[float]) -> None:
    tariff = Tariff(
        "t",
        "t",
        0.10,
        take_or_pay=TakeOrPay(100.0, 0.05, unused, 0.02),
        index=PriceIndex("hub", multiplier=0.0),
    )
    load = np.where(JANUARY.hour < 12, 60.0, 130.0)
    made = bill(tariff, JANUARY, load, index_per_kwh=np.full(JANUARY.count, 0.03))
    half = JANUARY.count / 2
    assert amounts(made, LineKind.ENERGY) == pytest.approx([half * 30 * 0.10])
    assert amounts(made, LineKind.BLOCK) == pytest.approx([JANUARY.count * 100 * 0.05])
    assert amounts(made, LineKind.RESALE) == pytest.approx([half * 40 * rate for rate in resale])


def test_hosting_credits_and_system_peaks() -> None:
    tariff = Tariff(
        "t",
        "t",
        0.05,
        hosting=Hosting(0.02),
        coincident=(CoincidentPeak("4CP", 60.0),),
        curtailment=(CurtailmentCredit("DR", 500.0, 4.0, 0.3), CurtailmentCredit("idle", 5.0)),
        heat=HeatCredit((0.01,) * 12),
    )
    first = np.zeros(JANUARY.count)
    first[:5] = 1.0
    called = {name: Called(first, 300.0) for name in ("DR", "idle")}
    facts = BillFacts(coincident_kw={"4CP": 80.0}, called=called)
    made = bill(tariff, JANUARY, running(), facts=facts)
    kwh = 74_400
    assert [line.amount for line in made.lines] == pytest.approx(
        [kwh * 0.05, 80 * 5, kwh * 0.02, -2_000, -300, -kwh * 0.01]
    )
    assert made.total == pytest.approx(sum(line.amount for line in made.lines))


def test_a_credit_of_nothing_is_no_minus_nought() -> None:
    tariff = Tariff(
        "t",
        "t",
        0.05,
        curtailment=(CurtailmentCredit("DR", 500.0, 0.0, 0.3),),
        heat=HeatCredit((0.0,) * 12),
    )
    facts = BillFacts(called={"DR": Called(np.ones(JANUARY.count), 50.0)})
    made = bill(tariff, JANUARY, running(), facts=facts)
    assert [str(line.amount) for line in made.lines[1:]] == ["0.0", "0.0"]
    assert str(made.lines[2].rate) == "0.0"


def test_a_host_bills_nameplate_and_shares_a_profit_but_no_loss() -> None:
    tariff = Tariff("t", "t", 0.0, hosting=Hosting(0.06, HostingBasis.NAMEPLATE, 0.2))

    def made(revenue: float) -> Bill:
        facts = BillFacts(nameplate_kwh=100_000.0, revenue=revenue)
        return bill(tariff, JANUARY, running(), facts=facts)

    assert made(9_000).total == pytest.approx(6_000 + 0.2 * 3_000)
    assert made(5_000).total == pytest.approx(6_000)
    metered = bill(Tariff("t", "t", 0.0, hosting=Hosting(0.06)), JANUARY, running())
    assert metered.unknown == ()


def test_what_cannot_be_billed_is_named() -> None:
    tariff = Tariff(
        "t",
        "t",
        0.05,
        hosting=Hosting(0.06, HostingBasis.NAMEPLATE, 0.2),
        coincident=(CoincidentPeak("4CP", 60.0),),
    )
    made = bill(tariff, JANUARY, running())
    assert made.unknown == ("4CP", "hosting", "profit share")
    assert made.total == pytest.approx(74_400 * 0.05)


def test_the_bill_is_topped_up_to_its_minimum() -> None:
    tariff = Tariff(
        "t",
        "t",
        0.10,
        percentages=(Percentage("VAT", 0.5, PercentageOf.BILL),),
        minimum_per_month=1_000.0,
    )
    made = bill(tariff, JANUARY, running(1))
    assert made.before_minimum == pytest.approx(111.6)
    assert made.total == pytest.approx(1_000)
    assert made.lines[-1].kind is LineKind.MINIMUM
    assert bill(tariff, JANUARY, running(100)).lines[-1].kind is LineKind.PERCENTAGE


@pytest.mark.parametrize(("name", "hours"), [("2026-03", 743), ("2026-10", 745)])
def test_the_months_in_which_clocks_change_have_their_hours(name: str, hours: int) -> None:
    times = month(name, zone="Europe/Berlin")
    tariff = Tariff("t", "t", 0.10, demand=(DemandCharge("d", (DemandTier(1.0),), 60),))
    load = (np.arange(times.count) % 5 + 1).astype(np.float64)
    made = bill(tariff, times, load)
    assert made.lines[0].quantity == pytest.approx(load.sum())
    assert times.count == hours
    assert made.lines[1].quantity == 5.0


def test_a_bill_is_for_one_month() -> None:
    with pytest.raises(ValueError, match="one month, found steps of 2"):
        bill(Tariff("t", "t", 0.1), steps("2026-01-31T00:00", 48), np.ones(48))
    with pytest.raises(ValueError, match="one month, found steps of 0"):
        bill(Tariff("t", "t", 0.1), JANUARY.first(0), np.ones(0))


def test_a_bill_is_never_made_over_a_hole() -> None:
    load = running()
    load[5:8] = np.nan
    with pytest.raises(
        ValueError, match=r"the load in each .* 744 steps, found 744 with 3 missing"
    ):
        bill(Tariff("t", "t", 0.1), JANUARY, load)
    with pytest.raises(ValueError, match=r"the load in each .* found 700 with 44 missing"):
        bill(Tariff("t", "t", 0.1), JANUARY, np.ones(700))
    prices = np.zeros(744)
    prices[0] = np.nan
    with pytest.raises(ValueError, match=r"the index in each .* found 744 with 1 missing"):
        bill(
            Tariff("t", "t", 0.1, index=PriceIndex("hub")),
            JANUARY,
            running(),
            index_per_kwh=prices,
        )
