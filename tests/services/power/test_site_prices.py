from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from minerdesk.domain.book import Book
from minerdesk.domain.errors import UserError, WorldError
from minerdesk.domain.sites import Event, MeteredMonth, Site
from minerdesk.domain.tariff import (
    Adder,
    CurtailmentCredit,
    DemandCharge,
    DemandTier,
    FixedCharge,
    Percentage,
    PercentageOf,
    PriceIndex,
    Ratchet,
    TakeOrPay,
    Tariff,
    Unused,
)
from minerdesk.engine.fleet import build_fleet
from minerdesk.services.power.series import PriceSeries
from minerdesk.services.power.site_price import SitePrice
from minerdesk.services.power.site_prices import SitePrices
from tests.support.books import small_book

RATES = {"USD": 1.0, "EUR": 1.2}
NOW = datetime(2026, 1, 10, 6, tzinfo=UTC)
INDEXED = Tariff(
    "house",
    "House",
    0.01,
    adders=(Adder("grid", 0.02),),
    percentages=(Percentage("tax", 0.1),),
    index=PriceIndex("north", multiplier=2.0, forecast_days=1),
)


def series(prices: list[float], start: datetime = NOW, currency: str = "USD") -> PriceSeries:
    first = int(start.timestamp())
    starts = np.array([first + 3600 * i for i in range(len(prices))], dtype=np.int64)
    return PriceSeries("north", starts, np.array(prices), 60, currency, "file", start)


def book_of(tariff: Tariff, **site: object) -> Book:
    place = replace(Site("garage", "Garage", "house", time_zone="America/Chicago"), **site)  # type: ignore[arg-type]  # any field of a site
    return small_book(tariffs=(tariff,), sites=(place,))


def price(
    book: Book, kept: PriceSeries | None = None, hours: int = 4, rates: dict[str, float] = RATES
) -> SitePrice:
    prices = SitePrices(lambda _name: kept)
    times = prices.times_over(book, NOW, hours, 60)
    (only,) = prices.over(book, build_fleet(book, rates), rates, times)
    return only


def per_kwh(found: SitePrice) -> list[float]:
    assert found.plan is not None
    return list(found.plan.inside.per_kwh)


def test_an_index_is_priced_with_everything_on_top_of_it() -> None:
    found = price(book_of(INDEXED), series([0.1, -0.2, 0.3, 0.0]))
    assert per_kwh(found) == pytest.approx(
        [(0.03 + 2 * p) * 1.1 for p in (0.1, -0.2, 0.3, 0.0)], abs=1e-12
    )
    assert found.known.all()
    assert not found.error.any()
    assert found.known_until == NOW + timedelta(hours=4)
    assert found.problem == ""
    assert found.marginal is not None
    assert found.now_per_kwh == pytest.approx(0.253)


def test_what_is_forecast_has_its_error_in_the_price() -> None:
    past = series([0.1] * 24 + [0.3] * 24, NOW - timedelta(days=2))
    tariff = replace(INDEXED, index=PriceIndex("north", multiplier=2.0, forecast_days=2))
    found = price(book_of(tariff), past)
    assert not found.known.any()
    assert per_kwh(found) == pytest.approx([(0.03 + 2 * 0.2) * 1.1] * 4)
    assert found.error.tolist() == pytest.approx([2 * 1.1 * np.sqrt(0.02)] * 4)
    assert any("known until" in note for note in found.notes)


def test_a_series_in_another_currency_than_tariff_and_book_is_converted_twice() -> None:
    tariff = replace(INDEXED, currency="EUR")
    found = price(book_of(tariff), series([0.12] * 4, currency="USD"))
    assert per_kwh(found) == pytest.approx([(0.03 + 2 * 0.1) * 1.1 * 1.2] * 4)
    assert found.marginal is not None
    total = np.sum([part.per_kwh for part in found.marginal.parts], axis=0)
    assert total == pytest.approx(found.marginal.per_kwh)


