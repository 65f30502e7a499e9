from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minerdesk.domain.calendar import DayKind
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
    PriceIndex,
    TakeOrPay,
    Tariff,
    Tier,
    TierUnit,
    Unused,
)
from minerdesk.engine.tariff import (
    Called,
    MarginalPrice,
    PartKind,
    Usage,
    bill,
    marginal_price,
    plan_price,
)
from minerdesk.engine.tariff.times import Floats
from tests.engine.tariff.clock import month, steps
from tests.engine.tariff.tariffs import day_and_night

THURSDAY = steps("2026-01-15T00:00", 24)
JANUARY = 2026 * 12


def flat_load(kw: float = 100.0, count: int = 24) -> Floats:
    return np.full(count, kw)


def names(price: MarginalPrice) -> list[str]:
    return [part.name for part in price.parts]


def of_kind(price: MarginalPrice, kind: PartKind) -> Floats:
    total: Floats = np.sum([part.per_kwh for part in price.parts if part.kind is kind], axis=0)
    return total


def test_adders_then_percentages_in_their_order() -> None:
    tariff = Tariff(
        "t",
        "t",
        0.10,
        adders=(Adder("grid", 0.03), Adder("rebate", -0.01)),
        percentages=(Percentage("levy", 0.5), Percentage("VAT", 0.2)),
    )
    price = marginal_price(tariff, THURSDAY, load_kw=flat_load())
    assert names(price) == ["energy", "grid", "rebate", "levy", "VAT"]
    assert [part.per_kwh[0] for part in price.parts] == pytest.approx(
        [0.10, 0.03, -0.01, 0.06, 0.036]
    )
    assert price.per_kwh == pytest.approx([0.216] * 24)


@given(
    st.floats(-1, 1),
    st.lists(st.floats(-0.1, 0.1), max_size=4),
    st.lists(st.floats(-0.5, 0.5), max_size=4),
)
def test_the_parts_are_what_the_price_is_the_sum_of(
    energy: float, adders: list[float], percentages: list[float]
) -> None:
    tariff = Tariff(
        "t",
        "t",
        energy,
        adders=tuple(Adder("a", each) for each in adders),
        percentages=tuple(Percentage("p", each) for each in percentages),
    )
    price = marginal_price(tariff, steps("2026-01-15T00:00", 2), load_kw=np.zeros(2))
    assert np.sum([part.per_kwh for part in price.parts], axis=0) == pytest.approx(price.per_kwh)
    expected = (energy + sum(adders)) * np.prod([1 + each for each in percentages])
    assert price.per_kwh == pytest.approx(expected)


def test_a_period_holds_by_the_sites_clock() -> None:
    tou = day_and_night((Tier(0.20),), (Tier(0.05),))
    tariff = Tariff("t", "t", 0.01, time_of_use=tou)
    price = marginal_price(tariff, THURSDAY, load_kw=flat_load())
    assert price.per_kwh == pytest.approx([0.06] * 8 + [0.21] * 12 + [0.06] * 4)
    assert names(price) == ["energy", "Day", "Night"]
    saturday = marginal_price(tariff, steps("2026-01-17T00:00", 24), load_kw=flat_load())
    assert names(saturday) == ["energy", "Night"]


@pytest.mark.parametrize(
    ("start", "hours", "cheap"), [("2026-03-29T00:00", 23, 11), ("2026-10-25T00:00", 25, 13)]
)
def test_days_of_23_and_25_hours(start: str, hours: int, cheap: int) -> None:
    tou = day_and_night((Tier(0.20),), (Tier(0.05),))
    times = steps(start, hours, zone="Europe/Berlin")
    assert times.day[0] == times.day[-1]
    times.kind[:] = DayKind.WEEKDAY
    found = marginal_price(Tariff("t", "t", 0.0, time_of_use=tou), times, load_kw=np.ones(hours))
    assert int(np.isclose(found.per_kwh, 0.05).sum()) == cheap
    assert int(np.isclose(found.per_kwh, 0.20).sum()) == 12


def test_an_index_is_never_clamped_and_a_hole_stays_a_hole() -> None:
    prices = np.array([-0.04, 0.02, np.nan])
    tariff = Tariff(
        "t", "t", 0.0, adders=(Adder("grid", 0.01),), index=PriceIndex("hub", multiplier=1.5)
    )
    times = steps("2026-01-15T00:00", 3)
    price = marginal_price(tariff, times, load_kw=np.ones(3), index_per_kwh=prices)
    assert names(price) == ["index", "grid"]
    assert price.per_kwh == pytest.approx([-0.05, 0.04, np.nan], nan_ok=True)


