from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from minerdesk.domain.book import Book
from minerdesk.domain.rigs import PowerMode, RigModel, StateNow
from minerdesk.domain.sites import Site
from minerdesk.domain.tariff import Tariff
from minerdesk.engine.dispatch import OFF, decide
from minerdesk.engine.economics import Economics, evaluate, prepare
from minerdesk.engine.fleet import FleetArrays, build_fleet
from minerdesk.engine.merit import Blocks, Ladder, ladder, mode_steps
from minerdesk.engine.network import NetworkNow, hashprice_per_ph_day
from tests.engine.books import JANUARY, USD, books, figures, group, networks, one_site


def steps(
    book: Book, network: NetworkNow = JANUARY
) -> tuple[FleetArrays, Economics, Blocks, Ladder]:
    fleet, economics = figures(book, network)
    blocks = mode_steps(fleet, economics.prepared)
    return fleet, economics, blocks, ladder(blocks, economics)


def test_each_mode_step_is_its_own_block() -> None:
    _, _, blocks, _ = steps(one_site(group(2, "Three"), group(3, key="b"), price_per_kwh=0.1))
    order = np.lexsort((blocks.to_mode, blocks.group))
    assert blocks.group[order].tolist() == [0, 0, 0, 1]
    assert blocks.from_mode[order].tolist() == [OFF, 0, 1, OFF]
    assert blocks.to_mode[order].tolist() == [0, 1, 2, 3]
    assert blocks.extra_ths[order].tolist() == [106, 58, 16, 600]
    assert blocks.extra_kwh_per_day[order] == pytest.approx(
        [2 * 24 * 0.830, 2 * 24 * 0.551, 2 * 24 * 0.293, 3 * 84]
    )
    assert blocks.extra_cash_per_day == pytest.approx(blocks.extra_kwh_per_day * 0.1)
    assert (blocks.keep == 1).all()


def test_published_marginal_cut_offs() -> None:
    norway = NetworkNow(956_000, 1_020e18 * 600 / 2**32, 3.14, 0.0)
    _, _, blocks, found = steps(one_site(group(7, "Three"), price_per_kwh=0.5), norway)
    by_mode = found.price_per_kwh[np.argsort(blocks.to_mode)] * 100
    assert by_mode == pytest.approx([112.76, 92.94, 48.21], abs=0.01)


@pytest.mark.parametrize("price", [-0.05, 0.0, 0.05, 2.0])
def test_the_steps_do_not_depend_on_the_price_of_power(price: float) -> None:
    _, _, blocks, found = steps(one_site(group(1, "Three"), price_per_kwh=price))
    assert blocks.to_mode.tolist() == [0, 1, 2]
    ths_per_kw = np.array([53 / 0.830, 29 / 0.551, 8 / 0.293])
    revenue_per_ths = hashprice_per_ph_day(JANUARY) / 1000
    assert found.price_per_kwh == pytest.approx(revenue_per_ths * ths_per_kw / 24)


def test_a_mode_above_the_hull_makes_no_block() -> None:
    wasteful = RigModel(
        "S21",
        (
            PowerMode("eco", 100.0, 1_500.0),
            PowerMode("wasteful", 150.0, 3_500.0),
            PowerMode("dominated", 90.0, 1_600.0),
            PowerMode("normal", 200.0, 3_500.0),
        ),
    )
    _, _, blocks, _ = steps(one_site(group(), models=(wasteful,)))
    assert blocks.to_mode.tolist() == [0, 3]


def test_of_equal_slopes_the_larger_step_is_one_block() -> None:
    line = RigModel("S21", tuple(PowerMode(str(n), 50.0 * n, 1_000.0 * n) for n in (1, 3, 2)))
    _, _, blocks, _ = steps(one_site(group(), models=(line,)))
    assert (blocks.from_mode.tolist(), blocks.to_mode.tolist()) == ([OFF], [1])


def hull(points: list[tuple[float, float]]) -> list[int]:
    """Indices of the points right for some slope, by trying every pair of neighbours."""
    here = (0.0, 0.0)
    path: list[int] = []
    while True:
        ahead = [
            ((kwh - here[1]) / (ths - here[0]), -ths, i)
            for i, (ths, kwh) in enumerate(points)
            if ths > here[0]
        ]
        if not ahead:
            return path
        i = min(ahead)[2]
        path.append(i)
        here = points[i]


