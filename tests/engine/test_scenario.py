from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minerdesk.domain.book import Book
from minerdesk.domain.rigs import PowerMode, RigModel
from minerdesk.domain.sites import Site
from minerdesk.domain.tariff import Tariff
from minerdesk.engine.economics import Economics, evaluate
from minerdesk.engine.fleet import FleetArrays, Floats
from minerdesk.engine.network import hashprice_per_ph_day
from minerdesk.engine.scenario import (
    as_it_runs,
    best_states,
    border_price_per_kwh,
    earning_rigs,
    paid_j_per_th,
    ratio_of,
)
from tests.engine.books import JANUARY, S21, books, figures, group, hosted, networks, one_site
from tests.engine.scenario_loop import as_it_runs_loop, plain_loop

shares = st.floats(0, 0.9)
GRID = np.linspace(0.02, 5.0, 67)
IDLE = RigModel("Idle", (PowerMode("normal", 100.0, 3_000.0),), idle_w=50.0)


def _away_from_turns(at: Floats, ratio: Floats) -> Floats:
    """Drop ratios at which rounding alone says on which side of a change they lie."""
    if not len(at):
        return ratio
    near = np.abs(ratio[:, None] / np.maximum(at, 1e-300) - 1).min(axis=1) < 1e-9
    kept: Floats = ratio[~near]
    return kept


def _check(curve_of: object, loop: object, fleet: FleetArrays, economics: Economics) -> None:
    curve = curve_of(fleet, economics)  # type: ignore[operator] # one of the two
    ratio = _away_from_turns(curve.at, GRID)
    margin, rigs = loop(fleet, economics, ratio)  # type: ignore[operator] # one of the two
    size = float(np.nansum(economics.revenue_per_day) + np.nansum(np.abs(curve.cost_per_day)))
    assert curve.margin_per_day(ratio) == pytest.approx(margin, rel=1e-9, abs=1e-9 * size + 1e-9)
    assert curve.earning_rigs(ratio).tolist() == rigs.tolist()


@given(book=books(), network=networks)
def test_the_best_states_are_those_of_the_plain_loop(book: Book, network: object) -> None:
    fleet, economics = figures(book, network)  # type: ignore[arg-type] # drawn from networks
    _check(best_states, plain_loop, fleet, economics)


@given(book=books(), network=networks)
def test_rigs_that_earn_are_those_of_the_curve(book: Book, network: object) -> None:
    fleet, economics = figures(book, network)  # type: ignore[arg-type] # drawn from networks
    curve = best_states(fleet, economics)
    for ratio in _away_from_turns(curve.at, np.array([1.0])):
        assert earning_rigs(fleet, economics) == curve.earning_rigs(np.array([ratio]))[0]


@given(book=books(), network=networks, one=shares, other=shares)
def test_after_a_share_both_are_those_of_the_plain_loop(
    book: Book, network: object, one: float, other: float
) -> None:
    fleet, economics = figures(hosted(book, one, 0.0, other), network)  # type: ignore[arg-type] # drawn from networks
    _check(best_states, plain_loop, fleet, economics)
    _check(as_it_runs, as_it_runs_loop, fleet, economics)


def test_a_share_moves_neither_states_nor_where_the_profit_begins() -> None:
    book = one_site(group(4), group(3, "Idle", key="b"), models=(S21, IDLE))
    (plain_fleet, plain), (fleet, shared) = figures(book), figures(hosted(book, 0.3))
    for curve in (best_states, as_it_runs):
        before, after = curve(plain_fleet, plain), curve(fleet, shared)
        zero = before.zero_ratio()
        assert zero is not None
        assert after.zero_ratio() == pytest.approx(zero)
        assert after.earning_rigs(GRID).tolist() == before.earning_rigs(GRID).tolist()
        below, above = GRID[zero > GRID], GRID[zero < GRID]
        assert len(below)
        assert len(above)
        assert after.margin_per_day(below) == pytest.approx(before.margin_per_day(below))
        assert after.margin_per_day(above) == pytest.approx(0.7 * before.margin_per_day(above))


@given(book=books(), network=networks)
def test_as_it_runs_is_that_of_the_plain_loop(book: Book, network: object) -> None:
    fleet, economics = figures(book, network)  # type: ignore[arg-type] # drawn from networks
    _check(as_it_runs, as_it_runs_loop, fleet, economics)


