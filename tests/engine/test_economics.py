"""Published worked examples, and what must hold for any fleet."""

from __future__ import annotations

from dataclasses import fields, replace
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from minerdesk.domain.book import Book
from minerdesk.domain.rigs import ModeOverride, PowerMode, Purchase, RigGroup, RigModel
from minerdesk.domain.sites import Capital, CostLayer, MonthlyCost, Site
from minerdesk.domain.tariff import Tariff
from minerdesk.engine.economics import Economics, Prepared, evaluate, prepare
from minerdesk.engine.fleet import build_fleet
from minerdesk.engine.layers import LayerCosts
from minerdesk.engine.network import NetworkNow, hashes_per_block, hashprice_per_ph_day
from tests.engine.books import JANUARY, USD, books, figures, group, networks, one_site

ADDITIVE = ("btc_per_day", "revenue_per_day", "margin_per_day")
PREPARED_ADDITIVE = (
    "count",
    "nameplate_ths",
    "kwh_per_day",
    "power_cost_per_day",
    "cash_cost_per_day",
    "avoidable_cost_per_day",
    "all_in_cost_per_day",
    "idle_cost_per_day",
    "purchase_price",
)
ECONOMICS = tuple(f.name for f in fields(Economics) if f.type == "Floats")
PREPARED = tuple(f.name for f in fields(Prepared) if f.type == "Floats")


def machine(ths: float, watts: float, *, price: float, network: NetworkNow = JANUARY) -> Economics:
    model = RigModel("machine", (PowerMode("normal", ths, watts),))
    return figures(one_site(group(model="machine"), price_per_kwh=price, models=(model,)), network)[
        1
    ]


def difficulty_at(hashrate_ehs: float) -> float:
    return hashrate_ehs * 1e18 * 600 / 2**32


JANUARY_19 = NetworkNow(92_526, 146_472_570_619_930.78, 3.125, 0.0148)


@pytest.mark.parametrize(
    ("j_per_th", "price"),
    [
        (9.5, "0.175"),
        (13.5, "0.123"),
        (15.0, "0.111"),
        (17.5, "0.0950"),
        (21.5, "0.0773"),
        (23.0, "0.0723"),
        (29.5, "0.0564"),
        (38.0, "0.0437"),
        (98.0, "0.0170"),
    ],
)
def test_shutdown_power_prices_of_january_2026(j_per_th: float, price: str) -> None:
    found = machine(200, 200 * j_per_th, price=0.05, network=JANUARY_19).break_even_price_per_kwh[0]
    digits = len(price) - 2
    assert round(float(found), digits) == float(price)


@pytest.mark.parametrize(
    ("j_per_th", "price", "thousands"),
    [
        (17.5, 0.05, 48.7),
        (21.5, 0.05, 59.8),
        (29.5, 0.05, 82.1),
        (98.0, 0.05, 272.7),
        (29.5, 0.07, 114.9),
    ],
)
def test_break_even_btc_prices_of_january_2026(
    j_per_th: float, price: float, thousands: float
) -> None:
    found = machine(200, 200 * j_per_th, price=price, network=JANUARY_19)
    assert round(float(found.shutdown_price_per_btc[0]) / 1000, 1) == thousands
    assert found.cost_per_btc is found.shutdown_price_per_btc


@pytest.mark.parametrize(("price", "cost", "published"), [(0.03, 2.376, 2.38), (0.07, 5.544, 5.55)])
def test_power_of_a_3300_w_machine(price: float, cost: float, published: float) -> None:
    found = machine(110, 3_300, price=price).prepared.power_cost_per_day[0]
    assert found == pytest.approx(cost)
    assert found == pytest.approx(published, abs=0.01)


def test_a_hobbyist_of_2011() -> None:
    network = NetworkNow(14.0, 7_255_634_282_020_860 / 2**32, 50, 0)
    found = machine(0.00312, 1_550, price=0.149, network=network)
    assert found.cost_per_btc[0] == pytest.approx(2.984, abs=5e-4)