def on_hull(points: list[tuple[float, float]], i: int) -> bool:
    """Whether a point is strictly below every chord that spans it, and no other dominates it."""
    x, y = points[i]
    others = [(0.0, 0.0), *(p for j, p in enumerate(points) if j != i)]
    if any(a >= x and b <= y for a, b in others):
        return False
    return all(
        y < b0 + (b1 - b0) * (x - a0) / (a1 - a0)
        for a0, b0 in others
        for a1, b1 in others
        if a0 < x < a1
    )


@settings(max_examples=150)
@given(st.lists(st.tuples(st.integers(1, 300), st.integers(50, 6_000)), min_size=1, max_size=6))
def test_blocks_are_the_lower_hull(modes: list[tuple[int, int]]) -> None:
    model = RigModel("S21", tuple(PowerMode(str(i), *mode) for i, mode in enumerate(modes)))
    _, _, blocks, _ = steps(one_site(group(), models=(model,)))
    points = [(float(ths), float(watts)) for ths, watts in modes]
    found = blocks.to_mode.tolist()
    strictly = {i for i in range(len(points)) if on_hull(points, i)}
    # A mode on the very line between two others may be a stop or not: the last bit decides.
    assert [i for i in found if i in strictly] == [i for i in hull(points) if i in strictly]
    assert points[found[-1]][0] == points[hull(points)[-1]][0]
    # Beyond the mode that hashes most nothing is gained, and what is strictly below must be found.
    most = max(ths for ths, _ in points)
    assert {i for i in strictly if points[i][0] <= most} <= set(found)
    slopes = blocks.extra_kwh_per_day / blocks.extra_ths
    assert (np.diff(slopes) > -1e-12).all()


@settings(max_examples=100)
@given(books(), networks)
def test_at_the_ladders_numbers_a_step_is_worth_nothing(book: Book, network: NetworkNow) -> None:
    _, economics, blocks, found = steps(book, network)
    here = economics.btc_per_day
    extra_btc = here[blocks.to_mode] - np.where(blocks.from_mode == OFF, 0, here[blocks.from_mode])
    for b in range(len(blocks.group)):
        keep, cash, kwh = (
            blocks.keep[b],
            blocks.extra_cash_per_day[b],
            blocks.extra_kwh_per_day[b],
        )

        def revenue(price: float, factor: float, b: int = b) -> float:
            return float(extra_btc[b] * price * factor)

        at = found.price_per_btc[b]
        assert revenue(at, keep) == pytest.approx(cash, abs=1e-9)
        hashprice_to_price = network.price_per_btc / economics.hashprice_per_ph_day
        assert found.hashprice_per_ph_day[b] * hashprice_to_price == pytest.approx(at)
        assert found.cost_per_btc[b] == pytest.approx(at * keep)
        if cash > 0:
            factor = keep * network.difficulty / found.difficulty[b]
            assert revenue(network.price_per_btc, factor) == pytest.approx(cash, abs=1e-9)
        else:
            assert np.isnan(found.difficulty[b])
        if kwh > 0:
            assert revenue(network.price_per_btc, keep) == pytest.approx(
                found.price_per_kwh[b] * kwh
            )
        else:
            assert np.isnan(found.price_per_kwh[b])


def best_modes(book: Book, network: NetworkNow, *, price: float) -> list[int]:
    fleet = build_fleet(book, USD)
    found = decide(fleet, evaluate(prepare(fleet), network._replace(price_per_btc=price)), 0.0)
    return [int(each) for each in found.best_mode]


