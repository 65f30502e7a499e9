from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from minerdesk.domain.book import Book
from minerdesk.domain.rigs import Purchase, StateNow
from minerdesk.domain.sites import CostLayer, MonthlyCost, Site
from minerdesk.domain.tariff import Tariff
from minerdesk.engine.dispatch import OFF
from minerdesk.engine.network import NetworkNow
from minerdesk.services.totals import Totals, add_up
from tests.engine.books import JANUARY, books, decided, group, networks, one_site

SUMS = (
    "rigs",
    "running",
    "power_down",
    "start",
    "change_mode",
    "groups",
    "groups_to_move",
    "groups_too_close",
    "gain_per_day",
    "gain_exact_per_day",
    "hashrate_phs",
    "power_kw",
    "btc_per_day",
    "revenue_per_day",
    "power_cost_per_day",
    "host_share_per_day",
    "margin_per_day",
    "margin_advised_per_day",
)


def totals(
    book: Book, network: NetworkNow = JANUARY, tolerance: float = 0.0
) -> tuple[Totals, tuple[Totals, ...]]:
    fleet, economics, decisions = decided(book, network, tolerance)
    return add_up(fleet, economics, decisions, len(book.sites))


def test_a_small_fleet_by_hand() -> None:
    site = Site("here", "Here", "power", pue=1.1, fixed_load_kw=5.0)
    book = one_site(
        replace(group(10, running={"normal": 6}), idle_w=50.0), price_per_kwh=0.05, site=site
    )
    found, (same,) = totals(book)
    assert repr(found) == repr(same)  # NaN is not equal to itself
    assert (found.rigs, found.running, found.groups) == (10, 6, 1)
    assert (found.power_down, found.start, found.change_mode) == (0, 4, 0)
    assert (found.groups_to_move, found.groups_too_close) == (1, 0)
    assert found.running_advised == 10
    assert found.hashrate_phs == pytest.approx(1.2)
    assert found.power_kw == pytest.approx((6 * 3.5 + 4 * 0.05) * 1.1 + 5)
    # The fixed load's cost stands in the avoidable layer and not with the rigs.
    assert found.power_cost_per_day == pytest.approx((6 * 3.5 + 4 * 0.05) * 1.1 * 24 * 0.05)
    assert found.margin_per_day == pytest.approx(found.revenue_per_day - found.power_cost_per_day)
    assert found.price_per_kwh == pytest.approx(0.05)
    assert found.cost_per_btc == pytest.approx(6 * 3.45 * 1.1 * 24 * 0.05 / found.btc_per_day)
    assert found.break_even_price_per_kwh == pytest.approx(
        found.revenue_per_day / (6 * 3.5 * 1.1 * 24)
    )
    assert found.cost_per_btc_avoidable == pytest.approx(
        (6 * 3.5 * 1.1 * 24 * 0.05 + 0.6 * 5 * 24 * 0.05) / found.btc_per_day
    )
    assert np.isnan(found.cost_per_btc_all_in)
    assert found.gain_per_day == pytest.approx(found.gain_exact_per_day)
    assert found.margin_advised_per_day == pytest.approx(found.margin_per_day + found.gain_per_day)


def test_moves_too_close_to_call_are_not_in_the_advice() -> None:
    book = one_site(group(3), group(7, key="b"), price_per_kwh=0.096)
    exact, _ = totals(book)
    marked, _ = totals(book, tolerance=0.05)
    assert (exact.power_down, exact.groups_to_move, exact.groups_too_close) == (10, 2, 0)
    assert (marked.power_down, marked.groups_to_move, marked.groups_too_close) == (0, 0, 2)
    assert marked.gain_per_day == 0
    assert marked.gain_exact_per_day == exact.gain_exact_per_day > 0
    assert marked.margin_advised_per_day == marked.margin_per_day
    assert marked.running_advised == 10
    assert exact.running_advised == 0


def test_a_required_margin_may_cost_margin() -> None:
    site = Site("here", "Here", "power", required_margin=0.1)
    found, _ = totals(one_site(group(3), price_per_kwh=0.09, site=site))
    assert found.power_down == 3
    assert found.gain_per_day > 0
    assert found.margin_per_day > 0
    assert found.margin_advised_per_day == pytest.approx(0, abs=1e-9)