@pytest.mark.parametrize(("given_", "found"), [(None, "none"), (np.ones(2), "2")])
def test_an_index_needs_a_price_for_each_step(given_: Floats | None, found: str) -> None:
    tariff = Tariff("t", "t", 0.0, index=PriceIndex("hub"))
    with pytest.raises(ValueError, match=f"'hub' needs a price for each of 24 .* found {found}"):
        marginal_price(tariff, THURSDAY, load_kw=flat_load(), index_per_kwh=given_)


def test_the_tier_is_known_by_the_months_kwh_so_far() -> None:
    tou = day_and_night(*((Tier(0.10, 1_000.0), Tier(0.25)),) * 2)
    tariff = Tariff("t", "t", 0.0, time_of_use=tou)
    load = flat_load(10)

    def price(used: float, later: float = 0.0) -> MarginalPrice:
        usage = Usage(kwh={JANUARY: used}, kwh_later={JANUARY: later})
        return marginal_price(tariff, THURSDAY, load_kw=load, usage=usage)

    assert price(100).per_kwh == pytest.approx(0.10)
    assert price(1_000).per_kwh == pytest.approx(0.25)
    # The border is crossed after 12 hours: a kWh before that pushes another one across it.
    crossing = price(880)
    assert crossing.per_kwh == pytest.approx(0.25)
    assert of_kind(crossing, PartKind.LATER_TIERS) == pytest.approx([0.15] * 11 + [0.0] * 13)
    # So does the rest of the month, which the horizon does not see.
    assert price(100, later=5_000).per_kwh == pytest.approx(0.25)
    assert [part.tier for part in crossing.parts if part.kind is PartKind.PERIOD] == [1, 2, 1, 2]


def test_a_month_that_begins_inside_the_horizon_begins_in_the_first_tier() -> None:
    tou = day_and_night(*((Tier(0.10, 1_000.0), Tier(0.25)),) * 2)
    times = steps("2026-01-31T12:00", 24)
    price = marginal_price(
        Tariff("t", "t", 0.0, time_of_use=tou),
        times,
        load_kw=flat_load(10),
        usage=Usage(kwh={JANUARY: 9_000.0}),
    )
    assert price.per_kwh == pytest.approx([0.25] * 12 + [0.10] * 12)


def test_demand_is_marginal_only_where_a_new_peak_would_be_made() -> None:
    charge = DemandCharge("demand", (DemandTier(12.0),), 60)
    tariff = Tariff(
        "t", "t", 0.0, demand=(charge,), percentages=(Percentage("VAT", 0.5, PercentageOf.BILL),)
    )
    load = flat_load()
    load[7] = 150.0

    def price(usage: Usage) -> Floats:
        return marginal_price(tariff, THURSDAY, load_kw=load, usage=usage).per_kwh

    assert np.flatnonzero(price(Usage())).tolist() == [7]
    assert price(Usage())[7] == pytest.approx(18.0)
    assert price(Usage(peak_kw={JANUARY: 149.0}))[7] == pytest.approx(18.0)
    assert not price(Usage(peak_kw={JANUARY: 150.0})).any()  # it is reached already
    assert not price(Usage(expected_peak_kw=150.0)).any()
    load[:] = 0.0
    assert price(Usage()) == pytest.approx(18.0)


def test_take_or_pay_is_worth_its_resale_inside_and_costs_above() -> None:
    load = np.array([50.0, 99.0, 100.0, 150.0])
    times = steps("2026-01-15T00:00", 4)
    index = np.array([0.03, 0.04, 0.05, -0.01])

    above = [0.06] * 4
    for unused, sold, inside in (
        (Unused.LOST, 0.0, [0.0] * 4),
        (Unused.SOLD, 0.02, [0.02] * 4),
        (Unused.SOLD_AT_INDEX, 0.01, [0.02, 0.03, 0.04, -0.02]),
    ):
        block = TakeOrPay(100.0, 0.045, unused, sold)
        tariff = Tariff("t", "t", 0.06, take_or_pay=block, index=PriceIndex("hub", multiplier=0.0))
        plan = plan_price(tariff, times, load_kw=load, index_per_kwh=index)
        assert plan.above is not None
        assert plan.block_kw == 100
        assert plan.above.per_kwh == pytest.approx(above)
        assert plan.inside.per_kwh == pytest.approx(inside)
        seen = marginal_price(tariff, times, load_kw=load, index_per_kwh=index)
        assert seen.per_kwh == pytest.approx([*inside[:3], above[3]])


def test_what_is_owed_anyway_is_not_marginal() -> None:
    tariff = Tariff(
        "t",
        "t",
        0.0,
        fixed=(FixedCharge("meter", 900.0),),
        hosting=Hosting(0.08, HostingBasis.NAMEPLATE, 0.1),
        curtailment=(CurtailmentCredit("DR", 500.0, per_kw_month=4.0),),
        take_or_pay=TakeOrPay(1_000.0, 0.05),
    )
    assert not marginal_price(tariff, THURSDAY, load_kw=flat_load()).per_kwh.any()