@pytest.mark.parametrize(
    ("price", "cost"), [(0.04, 32_666.7), (0.07, 57_166.7), (0.08, 65_333.3), (0.15, 122_500.0)]
)
def test_the_whole_network_of_one_machine(price: float, cost: float) -> None:
    # 900 EH/s of 288 TH/s at 4.9 kW; 3,456 a machine over 105,000 blocks.
    rigs = 3_125_000
    network = NetworkNow(93_049, difficulty_at(900), 3.125, 0)
    model = RigModel("machine", (PowerMode("normal", 288, 4_900),))
    bought = replace(group(rigs, "machine"), purchase=Purchase(3_456))
    _, found = figures(one_site(bought, price_per_kwh=price, models=(model,)), network)
    assert found.prepared.nameplate_ths[0] == 900e6
    assert found.btc_per_day[0] == pytest.approx(450)
    assert found.cost_per_btc[0] == pytest.approx(cost, rel=1e-4)
    coins = found.btc_per_day[0] * 105_000 / 144
    assert found.prepared.purchase_price[0] / coins == pytest.approx(32_914.3, rel=1e-4)


def test_terajoules_are_not_gigawatt_hours() -> None:
    # 628 EH/s at 16 J/TH and 0.05: a post reads 868 TJ a day as GWh and is wrong by 3.6.
    network = NetworkNow(60_000, difficulty_at(628), 3.125, 0)
    found = machine(628e6, 628e6 * 16, price=0.05, network=network)
    kwh = found.prepared.kwh_per_day[0]
    assert kwh * 3.6e6 / 1e12 == pytest.approx(868.147, abs=5e-4)
    assert found.prepared.power_cost_per_day[0] == pytest.approx(12.06e6, rel=1e-3)
    assert found.cost_per_btc[0] == pytest.approx(26_795, abs=1)
    assert found.cost_per_btc[0] * 3.6 == pytest.approx(96_460, rel=1e-4)


def test_every_factor_by_hand() -> None:
    book = one_site(
        RigGroup(
            "a",
            "here",
            "S21",
            count=10,
            uptime=0.95,
            reject_rate=0.01,
            firmware_fee=0.02,
            pool_fee=0.03,
            pool_fee_on_fees=0.5,
            idle_w=50.0,
            overrides=(ModeOverride("normal", 190.0, 3_600.0),),
            purchase=Purchase(3_000.0),
        ),
        price_per_kwh=0.05,
        site=Site(
            "here",
            "Here",
            "power",
            pue=1.2,
            monthly_costs=(
                MonthlyCost("h", 304.375),
                MonthlyCost("o", 152.1875, CostLayer.OVERHEAD),
            ),
        ),
    )
    _, found = figures(book)
    prepared = found.prepared
    coins = 190e12 * 0.99 * 0.98 * 0.95 * 86_400 / (JANUARY.difficulty * 2**32)
    btc = 10 * coins * (3.125 * 0.97 + 0.0148 * 0.5)
    power = 0.05 * 1.2 * 24 * 10 * (0.95 * 3.6 + 0.05 * 0.05)
    cash = 0.05 * 1.2 * 24 * 10 * 0.95 * (3.6 - 0.05)
    wear = 10 * 3_000 / 36 / 30.4375
    expected = {
        "btc_per_day": btc,
        "revenue_per_day": btc * 93_049,
        "margin_per_day": btc * 93_049 - power,
        "margin_per_rig_day": (btc * 93_049 - power) / 10,
        "margin_per_kwh": (btc * 93_049 - power) / (power / 0.05),
        "margin_per_ths_day": (btc * 93_049 - power) / 1_900,
        "break_even_price_per_kwh": btc * 93_049 / (power / 0.05),
        "shutdown_price_per_btc": cash / btc,
        "shutdown_hashprice_per_ph_day": cash / btc * hashprice_per_ph_day(JANUARY) / 93_049,
        "cost_per_btc_avoidable": (power + 10) / btc,
        "cost_per_btc_all_in": (power + 10 + 5 + wear) / btc,
        "payback_days": 30_000 / (btc * 93_049 - power),
    }
    assert {name: float(getattr(found, name)[0]) for name in expected} == pytest.approx(expected)
    assert prepared.idle_cost_per_day == pytest.approx([0.05 * 1.2 * 24 * 10 * 0.05])
    # Off, the rigs draw idle power; the rest of what they cost is the avoided part.
    assert prepared.power_cost_per_day - prepared.idle_cost_per_day == pytest.approx(
        prepared.cash_cost_per_day
    )
    assert prepared.hashcost_per_ph_day == pytest.approx([cash / 1.9])
    assert prepared.hashcost_avoidable_per_ph_day == pytest.approx([(power + 10) / 1.9])
    assert prepared.hashcost_all_in_per_ph_day == pytest.approx([(power + 15 + wear) / 1.9])