@pytest.mark.parametrize("where", ["tariff", "series"])
def test_no_price_without_an_exchange_rate(where: str) -> None:
    tariff = replace(INDEXED, currency="CHF") if where == "tariff" else INDEXED
    kept = series([0.1] * 4, currency="CHF" if where == "series" else "USD")
    found = price(book_of(tariff), kept)
    assert found.plan is None
    assert "price in CHF cannot be had in USD" in found.problem
    assert np.isnan(found.now_per_kwh)
    with pytest.raises(UserError, match="exchange rate"):
        found.power(0)


def test_no_prices_is_a_problem_and_no_price() -> None:
    found = price(book_of(INDEXED))
    assert found.plan is None
    assert "There are no prices “north”" in found.problem
    assert found.known_until is None


def test_damaged_prices_are_told_and_the_operators_forecast_stands() -> None:
    def broken(_name: str) -> PriceSeries | None:
        raise WorldError("The prices “north” are damaged.")

    prices = SitePrices(broken)
    for own, problem in ((None, "are damaged"), (0.05, "")):
        index = PriceIndex("north", forecast_per_kwh=own)
        book = book_of(replace(INDEXED, index=index))
        times = prices.times_over(book, NOW, 2, 60)
        (found,) = prices.over(book, build_fleet(book, RATES), RATES, times)
        assert problem in found.problem
        assert (found.problem == "") == (own is not None)
        if own is not None:
            assert "are damaged" in found.notes[0]
            assert not found.error.any()


def test_a_take_or_pay_block_and_demand_reach_the_planner() -> None:
    tariff = Tariff(
        "house",
        "House",
        0.08,
        currency="EUR",
        demand=(DemandCharge("peak", (DemandTier(10.0),)),),
        take_or_pay=TakeOrPay(20.0, 0.05, Unused.SOLD, 0.03),
    )
    found = price(book_of(tariff))
    power = found.power(3)
    assert power.price.per_kwh.tolist() == pytest.approx([0.03 * 1.2] * 4)
    (block,) = power.blocks
    assert (block.site, block.kw) == (3, 20.0)
    assert block.above.tolist() == pytest.approx([0.08 * 1.2] * 4)
    (charge,) = power.demand
    assert (charge.site, charge.name) == (3, "peak")
    assert charge.per_kw == pytest.approx(12.0)
    assert charge.floor_kw == power.peak_kw == pytest.approx(found.load_kw)
    # Forty kW run, so the last one is above the block.
    assert found.now_per_kwh == pytest.approx(0.096)
    off = replace(tariff, take_or_pay=TakeOrPay(500.0, 0.05, Unused.SOLD, 0.03))
    assert price(book_of(off)).now_per_kwh == pytest.approx(0.036)


def test_a_flat_price_is_known_for_ever() -> None:
    power = price(book_of(Tariff("house", "House", 0.07))).power(0)
    assert power.known.all()
    assert power.known_until is None
    assert (power.demand, power.blocks, power.notes) == ((), (), ())
    assert np.isnan(power.peak_kw)


def test_an_event_that_pays_raises_the_price_while_it_lasts() -> None:
    events = (
        Event("storm", NOW + timedelta(hours=1), NOW + timedelta(hours=2), programme="ers"),
        Event("storm 2", NOW + timedelta(hours=2), NOW + timedelta(hours=3), programme="ers"),
        Event("own", NOW, NOW + timedelta(hours=1)),
    )
    tariff = Tariff("house", "House", 0.07, curtailment=(CurtailmentCredit("ers", 40, 0, 0.5),))
    found = price(book_of(tariff, events=events))
    assert per_kwh(found) == pytest.approx([0.07, 0.57, 0.57, 0.07])


@pytest.mark.parametrize(("baseline", "lost"), [(None, 0.5), (60.0, 0.5), (75.0, 0.0), (35.0, 0.0)])
def test_a_credit_is_in_the_price_now_between_its_two_loads(
    baseline: float | None, lost: float
) -> None:
    # What runs draws 40 kW, all there is.
    credit = CurtailmentCredit("ers", 30, 0, 0.5, baseline)
    tariff = Tariff("house", "House", 0.07, curtailment=(credit,))
    event = Event("storm", NOW, NOW + timedelta(hours=1), programme="ers")
    found = price(book_of(tariff, events=(event,)))
    assert found.now_per_kwh == pytest.approx(0.07 + lost)
    assert found.marginal is not None
    assert found.marginal.per_kwh[0] == pytest.approx(0.07 + lost)
    borders = {None: [10.0], 60.0: [30.0], 75.0: [], 35.0: [5.0, 35.0]}[baseline]
    kw = [block.kw for block in found.power(0).blocks]
    assert kw == pytest.approx(borders, abs=0.05)  # 40.02 kW run


