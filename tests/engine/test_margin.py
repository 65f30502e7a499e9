"""The cash margin after a host's share: the formula, and every figure that goes through it."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minerdesk.domain.book import Book
from minerdesk.domain.rigs import PowerMode, Purchase, RigModel
from minerdesk.domain.sites import CostLayer, MonthlyCost, Site
from minerdesk.domain.tariff import FixedCharge, Hosting, Tariff
from minerdesk.engine import gains, margin, merit
from minerdesk.engine.dispatch import Decisions
from minerdesk.engine.economics import Economics, evaluate, prepare
from minerdesk.engine.fleet import FleetArrays, Floats
from minerdesk.engine.network import NetworkNow
from minerdesk.engine.tariff.bill_lines import BillFacts, LineKind
from minerdesk.engine.tariff.billing import bill
from minerdesk.engine.tariff.typical import plain_year
from tests.engine.books import (
    JANUARY,
    S21,
    books,
    decided,
    figures,
    group,
    hosted,
    networks,
    one_site,
)

money = st.floats(-1e6, 1e6)
parts = st.floats(0.01, 1.0)
# Thrifty earns at JANUARY's price and 0.06 a kWh, greedy loses.
GREEDY = RigModel("Greedy", (PowerMode("normal", 100.0, 3_500.0),))
MODELS = (S21, GREEDY)
NEVER_MOVED = (
    "break_even_price_per_kwh",
    "shutdown_price_per_btc",
    "shutdown_hashprice_per_ph_day",
    "revenue_per_day",
    "btc_per_day",
    "profit_per_day",
)


def shared(share: float, per_kwh: float = 0.06) -> Tariff:
    """Return a hosting contract, all of whose price is the host's."""
    return Tariff("power", "Power", 0.0, hosting=Hosting(per_kwh, profit_share=share))


def after(found: tuple[FleetArrays, Economics, Decisions]) -> tuple[Decisions, Floats]:
    fleet, economics, decisions = found
    part = gains.part_kept_of_moves(fleet, economics, decisions)
    return gains.after_share_of(decisions, part), part


def test_a_profit_is_shared_and_a_loss_is_not() -> None:
    profit = np.array([100.0, 0.0, -100.0, np.nan])
    assert margin.after_share(profit, 0.8) == pytest.approx([80, 0, -100, np.nan], nan_ok=True)
    assert margin.part_kept(profit, np.full(4, 0.8)).tolist() == [0.8, 1, 1, 1]


@given(profit=money, kept=parts)
def test_what_must_be_earned_leaves_what_is_wanted(profit: float, kept: float) -> None:
    left = margin.after_share(np.array([profit]), kept)
    assert margin.before_share(left, kept) == pytest.approx([profit])


@given(before=money, then=money, kept=parts)
def test_the_part_of_a_change_is_what_the_margin_gains(
    before: float, then: float, kept: float
) -> None:
    one, other = np.array([before]), np.array([then])
    part = margin.part_kept_of_change(one, other, np.array([kept]))
    gained = margin.after_share(other, kept) - margin.after_share(one, kept)
    size = 1 + abs(before) + abs(then)
    assert part * (other - one) == pytest.approx(gained, abs=1e-9 * size)
    assert kept - 1e-12 <= part[0] <= 1


def test_a_hosted_group_by_hand() -> None:
    plain_fleet, plain = figures(one_site(group(10), models=MODELS, tariff=shared(0.0)))
    fleet, found = figures(one_site(group(10), models=MODELS, tariff=shared(0.25)))
    assert plain_fleet.profit_kept.tolist() == [1.0]
    assert fleet.profit_kept.tolist() == [0.75]
    profit = plain.margin_per_day
    assert profit[0] == pytest.approx(found.revenue_per_day[0] - 10 * 3.5 * 24 * 0.06)
    assert profit[0] > 0
    for name in ("margin_per_day", "margin_per_rig_day", "margin_per_kwh", "margin_per_ths_day"):
        assert getattr(found, name) == pytest.approx(0.75 * getattr(plain, name))
    assert found.host_share_per_day == pytest.approx(0.25 * profit)
    assert found.margin_now() == pytest.approx(0.75 * profit)
    assert found.running_margin() == pytest.approx(0.75 * profit)


def test_a_loss_is_borne_whole() -> None:
    book = one_site(group(10, "Greedy"), models=MODELS, tariff=shared(0.25))
    _, found = figures(book)
    assert found.margin_per_day[0] < 0
    assert found.margin_per_day == pytest.approx(found.profit_per_day)
    assert found.host_share_per_day.tolist() == [0]