def test_layers_that_were_not_entered_are_nan() -> None:
    _, found = figures(one_site(group()))
    for values in (
        found.cost_per_btc_avoidable,
        found.cost_per_btc_all_in,
        found.payback_days,
        found.prepared.hashcost_avoidable_per_ph_day,
        found.prepared.hashcost_all_in_per_ph_day,
        found.prepared.purchase_price,
    ):
        assert np.isnan(values).all()


def test_payback_at_a_loss_is_infinite() -> None:
    bought = replace(group(), purchase=Purchase(3_000))
    _, found = figures(one_site(bought, price_per_kwh=0.5))
    assert found.payback_days.tolist() == [np.inf]


def test_a_missing_exchange_rate_leaves_coins_and_hides_money() -> None:
    book = one_site(group(), tariff=Tariff("power", "Power", 0.06, currency="NOK"))
    _, found = figures(book)
    assert np.isfinite(found.btc_per_day).all()
    assert np.isfinite(found.revenue_per_day).all()
    assert np.isfinite(found.break_even_price_per_kwh).all()
    for name in ("margin_per_day", "margin_per_kwh", "shutdown_price_per_btc", "cost_per_btc"):
        assert np.isnan(getattr(found, name)).all()


def test_currencies_are_converted() -> None:
    book = one_site(group(), tariff=Tariff("power", "Power", 0.06, currency="EUR"))
    _, found = figures(book, rates={"USD": 1.0, "EUR": 1.25})
    _, same = figures(one_site(group(), price_per_kwh=0.075))
    assert found.margin_per_day == pytest.approx(same.margin_per_day)


@given(books(), networks)
def test_identities(book: Book, network: NetworkNow) -> None:
    fleet, found = figures(book, network)
    prepared, g = found.prepared, fleet.mode_group
    assert found.hashprice_per_ph_day == hashprice_per_ph_day(network)
    # At the break-even price of power the margin is zero.
    at_break_even = found.revenue_per_day - found.break_even_price_per_kwh * prepared.kwh_per_day
    assert at_break_even == pytest.approx(0, abs=1e-9 * found.revenue_per_day.max())
    # At the shutdown price of BTC revenue equals the avoided cost.
    assert found.shutdown_price_per_btc * found.btc_per_day == pytest.approx(
        prepared.cash_cost_per_day
    )
    assert found.revenue_per_day == pytest.approx(found.btc_per_day * network.price_per_btc)
    assert found.shutdown_hashprice_per_ph_day / found.hashprice_per_ph_day == pytest.approx(
        found.shutdown_price_per_btc / network.price_per_btc
    )
    assert found.margin_per_day == pytest.approx(
        found.revenue_per_day - prepared.cash_cost_per_day - prepared.idle_cost_per_day,
        abs=1e-6,
    )
    assert found.margin_per_rig_day * prepared.count == pytest.approx(found.margin_per_day)
    assert found.margin_per_kwh * prepared.kwh_per_day == pytest.approx(found.margin_per_day)
    assert found.margin_per_ths_day * prepared.nameplate_ths == pytest.approx(found.margin_per_day)
    # Power in kW for a day, at the price the tariff says.
    kw = fleet.count[g] * (
        fleet.uptime[g] * fleet.power_w + (1 - fleet.uptime[g]) * fleet.idle_w[g]
    )
    assert prepared.kwh_per_day == pytest.approx(kw / 1000 * fleet.pue[g] * 24)