def test_layers_speak_of_the_groups_that_have_them() -> None:
    bought = replace(group(5), purchase=Purchase(3_000.0))
    site = Site("here", "Here", "power", monthly_costs=())
    found, _ = totals(one_site(bought, group(5, key="b"), site=site))
    alone, _ = totals(one_site(bought, site=site))
    assert np.isnan(found.cost_per_btc_avoidable)
    assert found.cost_per_btc_all_in == pytest.approx(alone.cost_per_btc_all_in)


def test_a_fleet_that_stands_still_has_no_cost_of_a_coin() -> None:
    found, _ = totals(one_site(group(5, running={})))
    assert (found.running, found.btc_per_day) == (0, 0)
    for name in ("cost_per_btc", "break_even_price_per_kwh", "price_per_kwh"):
        assert np.isnan(getattr(found, name))


def test_sites_without_groups_and_empty_fleets() -> None:
    book = one_site(group(5))
    book = replace(
        book,
        sites=(Site("empty", "Empty", "power", fixed_load_kw=3.0), *book.sites),
        tariffs=(*book.tariffs, Tariff("x", "X", 1.0)),
    )
    whole, (empty, full) = totals(book)
    assert (empty.rigs, empty.power_kw) == (0, 3)
    assert full.rigs == whole.rigs == 5
    nothing, (site,) = totals(one_site())
    assert nothing.rigs == site.rigs == nothing.margin_per_day == 0


@settings(max_examples=60)
@given(books(), networks, st.sampled_from([0.0, 0.02]))
def test_sites_add_up_to_the_fleet(book: Book, network: NetworkNow, tolerance: float) -> None:
    whole, sites = totals(book, network, tolerance)
    for name in SUMS:
        parts = [getattr(site, name) for site in sites]
        scale = max(1.0, *(abs(part) for part in parts))
        assert getattr(whole, name) == pytest.approx(sum(parts), abs=1e-9 * scale), name
    assert whole.rigs == book.rig_count


@settings(max_examples=80)
@given(books(), networks)
def test_the_advised_margin_is_what_the_fleet_earns_afterwards(
    book: Book, network: NetworkNow
) -> None:
    fleet, economics, decisions = decided(book, network)
    before, _ = add_up(fleet, economics, decisions, len(book.sites))
    groups = []
    for g, rig in enumerate(book.groups):
        model = next(each for each in book.models if each.name == rig.model)
        best = decisions.best_mode[g]
        moved = decisions.power_down[g] + decisions.start[g] + decisions.change_mode[g]
        if not moved:
            groups.append(rig)
        elif best == OFF:
            groups.append(replace(rig, state_now=StateNow(())))
        else:
            name = model.modes[best - fleet.first[g]].name
            state = group(rig.count, running={name: rig.count}).state_now
            groups.append(replace(rig, state_now=state))
    after, _ = totals(replace(book, groups=tuple(groups)), network)
    scale = max(1.0, abs(before.power_cost_per_day), before.revenue_per_day)
    assert before.margin_advised_per_day == pytest.approx(after.margin_per_day, abs=1e-8 * scale)
    assert before.running_advised == after.running
    assert after.gain_per_day == pytest.approx(0, abs=1e-9 * scale)


def test_the_cost_of_a_coin_lies_between_those_of_its_groups() -> None:
    cheap = Site(
        "here", "Here", "power", monthly_costs=(MonthlyCost("o", 9.0, CostLayer.OVERHEAD),)
    )
    book = one_site(group(5), group(9, "Three", key="b"), site=cheap)
    _, economics, _ = decided(book)
    found, _ = totals(book)
    costs = economics.cost_per_btc[[0, 1]]
    assert costs.min() < found.cost_per_btc < costs.max()


def test_every_field_is_a_plain_number() -> None:
    found, _ = totals(one_site(group(3)))
    for field in fields(Totals):
        assert type(getattr(found, field.name)) in {int, float}