def test_payback_is_of_the_margin() -> None:
    bought = replace(group(10), purchase=Purchase(3_000.0))
    _, plain = figures(one_site(bought, tariff=shared(0.0)))
    _, found = figures(one_site(bought, tariff=shared(0.2)))
    assert found.payback_days == pytest.approx(plain.payback_days / 0.8)


def test_a_site_in_profit_shares_what_a_group_loses() -> None:
    """The host's share of the site's profit is less by its part of the loss, as on the bill."""
    book = one_site(group(100), group(1, "Greedy", key="b"), models=MODELS, tariff=shared(0.2))
    found = decided(book)
    economics = found[1]
    assert economics.profit_per_day[1] < 0
    assert economics.margin_per_day == pytest.approx(0.8 * economics.profit_per_day)
    decisions, part = after(found)
    assert decisions.power_down.tolist() == [0, 1]
    assert part == pytest.approx([0.8, 0.8])
    assert decisions.gain_per_day == pytest.approx([0, -economics.margin_per_day[1]])


def test_a_site_at_a_loss_bears_every_part_of_it() -> None:
    book = one_site(group(1), group(100, "Greedy", key="b"), models=MODELS, tariff=shared(0.2))
    found = decided(book)
    fleet, economics, before = found
    assert economics.margin_now() == pytest.approx(economics.profit_per_day)
    decisions, part = after(found)
    # Powering down turns a loss into a profit, of which the host takes its share.
    profit = economics.profit_per_day
    gained = 0.8 * profit[0] - (profit[0] + profit[1])
    assert decisions.gain_per_day == pytest.approx([0, gained])
    assert 0.8 < part[1] < 1
    assert before.gain_per_day[1] > gained
    assert fleet.groups == 2


def test_an_idle_group_is_worth_what_it_would_leave() -> None:
    book = one_site(group(10, running={}), tariff=shared(0.25))
    found = decided(book)
    economics = found[1]
    assert economics.margin_now().tolist() == [0]
    assert economics.margin_per_day == pytest.approx(0.75 * economics.profit_per_day)
    decisions, _ = after(found)
    assert decisions.start.tolist() == [10]
    assert decisions.gain_per_day == pytest.approx(economics.margin_per_day)


@given(book=books(), network=networks, share=st.floats(0.01, 0.9), error=st.floats(0, 0.1))
def test_no_share_moves_a_verdict_or_a_break_even(
    book: Book, network: NetworkNow, share: float, error: float
) -> None:
    plain, found = decided(book, network, error), decided(hosted(book, share), network, error)
    before, (then, _part) = plain[2], after(found)
    for name in ("verdict", "reason", "best_mode", "power_down", "start", "change_mode", "advised"):
        assert getattr(then, name).tolist() == getattr(before, name).tolist()
    for name in NEVER_MOVED:
        assert getattr(found[1], name).tolist() == getattr(plain[1], name).tolist()
    for name in ("hashcost_per_ph_day", "cash_cost_per_day", "power_cost_per_day"):
        assert (
            getattr(found[1].prepared, name).tolist() == getattr(plain[1].prepared, name).tolist()
        )
    steps = [
        merit.ladder(merit.mode_steps(fleet, economics.prepared), economics)
        for fleet, economics, _ in (plain, found)
    ]
    for name in ("order", "price_per_btc", "price_per_kwh", "difficulty", "hashprice_per_ph_day"):
        assert getattr(steps[0], name) == pytest.approx(getattr(steps[1], name), nan_ok=True)


@given(book=books(), network=networks, share=st.floats(0.01, 0.9), error=st.floats(0, 0.1))
def test_margins_and_gains_add_up_to_their_sites(
    book: Book, network: NetworkNow, share: float, error: float
) -> None:
    found = decided(hosted(book, share), network, error)
    fleet, economics, before = found
    decisions, _ = after(found)

    def of_sites(per_group: Floats) -> Floats:
        return np.array([per_group[fleet.site == place].sum() for place in range(len(book.sites))])

    size = 1e-9 * (1 + np.abs(economics.profit_per_day).sum() + economics.revenue_per_day.sum())
    profit = of_sites(economics.profit_now())
    now = np.where(profit > 0, (1 - share) * profit, profit)
    assert of_sites(economics.margin_now()) == pytest.approx(now, abs=size)
    advised = profit + of_sites(before.margin_gain_per_day * before.advised)
    exact = profit + of_sites(before.margin_gain_per_day)
    gained = of_sites(decisions.margin_gain_per_day * decisions.advised)
    left = np.where(advised > 0, (1 - share) * advised, advised)
    assert now + gained == pytest.approx(left, abs=size)
    left = np.where(exact > 0, (1 - share) * exact, exact)
    assert now + of_sites(decisions.margin_gain_per_day) == pytest.approx(left, abs=size)