@settings(max_examples=150)
@given(books(prices=st.floats(0.001, 0.3)), networks, st.floats(1_000, 1_000_000), st.booleans())
def test_what_decide_runs_is_what_stands_left_of_the_price(
    book: Book, network: NetworkNow, price: float, all_on: bool
) -> None:
    book = replace(
        book,
        groups=tuple(
            replace(rig, state_now=None if all_on else StateNow(())) for rig in book.groups
        ),
    )
    fleet, _, blocks, found = steps(book, network)
    near = np.abs(found.price_per_btc / price - 1) < 1e-9
    assume(not near.any())
    runs = np.full(fleet.groups, OFF)
    for b in np.flatnonzero(found.price_per_btc <= price):
        assert runs[blocks.group[b]] == blocks.from_mode[b]  # no step is skipped
        runs[blocks.group[b]] = blocks.to_mode[b]
    decided = best_modes(book, network, price=price)
    for g in range(fleet.groups):
        if runs[g] == OFF or decided[g] == OFF:
            assert runs[g] == decided[g]
        else:  # modes that are equal in both figures are the same mode
            assert fleet.ths[runs[g]] == fleet.ths[decided[g]]
            assert fleet.power_w[runs[g]] == fleet.power_w[decided[g]]


@pytest.mark.parametrize("price", [-0.05, -0.001])
def test_who_is_paid_to_consume_climbs_to_the_top(price: float) -> None:
    book = one_site(group(3, "Three"), price_per_kwh=price)
    fleet, _, blocks, found = steps(book)
    assert (found.price_per_btc < 0).all()
    assert np.isnan(found.difficulty).all()
    assert np.isfinite(found.price_per_kwh).all()
    assert best_modes(book, JANUARY, price=1.0) == [blocks.to_mode.max()] == [fleet.modes - 1]


@settings(max_examples=60)
@given(books(), networks)
def test_merit_order_is_sorted_and_adds_up(book: Book, network: NetworkNow) -> None:
    fleet, _, blocks, found = steps(book, network)
    assert sorted(found.order.tolist()) == list(range(len(blocks.group)))
    assert (np.diff(found.cost_per_btc[found.order]) >= 0).all()
    assert (np.diff(found.cumulative_phs) > 0).all()
    top = np.maximum.reduceat(fleet.ths, fleet.first[:-1]) * fleet.count
    assert found.cumulative_phs[-1] == pytest.approx(top.sum() / 1000)


def test_the_required_margin_raises_the_price_not_the_cost() -> None:
    site = Site("here", "Here", "power", required_margin=0.2)
    _, _, _, plain = steps(one_site(group()))
    _, _, _, strict = steps(one_site(group(), site=site))
    assert strict.cost_per_btc == pytest.approx(plain.cost_per_btc)
    assert strict.price_per_btc == pytest.approx(plain.price_per_btc / 0.8)
    assert strict.difficulty == pytest.approx(plain.difficulty * 0.8)
    assert strict.price_per_kwh == pytest.approx(plain.price_per_kwh * 0.8)


def test_an_unknown_price_of_power_stands_last_and_spoils_nothing() -> None:
    book = Book(
        sites=(Site("here", "Here", "nok"), Site("there", "There", "usd")),
        tariffs=(Tariff("nok", "nok", 0.5, currency="NOK"), Tariff("usd", "usd", 0.05)),
        models=one_site().models,
        groups=(group(1, "Three"), replace(group(key="b"), site="there")),
    )
    fleet, _, blocks, found = steps(book)
    assert len(blocks.group) == 4
    assert blocks.group[found.order].tolist() == [1, 0, 0, 0]
    unknown = blocks.group == 0
    assert np.isnan(found.price_per_btc[unknown]).all()
    assert np.isnan(found.difficulty[unknown]).all()
    assert np.isfinite(found.price_per_kwh).all()
    assert found.cumulative_phs[-1] * 1000 == pytest.approx(fleet.ths[[2, 3]].sum())


def test_a_mode_below_idle_power_always_pays() -> None:
    odd = RigModel("S21", (PowerMode("low", 10.0, 50.0),), idle_w=80.0)
    _, _, blocks, found = steps(one_site(group(), models=(odd,)))
    assert blocks.extra_kwh_per_day[0] < 0
    assert found.price_per_btc[0] < 0
    assert np.isnan(found.price_per_kwh[0])
    assert np.isnan(found.difficulty[0])


def test_an_empty_fleet_has_no_blocks() -> None:
    _, _, blocks, found = steps(one_site())
    assert len(blocks.group) == len(found.order) == len(found.cumulative_phs) == 0