@given(st.floats(1, 1_000), st.floats(50, 20_000), st.floats(0.001, 1), networks)
def test_break_even_per_mwh_is_hashprice_over_kw_per_ph(
    ths: float, watts: float, price: float, network: NetworkNow
) -> None:
    found = machine(ths, watts, price=price, network=network)
    j_per_th = watts / ths
    assert found.break_even_price_per_kwh[0] * 1000 == pytest.approx(
        found.hashprice_per_ph_day * 1000 / (24 * j_per_th)
    )
    assert found.prepared.hashcost_per_ph_day[0] == pytest.approx(j_per_th * 24 * price)
    # Cost of a coin: price of a kWh x energy of a block / its reward.
    kwh_per_block = hashes_per_block(network.difficulty) / 1e12 * j_per_th / 3.6e6
    assert found.cost_per_btc[0] == pytest.approx(price * kwh_per_block / network.reward_btc)


@given(st.floats(1, 100), st.floats(0.001, 1), st.floats(0.1, 10), networks)
def test_shutdown_price_is_proportional_to_efficiency_and_power_price(
    j_per_th: float, price: float, factor: float, network: NetworkNow
) -> None:
    base = machine(100, 100 * j_per_th, price=price, network=network).shutdown_price_per_btc[0]
    hungrier = machine(100, 100 * j_per_th * factor, price=price, network=network)
    dearer = machine(100, 100 * j_per_th, price=price * factor, network=network)
    assert hungrier.shutdown_price_per_btc[0] == pytest.approx(base * factor)
    assert dearer.shutdown_price_per_btc[0] == pytest.approx(base * factor)


@given(st.floats(-1, -1e-4), networks)
def test_a_negative_price_of_power_is_income(price: float, network: NetworkNow) -> None:
    found = machine(200, 3_500, price=price, network=network)
    assert found.prepared.power_cost_per_day[0] == pytest.approx(price * 84)
    assert found.margin_per_day[0] > found.revenue_per_day[0]
    assert found.shutdown_price_per_btc[0] < 0
    assert found.break_even_price_per_kwh[0] > 0


@settings(max_examples=50)
@given(books(prices=st.floats(0.01, 0.3)), networks, st.sampled_from(["pool_fee", "reject_rate"]))
def test_worse_terms_never_earn_more(book: Book, network: NetworkNow, name: str) -> None:
    _, found = figures(book, network)
    worse = replace(
        book, groups=tuple(replace(g, **{name: getattr(g, name) + 0.1}) for g in book.groups)
    )
    _, then = figures(worse, network)
    assert (then.btc_per_day <= found.btc_per_day).all()
    assert (then.margin_per_day <= found.margin_per_day).all()
    assert (then.break_even_price_per_kwh <= found.break_even_price_per_kwh).all()
    assert (then.cost_per_btc >= found.cost_per_btc * (1 - 1e-12)).all()