@given(
    book=books(),
    price=st.floats(0.3, 3),
    difficulty=st.floats(0.3, 3),
)
def test_price_and_difficulty_are_one_ratio(book: Book, price: float, difficulty: float) -> None:
    fleet, economics = figures(book)
    there = JANUARY._replace(
        price_per_btc=JANUARY.price_per_btc * price, difficulty=JANUARY.difficulty * difficulty
    )
    ratio = ratio_of(
        np.array(there.price_per_btc),
        np.array(there.difficulty),
        JANUARY.price_per_btc,
        JANUARY.difficulty,
    )
    moved = evaluate(economics.prepared, there)
    expected = float(as_it_runs(fleet, moved).margin_per_day(np.array(1.0)))
    size = float(np.nansum(np.abs(moved.revenue_per_day))) + 1.0
    found = float(as_it_runs(fleet, economics).margin_per_day(ratio))
    assert found == pytest.approx(expected, rel=1e-9, abs=1e-9 * size)


def test_a_rig_starts_to_earn_just_at_its_shutdown_price() -> None:
    fleet, economics = figures(one_site(group(7), price_per_kwh=0.06))
    curve = best_states(fleet, economics)
    stop = float(economics.shutdown_price_per_btc[0]) / JANUARY.price_per_btc
    assert curve.at == pytest.approx([stop])
    assert curve.zero_ratio() == pytest.approx(stop)
    around = np.array([stop * 0.999, stop * 1.001])
    assert curve.earning_rigs(around).tolist() == [0, 7]
    assert curve.margin_per_day(around)[0] == 0
    assert curve.margin_per_day(around)[1] > 0
    assert as_it_runs(fleet, economics).zero_ratio() == pytest.approx(stop)


def test_idle_power_puts_the_line_of_zero_above_the_first_rig() -> None:
    fleet, economics = figures(one_site(group(7, "Idle"), models=(IDLE,), price_per_kwh=0.06))
    curve = best_states(fleet, economics)
    zero = curve.zero_ratio()
    assert zero is not None
    assert zero > curve.at[0]
    assert float(curve.margin_per_day(np.array(zero))) == pytest.approx(0, abs=1e-9)


def test_who_is_paid_for_power_always_earns() -> None:
    fleet, economics = figures(one_site(group(7), price_per_kwh=-0.01))
    curve = best_states(fleet, economics)
    assert curve.zero_ratio() is None
    assert curve.earning_rigs(np.array(0.01)).tolist() == 7


def test_a_fleet_that_is_off_and_draws_power_never_earns() -> None:
    book = one_site(group(7, "Idle", running={}), models=(IDLE,), price_per_kwh=0.06)
    fleet, economics = figures(book)
    assert as_it_runs(fleet, economics).zero_ratio() == np.inf
    assert as_it_runs(fleet, economics).earning_rigs(np.array(3.0)) == 0


def test_groups_of_unknown_cost_are_told_apart() -> None:
    book = one_site(group(7))
    book = replace(
        book,
        sites=(*book.sites, Site("there", "There", "foreign")),
        tariffs=(*book.tariffs, Tariff("foreign", "Foreign", 0.05, currency="XYZ")),
        groups=(*book.groups, replace(group(5, key="b"), site="there")),
    )
    fleet, economics = figures(book)
    for curve in (best_states(fleet, economics), as_it_runs(fleet, economics)):
        assert (curve.known_rigs, curve.unknown_rigs) == (7, 5)
        assert curve.earning_rigs(np.array(1.0)) == 7
        assert np.isfinite(curve.margin_per_day(GRID)).all()


def test_no_rigs_earn_nothing() -> None:
    fleet, economics = figures(one_site())
    assert earning_rigs(fleet, economics) == 0
    for curve in (best_states(fleet, economics), as_it_runs(fleet, economics)):
        assert curve.margin_per_day(GRID).tolist() == [0.0] * len(GRID)
        assert curve.zero_ratio() == np.inf


def test_the_border_of_the_published_table() -> None:
    # Shutdown power prices of 19 January 2026, no pool fee, at 39.90 USD a PH/s and day.
    j_per_th = np.array([9.5, 13.5, 17.5, 29.5, 98.0])
    found = border_price_per_kwh(j_per_th, 39.90)
    assert found == pytest.approx([0.175, 0.123, 0.0950, 0.0564, 0.0170], rel=3e-3)


@given(book=books(), network=networks)
def test_a_group_earns_just_inside_its_border(book: Book, network: object) -> None:
    fleet, economics = figures(book, network)  # type: ignore[arg-type] # drawn from networks
    j_per_th = paid_j_per_th(fleet, economics)
    border = border_price_per_kwh(j_per_th, hashprice_per_ph_day(economics.network))
    cash = economics.revenue_per_day - economics.prepared.cash_cost_per_day
    price = fleet.by_mode(fleet.price_per_kwh)
    clear = (j_per_th > 0) & (np.abs(border - price) > 1e-9 * (np.abs(border) + np.abs(price)))
    assert ((cash > 0) == (border > price))[clear].all()


def test_an_s21_at_par_has_its_nameplate_efficiency() -> None:
    fleet, economics = figures(one_site(group(3), models=(S21,)))
    assert paid_j_per_th(fleet, economics) == pytest.approx([17.5])