@given(book=books(), network=networks)
def test_without_a_share_everything_is_as_it_was(book: Book, network: NetworkNow) -> None:
    found = decided(book, network)
    _, economics, before = found
    assert not economics.prepared.sites.shares
    decisions, part = after(found)
    for field in fields(before):
        assert np.array_equal(getattr(decisions, field.name), getattr(before, field.name))
    assert (part == 1).all()
    assert (economics.kept == 1).all()
    assert economics.margin_per_day.tolist() == economics.profit_per_day.tolist()


def test_a_price_that_is_not_known_stays_unknown_and_with_its_site() -> None:
    other = Site("there", "There", "there")
    dark = replace(shared(0.2), id="there", currency="XXX")
    book = one_site(group(5), replace(group(5, key="b"), site="there"), tariff=shared(0.2))
    book = replace(book, sites=(*book.sites, other), tariffs=(*book.tariffs, dark))
    found = decided(book)
    assert np.isnan(found[1].margin_now()).tolist() == [False, True]
    assert np.isnan(found[1].margin_per_day).tolist() == [False, True]
    assert found[1].kept[0] == 0.8
    decisions, part = after(found)
    assert part[0] == 0.8
    assert np.isnan(decisions.gain_per_day).tolist() == [False, True]


def test_many_rows_in_several_tiles_and_threads() -> None:
    fleet, _ = figures(one_site(group(10), group(2, "Greedy", key="b"), models=MODELS))
    times = 200_000
    many = replace(
        fleet,
        first=np.arange(2 * times + 1),
        mode_group=np.arange(2 * times),
        profit_kept=np.array([0.7]),
        layers=fleet.layers._replace(
            **{name: np.tile(value, times) for name, value in fleet.layers._asdict().items()}
        ),
        **{
            name: np.tile(getattr(fleet, name), times)
            for name in (
                *("ths", "power_w", "count", "site", "keep_subsidy", "keep_fees", "uptime"),
                *("idle_w", "price_per_kwh", "pue", "required_margin", "running", "off"),
            )
        },
    )
    prepared = prepare(many)
    found = evaluate(prepared, JANUARY, workers=2)
    assert found.profit_per_day[:2].sum() > 0
    assert found.margin_per_day == pytest.approx(0.7 * found.profit_per_day)
    assert found.margin_per_rig_day == pytest.approx(found.margin_per_day / prepared.count)


def test_the_bill_takes_the_same_share_of_a_month() -> None:
    """Of a month that is as now from its first hour to its last."""
    tariff = shared(0.15)
    _, found = figures(one_site(group(10), tariff=tariff))
    times = plain_year().first(31 * 24)
    revenue = 31 * float(found.revenue_per_day[0])
    facts = BillFacts(revenue=revenue)
    paper = bill(tariff, times, np.full(times.count, 35.0), facts=facts)
    (line,) = (each for each in paper.lines if each.kind is LineKind.PROFIT_SHARE)
    assert 31 * found.host_share_per_day[0] == pytest.approx(line.amount)
    assert 31 * found.margin_now()[0] == pytest.approx(revenue - paper.total)


def test_outer_layers_say_where_their_own_margin_is_zero() -> None:
    """Staff is paid of what the host leaves, a fixed charge of its bill lessens the profit."""
    staff = MonthlyCost("staff", 3_000.0, CostLayer.AVOIDABLE)
    rent = MonthlyCost("rent", 900.0, CostLayer.OVERHEAD)
    site = Site("here", "Here", "power", monthly_costs=(staff, rent))
    tariff = replace(shared(0.2), fixed=(FixedCharge("meter", 600.0),))
    _, found = figures(one_site(group(100), site=site, tariff=tariff))
    days = 365.25 / 12
    power = found.prepared.power_cost_per_day[0]
    for cost, unbilled in (
        (found.cost_per_btc_avoidable[0], 3_000),
        (found.cost_per_btc_all_in[0], 3_900),
    ):
        revenue = cost * found.btc_per_day[0]
        profit = revenue - power - 600 / days
        assert profit - 0.2 * profit == pytest.approx(unbilled / days)
    assert found.cost_per_btc[0] == pytest.approx(power / found.btc_per_day[0])