@settings(max_examples=50)
@given(books(prices=st.floats(0.01, 0.3)), networks)
def test_a_higher_pue_costs_more(book: Book, network: NetworkNow) -> None:
    fleet, found = figures(book, network)
    worse = replace(book, sites=tuple(replace(s, pue=s.pue * 1.1) for s in book.sites))
    _, then = figures(worse, network)
    hungry = fleet.power_w > fleet.idle_w[fleet.mode_group]
    assert (then.btc_per_day == found.btc_per_day).all()
    assert (then.margin_per_day < found.margin_per_day).all()
    assert (then.cost_per_btc[hungry] > found.cost_per_btc[hungry]).all()
    assert then.break_even_price_per_kwh == pytest.approx(found.break_even_price_per_kwh / 1.1)


@settings(max_examples=50)
@given(books(), networks)
def test_less_uptime_earns_fewer_coins_at_the_same_cash_cost(
    book: Book, network: NetworkNow
) -> None:
    _, found = figures(book, network)
    worse = replace(book, groups=tuple(replace(g, uptime=g.uptime * 0.5) for g in book.groups))
    _, then = figures(worse, network)
    assert then.btc_per_day == pytest.approx(found.btc_per_day / 2)
    assert then.shutdown_price_per_btc == pytest.approx(found.shutdown_price_per_btc)


def split(book: Book, index: int, part: int) -> Book:
    """Return the book with one group as two, of ``part`` rigs and of the rest."""
    whole = book.groups[index]
    one = replace(whole, id="one", count=part, state_now=None)
    other = replace(whole, id="other", count=whole.count - part, state_now=None)
    return replace(book, groups=(*book.groups[:index], one, other, *book.groups[index + 1 :]))


@settings(max_examples=60)
@given(books(), networks, st.data())
def test_a_group_equals_its_two_halves(
    book: Book, network: NetworkNow, data: st.DataObject
) -> None:
    index = data.draw(st.integers(0, len(book.groups) - 1))
    whole = replace(book.groups[index], count=book.groups[index].count + 1)
    book = replace(book, groups=(*book.groups[:index], whole, *book.groups[index + 1 :]))
    part = data.draw(st.integers(1, whole.count - 1))
    fleet, found = figures(book, network)
    fleet_2, found_2 = figures(split(book, index, part), network)
    mine = slice(fleet.first[index], fleet.first[index + 1])
    one = slice(fleet_2.first[index], fleet_2.first[index + 1])
    other = slice(fleet_2.first[index + 1], fleet_2.first[index + 2])
    for name in (*ADDITIVE, *PREPARED_ADDITIVE):
        a, b = (found, found_2) if name in ADDITIVE else (found.prepared, found_2.prepared)
        assert getattr(b, name)[one] + getattr(b, name)[other] == pytest.approx(
            getattr(a, name)[mine], nan_ok=True, rel=1e-9, abs=1e-9
        ), name
    for name in set(ECONOMICS) - set(ADDITIVE):
        for half in (one, other):
            assert getattr(found_2, name)[half] == pytest.approx(
                getattr(found, name)[mine], nan_ok=True, rel=1e-5
            ), name


@settings(max_examples=60)
@given(books(), networks, st.randoms(use_true_random=False))
def test_the_order_of_groups_changes_nothing(
    book: Book, network: NetworkNow, random: Random
) -> None:
    order = list(range(len(book.groups)))
    random.shuffle(order)
    fleet, found = figures(book, network)
    _, shuffled = figures(replace(book, groups=tuple(book.groups[i] for i in order)), network)
    rows = np.concatenate([np.arange(fleet.first[i], fleet.first[i + 1]) for i in order])
    for name in ECONOMICS:
        assert getattr(shuffled, name) == pytest.approx(getattr(found, name)[rows], nan_ok=True)
    for name in PREPARED:
        assert getattr(shuffled.prepared, name) == pytest.approx(
            getattr(found.prepared, name)[rows], nan_ok=True
        )