def test_hosting_heat_and_events_are_part_of_the_price() -> None:
    tariff = Tariff(
        "t",
        "t",
        0.05,
        hosting=Hosting(0.02),
        heat=HeatCredit((0.01,) + (0.0,) * 11),
        curtailment=(CurtailmentCredit("DR", 500.0, per_kwh=0.30), CurtailmentCredit("idle", 1.0)),
        percentages=(Percentage("VAT", 0.1, PercentageOf.BILL),),
    )
    event = np.arange(24) == 17
    called = Called(event.astype(float), flat_load()[0])
    price = marginal_price(
        tariff, THURSDAY, load_kw=flat_load(), curtailing={"DR": called, "idle": called}
    )
    assert names(price) == ["energy", "hosting", "heat", "DR", "VAT"]
    assert price.per_kwh == pytest.approx(np.where(event, 0.36 * 1.1, 0.06 * 1.1))
    without = marginal_price(tariff, THURSDAY, load_kw=flat_load())
    assert without.per_kwh == pytest.approx(0.06 * 1.1)


@pytest.mark.parametrize("minutes", [15, 60])
def test_a_system_peak_costs_its_expectation_in_its_hours(minutes: int) -> None:
    """4CP at 60 a kW and year: an hour that is one of the four with 5 % costs 0.75 a kWh."""
    hours = (PeakHours((6, 7), 15, 18, 0.05), PeakHours((6,), 17, 20, 0.02, weekdays_only=False))
    tariff = Tariff("t", "t", 0.0, coincident=(CoincidentPeak("4CP", 60.0, hours),))
    count = 24 * 60 // minutes
    friday = steps("2026-06-05T00:00", count, minutes)
    price = marginal_price(tariff, friday, load_kw=np.ones(count)).per_kwh
    by_hour = price.reshape(24, -1)[:, 0]
    assert by_hour[15:20] == pytest.approx([0.75, 0.75, 0.75, 0.30, 0.30])
    assert not by_hour[:15].any()
    saturday = steps("2026-06-06T00:00", count, minutes)
    weekend = marginal_price(tariff, saturday, load_kw=np.ones(count)).per_kwh
    assert weekend.reshape(24, -1)[14:21, 0] == pytest.approx([0, 0, 0, 0.3, 0.3, 0.3, 0])


def test_nothing_is_marginal_under_a_minimum_that_cannot_be_reached() -> None:
    tariff = Tariff("t", "t", 0.1, minimum_per_month=1e9, percentages=(Percentage("VAT", 0.2),))
    under = month("2026-01").hour[:24] < 12
    price = marginal_price(tariff, THURSDAY, load_kw=flat_load(), under_minimum=under)
    assert price.per_kwh == pytest.approx(np.where(under, 0, 0.12))
    assert [part.per_kwh[0] for part in price.parts] == [0.0, 0.0]
    plan = plan_price(tariff, THURSDAY, load_kw=flat_load(), under_minimum=under)
    assert plan.inside.per_kwh == pytest.approx(price.per_kwh)


def test_without_demand_the_first_tier_of_hours_of_use_holds() -> None:
    tou = day_and_night(*((Tier(0.20, 200.0), Tier(0.05)),) * 2, tier_unit=TierUnit.KWH_PER_KW)
    tariff = Tariff("t", "t", 0.0, time_of_use=tou)
    none = np.zeros(THURSDAY.count)
    assert marginal_price(tariff, THURSDAY, load_kw=none).per_kwh == pytest.approx(0.20)
    assert bill(tariff, month("2026-01"), np.zeros(744)).total == 0.0


def test_a_new_peak_moves_the_borders_of_hours_of_use() -> None:
    """One more kW takes 200 kWh from 0.05 to 0.20; the plan's price leaves peaks outside."""
    tou = day_and_night(*((Tier(0.20, 200.0), Tier(0.05)),) * 2, tier_unit=TierUnit.KWH_PER_KW)
    tariff = Tariff("t", "t", 0.0, time_of_use=tou)
    times = month("2026-01")
    load = np.full(times.count, 100.0)
    load[300] = 110.0
    price = marginal_price(tariff, times, load_kw=load)
    assert of_kind(price, PartKind.HOURS_OF_USE)[300] == pytest.approx(200 * 0.15)
    assert np.delete(price.per_kwh, 300) == pytest.approx(0.05)
    assert plan_price(tariff, times, load_kw=load).inside.per_kwh == pytest.approx(0.05)
    used = Usage(kwh={JANUARY: 50_000.0}, peak_kw={JANUARY: 99.0})
    week = marginal_price(tariff, THURSDAY, load_kw=flat_load(), usage=used)
    assert week.per_kwh == pytest.approx(0.05 + 200 * 0.15)