def test_under_the_minimum_bill_a_kwh_costs_nothing() -> None:
    # Forty kW all month at 0.07 come to some two thousand.
    small = Tariff("house", "House", 0.07, minimum_per_month=1500.0)
    large = replace(small, minimum_per_month=5000.0)
    assert per_kwh(price(book_of(small))) == [0.07] * 4
    assert per_kwh(price(book_of(large))) == [0.0] * 4
    with_rest = replace(large, fixed=(FixedCharge("lease", 4000.0),))
    assert per_kwh(price(book_of(with_rest))) == [0.07] * 4
    peaks = replace(large, demand=(DemandCharge("peak", (DemandTier(10.0),)),))
    assert [each.per_kw for each in price(book_of(peaks)).power(0).demand] == [0.0]
    ratchet = replace(large, demand=(replace(peaks.demand[0], ratchet=Ratchet(1.0)),))
    found = price(book_of(ratchet, metered=(MeteredMonth("2025-12", peak_kw=400.0),)))
    assert per_kwh(found) == [0.07] * 4  # the past peak alone is billed at four thousand
    assert [each.per_kw for each in found.power(0).demand] == [10.0]
    indexed = replace(INDEXED, minimum_per_month=1e6)
    assert per_kwh(price(book_of(indexed), series([0.1] * 4))) == [0.0] * 4


def test_the_bills_percentages_are_in_the_price_of_demand() -> None:
    tariff = Tariff(
        "house",
        "House",
        0.07,
        demand=(DemandCharge("peak", (DemandTier(10.0),)),),
        percentages=(Percentage("tax", 0.2, PercentageOf.BILL),),
    )
    assert price(book_of(tariff)).power(0).demand[0].per_kw == pytest.approx(12.0)


def test_the_price_now_is_that_of_the_quarter_and_is_made_once() -> None:
    asked: list[str] = []
    kept = series([0.1, 0.2])

    def ask(name: str) -> PriceSeries:
        asked.append(name)
        return kept

    book = small_book(
        sites=(Site("a", "A", "house"), Site("b", "B", "flat")),
        tariffs=(INDEXED, Tariff("flat", "Flat", 0.05)),
        groups=(),
    )
    fleet = build_fleet(book, RATES)
    prices = SitePrices(ask)
    at = NOW + timedelta(minutes=59, seconds=59)
    assert prices.price_now(book, fleet, RATES, at) == {
        "a": pytest.approx(0.253),
        "b": pytest.approx(0.05),
    }
    asks = len(asked)
    assert prices.price_now(book, fleet, RATES, at)["a"] == pytest.approx(0.253)
    assert len(asked) == asks + 1  # whether the series changed is asked, and no more
    later = prices.price_now(book, fleet, RATES, NOW + timedelta(hours=1))
    assert later["a"] == pytest.approx(0.473)
    kept = series([0.1, 0.0])
    again = prices.price_now(book, fleet, RATES, NOW + timedelta(hours=1))
    assert again["a"] == pytest.approx(0.033)


def test_the_planner_is_told_which_site_has_no_price() -> None:
    book = book_of(INDEXED)
    prices = SitePrices(lambda _name: None)
    times = prices.times_over(book, NOW, 2, 60)
    fleet = build_fleet(book, RATES)
    with pytest.raises(UserError) as caught:
        prices.power(book, fleet, RATES, times)
    assert caught.value.where == "garage"
    flat = book_of(Tariff("house", "House", 0.07))
    (power,) = prices.power(flat, build_fleet(flat, RATES), RATES, times)
    assert power.price.per_kwh.tolist() == [0.07] * 2