def test_equal_fees_and_apart_give_the_same() -> None:
    together = one_site(replace(group(), pool_fee=0.02))
    # A second group of another fee sends every row through the other branch.
    apart = one_site(replace(group(), pool_fee=0.02), replace(group(key="b"), pool_fee_on_fees=0.5))
    assert figures(together)[1].prepared.same_fee
    assert not figures(apart)[1].prepared.same_fee
    assert figures(apart)[1].btc_per_day[0] == pytest.approx(figures(together)[1].btc_per_day[0])


def test_results_are_read_only() -> None:
    _, found = figures(one_site(group()))
    for name in ECONOMICS:
        with pytest.raises(ValueError, match="read-only"):
            getattr(found, name)[0] = 0.0


def test_an_earlier_result_stays_when_the_next_is_made() -> None:
    prepared = prepare(build_fleet(one_site(group()), USD))
    first = evaluate(prepared, JANUARY)
    margin = float(first.margin_per_day[0])
    view = first.margin_per_day[:]
    del first
    for price in range(50_000, 50_100):
        evaluate(prepared, JANUARY._replace(price_per_btc=float(price)))
    assert view[0] == margin


def test_workers_give_the_same_numbers() -> None:
    groups = tuple(
        replace(group(1 + i % 9, key=str(i)), uptime=1 - i % 50 / 100, purchase=Purchase(1.0 + i))
        for i in range(400)
    )
    site = Site(
        "here",
        "Here",
        "power",
        monthly_costs=(MonthlyCost("h", 10.0),),
        capital=Capital(1e5, 12),
    )
    small = build_fleet(one_site(*groups, site=site), USD)
    repeats = 1_000  # enough rows for several tiles on each thread

    tiled: dict[str, Any] = {
        f.name: np.tile(getattr(small, f.name), repeats)
        for f in fields(small)
        if f.name not in {"layers", "site_fixed_kw"}
    }
    tiled["first"] = np.arange(400 * repeats + 1)
    tiled["mode_group"] = np.arange(400 * repeats)
    tiled["layers"] = LayerCosts(*(np.tile(each, repeats) for each in small.layers))
    large = replace(small, **tiled)
    prepared = prepare(large)
    alone, together = evaluate(prepared, JANUARY), evaluate(prepared, JANUARY, workers=2)
    few = evaluate(prepare(small), JANUARY, workers=2)
    for name in ECONOMICS:
        assert (getattr(alone, name) == getattr(together, name)).all()
        assert (getattr(alone, name)[:400] == getattr(few, name)).all()
        assert np.isfinite(getattr(few, name)).all()


def test_an_empty_fleet() -> None:
    _, found = figures(one_site())
    assert all(len(getattr(found, name)) == 0 for name in ECONOMICS)


@pytest.mark.parametrize(
    ("network", "name"),
    [
        (JANUARY._replace(price_per_btc=0.0), "price_per_btc"),
        (JANUARY._replace(price_per_btc=np.nan), "price_per_btc"),
        (JANUARY._replace(price_per_btc=np.inf), "price_per_btc"),
        (JANUARY._replace(difficulty=0.0), "difficulty"),
        (JANUARY._replace(difficulty=-1.0), "difficulty"),
        (JANUARY._replace(subsidy_btc=-0.1, fees_btc=0.5), "subsidy_btc"),
        (JANUARY._replace(fees_btc=-0.1), "fees_btc"),
        (JANUARY._replace(fees_btc=np.nan), "reward_btc"),
        (JANUARY._replace(subsidy_btc=0.0, fees_btc=0.0), "reward_btc"),
    ],
)
def test_numbers_of_the_network_out_of_range(network: NetworkNow, name: str) -> None:
    prepared = prepare(build_fleet(one_site(group()), USD))
    with pytest.raises(ValueError, match=f"^{name} must be"):
        evaluate(prepared, network)


def test_after_the_last_subsidy_fees_alone_pay() -> None:
    _, found = figures(one_site(group()), JANUARY._replace(subsidy_btc=0.0, fees_btc=0.5))
    assert found.btc_per_day[0] > 0
