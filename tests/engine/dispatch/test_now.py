from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from minerdesk.domain.book import Book
from minerdesk.domain.rigs import PowerMode, RigGroup, RigModel
from minerdesk.domain.sites import Site
from minerdesk.domain.tariff import Tariff
from minerdesk.domain.verdicts import Reason, Verdict
from minerdesk.engine.dispatch import OFF, Decisions, Tolerance
from minerdesk.engine.fleet import FleetArrays
from minerdesk.engine.network import NetworkNow
from minerdesk.engine.tariff import simple_price_per_kwh
from tests.engine.books import JANUARY, books, decided, group, networks, one_site

# On JANUARY an S21 earns nothing at 0.0955 a kWh.
CHEAP, DEAR = 0.05, 0.15


def verdict_of(
    *groups: RigGroup,
    price: float = CHEAP,
    tolerance: float = 0.01,
    margin: float = 0.0,
    models: tuple[RigModel, ...] | None = None,
) -> tuple[Verdict, Reason, tuple[float, float, float]]:
    """Return the first group's verdict, reason, and rigs to power down, start and change."""
    book = one_site(
        *groups, price_per_kwh=price, site=Site("here", "Here", "power", required_margin=margin)
    )
    if models:
        book = replace(book, models=models)
    _, _, found = decided(book, tolerance=tolerance)
    moves = (found.power_down[0], found.start[0], found.change_mode[0])
    return Verdict(found.verdict[0]), Reason(found.reason[0]), moves


def test_what_earns_runs() -> None:
    assert verdict_of(group(5)) == (Verdict.RUN, Reason.EARNS, (0, 0, 0))


def test_what_loses_is_powered_down() -> None:
    assert verdict_of(group(5), price=DEAR) == (
        Verdict.POWER_DOWN,
        Reason.LOSES_IN_EVERY_MODE,
        (5, 0, 0),
    )


def test_what_is_off_and_loses_stays_off() -> None:
    assert verdict_of(group(5, running={}), price=DEAR) == (
        Verdict.STAY_OFF,
        Reason.LOSES_IN_EVERY_MODE,
        (0, 0, 0),
    )


def test_what_is_off_and_earns_starts() -> None:
    assert verdict_of(group(5, running={"normal": 2})) == (
        Verdict.START,
        Reason.EARNS,
        (0, 3, 0),
    )


def test_only_what_still_runs_is_powered_down() -> None:
    assert verdict_of(group(5, running={"normal": 2}), price=DEAR)[2] == (2, 0, 0)


# 1,020 EH/s, 3.14 BTC a block, 956,000 NOK: published modes of a home miner.
NORWAY = NetworkNow(956_000, 1_020e18 * 600 / 2**32, 3.14, 0.0)


@pytest.mark.parametrize(
    ("ore_per_kwh", "mode"),
    [
        (48.20, 2),
        (48.22, 1),
        (92.93, 1),
        (92.95, 0),
        (104.85, 0),  # at this price the standard mode would still earn by its average
        (112.75, 0),
        (112.77, OFF),
    ],
)
def test_marginal_cut_offs_between_modes(ore_per_kwh: float, mode: int) -> None:
    book = one_site(group(3, "Three"), price_per_kwh=ore_per_kwh / 100)
    _, economics, found = decided(book, NORWAY)
    assert found.best_mode.tolist() == [mode]
    averages = economics.break_even_price_per_kwh * 100
    assert averages == pytest.approx([112.76, 104.85, 94.93], abs=0.01)


def test_what_loses_in_normal_and_earns_in_eco_changes_its_mode() -> None:
    modes = (PowerMode("normal", 200.0, 3_500.0), PowerMode("eco", 160.0, 2_200.0))
    model = RigModel("S21", modes)
    assert verdict_of(group(5), price=0.11, models=(model,)) == (
        Verdict.CHANGE_MODE,
        Reason.OTHER_MODE_EARNS_MORE,
        (0, 0, 5),
    )
    # The lowest cost of a coin is not what is sought: at a low price normal earns more.
    assert verdict_of(group(5), price=0.01, models=(model,))[0] is Verdict.RUN
    split = group(6, running={"eco": 1, "normal": 2})
    assert verdict_of(split, price=0.11, models=(model,)) == (
        Verdict.START,
        Reason.EARNS,
        (0, 3, 2),
    )
    mostly_normal = group(6, running={"eco": 1, "normal": 4})
    assert verdict_of(mostly_normal, price=0.11, models=(model,))[0] is Verdict.CHANGE_MODE


def test_idle_power_is_not_saved_by_powering_down() -> None:
    # 3,500 W of which 500 W stay: at 0.10 what is avoided costs less than what is earned.
    idle = replace(group(), idle_w=500.0)
    assert verdict_of(group(), price=0.10)[0] is Verdict.POWER_DOWN
    assert verdict_of(idle, price=0.10)[0] is Verdict.RUN


def test_a_required_margin_powers_down_what_earns_too_little() -> None:
    assert verdict_of(group(), price=0.09)[0] is Verdict.RUN
    assert verdict_of(group(), price=0.09, margin=0.1) == (
        Verdict.POWER_DOWN,
        Reason.BELOW_REQUIRED_MARGIN,
        (1, 0, 0),
    )


def test_the_margin_gained_is_told_apart_from_the_gain() -> None:
    site = Site("here", "Here", "power", required_margin=0.1)
    _, economics, found = decided(one_site(group(), price_per_kwh=0.09, site=site))
    margin = economics.margin_per_day[0]
    assert margin > 0
    assert found.margin_gain_per_day[0] == pytest.approx(-margin)
    assert found.gain_per_day[0] == pytest.approx(0.1 * economics.revenue_per_day[0] - margin)


def test_a_negative_margin_is_a_chosen_loss() -> None:
    assert verdict_of(group(), price=0.10, margin=-0.1) == (
        Verdict.RUN,
        Reason.CHOSEN_LOSS,
        (0, 0, 0),
    )
    assert verdict_of(group(), price=0.12, margin=-0.1)[0] is Verdict.POWER_DOWN


def test_who_is_paid_to_consume_runs() -> None:
    assert verdict_of(group(running={}), price=-0.01) == (
        Verdict.START,
        Reason.PAID_TO_CONSUME,
        (0, 1, 0),
    )


def test_an_unknown_price_of_power_moves_nothing() -> None:
    tariff = Tariff("power", "Power", DEAR, currency="NOK")
    three = (group(2, key="a"), group(2, key="b", running={}), group(2, "Three", key="c"))
    part = group(4, "Three", key="d", running={"super": 1})
    _, _, found = decided(one_site(*three, part, tariff=tariff), tolerance=0.01)
    for moved in (found.power_down, found.start, found.change_mode):
        assert moved.tolist() == [0, 0, 0, 0]
    assert found.verdict.tolist() == [Verdict.RUN, Verdict.STAY_OFF, Verdict.RUN, Verdict.RUN]
    assert found.best_mode.tolist() == [0, OFF, 2, 7]
    assert (found.reason == Reason.UNKNOWN_COST).all()
    assert not found.advised.any()
    assert np.isnan(found.gain_per_day).all()
    assert np.isnan(found.value_per_day).all()


# --- too close to call -------------------------------------------------------------------------


def test_the_tolerance_by_hand() -> None:
    found = Tolerance().fraction(fee_share=0.2, price_age_days=4.0, spread=0.03)
    assert found == pytest.approx(math.sqrt(0.02**2 + 0.05**2 + 0.005**2 + 0.03**2))
    assert Tolerance().fraction(fee_share=0, price_age_days=0) == pytest.approx(0.005)
    assert Tolerance().fraction(fee_share=0, price_age_days=-1) == pytest.approx(0.005)
    own = Tolerance(fee_share_error=0.5, price_drift_per_sqrt_day=0.0, floor=0.0)
    assert own.fraction(fee_share=0.02, price_age_days=9) == pytest.approx(0.01)


@given(st.floats(0, 1), st.floats(0, 400), st.floats(0, 0.2))
def test_more_doubt_never_makes_the_tolerance_smaller(
    share: float, age: float, spread: float
) -> None:
    base = Tolerance().fraction(fee_share=share, price_age_days=age, spread=spread)
    for more in (
        Tolerance().fraction(fee_share=share + 0.1, price_age_days=age, spread=spread),
        Tolerance().fraction(fee_share=share, price_age_days=age + 1, spread=spread),
        Tolerance().fraction(fee_share=share, price_age_days=age, spread=spread + 0.1),
    ):
        assert more > base


@pytest.mark.parametrize(
    ("off_by", "running", "verdict"),
    [
        (0.0101, None, Verdict.RUN),
        (0.0099, None, Verdict.TOO_CLOSE),
        (-0.0099, None, Verdict.TOO_CLOSE),
        (-0.0101, None, Verdict.POWER_DOWN),
        (0.0101, {}, Verdict.START),
        (0.0099, {}, Verdict.TOO_CLOSE),
        (-0.0099, {}, Verdict.TOO_CLOSE),
        (-0.0101, {}, Verdict.STAY_OFF),
        (0.0101, {"normal": 1}, Verdict.START),
        (0.0099, {"normal": 1}, Verdict.TOO_CLOSE),
        (-0.0099, {"normal": 1}, Verdict.TOO_CLOSE),
        (-0.0101, {"normal": 1}, Verdict.POWER_DOWN),
    ],
)
def test_too_close_is_less_than_the_tolerance_times_revenue(
    off_by: float, running: dict[str, int] | None, verdict: Verdict
) -> None:
    _, economics, _ = decided(one_site(group(4)))
    # Power that leaves exactly this part of revenue.
    price = float(economics.break_even_price_per_kwh[0]) * (1 - off_by)
    book = one_site(group(4, running=running), price_per_kwh=price)
    _, economics, found = decided(book, tolerance=0.01)
    assert found.verdict.tolist() == [verdict]
    assert found.advised.tolist() == [verdict is not Verdict.TOO_CLOSE]
    assert (Reason(found.reason[0]) is Reason.WITHIN_ERROR) == (verdict is Verdict.TOO_CLOSE)


def test_a_mark_does_not_change_the_exact_plan() -> None:
    book = one_site(group(4), price_per_kwh=0.096)
    exact, marked = decided(book)[2], decided(book, tolerance=0.05)[2]
    assert exact.verdict.tolist() == [Verdict.POWER_DOWN]
    assert marked.verdict.tolist() == [Verdict.TOO_CLOSE]
    for name in ("best_mode", "power_down", "start", "change_mode", "gain_per_day"):
        assert getattr(exact, name).tolist() == getattr(marked, name).tolist()


@settings(max_examples=60)
@given(books(), networks, st.floats(0.001, 0.2))
def test_marks_are_set_by_the_definition(book: Book, network: NetworkNow, tolerance: float) -> None:
    fleet, economics, found = decided(book, network, tolerance)
    moved = found.power_down + found.start + found.change_mode
    assert (found.advised == (found.verdict != Verdict.TOO_CLOSE)).all()
    assert ((found.reason == Reason.WITHIN_ERROR) == ~found.advised).all()
    for g in range(fleet.groups):
        if not moved[g]:
            continue
        # All that moves goes to one state, from the states that are worth less.
        modes = slice(fleet.first[g], fleet.first[g + 1])
        each = economics.revenue_per_day[modes] / fleet.count[g]
        if found.power_down[g]:
            revenue = float(fleet.running[modes] @ each)
        else:
            revenue = float(moved[g] * economics.revenue_per_day[found.best_mode[g]])
            revenue /= fleet.count[g]
        assert found.doubt_per_day[g] == pytest.approx(tolerance * revenue)
        assert found.advised[g] == (found.gain_per_day[g] >= found.doubt_per_day[g])


# --- optimal ------------------------------------------------------------------------------------


def value_by_hand(book: Book, index: int, mode: int, network: NetworkNow) -> float:
    """What one rig of a group is worth in a mode per day, by the definitions in plain numbers."""
    rig = book.groups[index]
    model = next(each for each in book.models if each.name == rig.model)
    site = next(each for each in book.sites if each.id == rig.site)
    tariff = next(each for each in book.tariffs if each.id == site.tariff)
    power = model.modes[mode]
    on_fees = rig.pool_fee if rig.pool_fee_on_fees is None else rig.pool_fee_on_fees
    coins = (
        power.hashrate_ths
        * 1e12
        * (1 - rig.reject_rate)
        * (1 - rig.firmware_fee)
        * rig.uptime
        * 86_400
        / (network.difficulty * 2**32)
        * (network.subsidy_btc * (1 - rig.pool_fee) + network.fees_btc * (1 - on_fees))
    )
    idle = model.idle_w if rig.idle_w is None else rig.idle_w
    on_w = rig.uptime * power.power_w + (1 - rig.uptime) * idle
    cost = simple_price_per_kwh(tariff) * site.pue * 24 * (on_w - idle) / 1000
    return coins * network.price_per_btc * (1 - site.required_margin) - cost


@settings(max_examples=150)
@given(books(), networks)
def test_the_optimum_is_the_best_of_all_modes_and_off(book: Book, network: NetworkNow) -> None:
    fleet, _, found = decided(book, network)
    for g, rig in enumerate(book.groups):
        modes = range(fleet.first[g], fleet.first[g + 1])
        each = [value_by_hand(book, g, m, network) for m in range(len(modes))]
        scale = max(1.0, *(abs(value) for value in each)) * rig.count
        best = max(0.0, *each)
        now = sum(fleet.running[m] * v for m, v in zip(modes, each, strict=True))
        assert found.value_per_day[g] == pytest.approx(rig.count * best, abs=1e-9 * scale)
        assert found.gain_per_day[g] == pytest.approx(rig.count * best - now, abs=1e-9 * scale)
        chosen = found.best_mode[g]
        worth = 0.0 if chosen == OFF else each[chosen - fleet.first[g]]
        assert worth == pytest.approx(best, abs=1e-9 * scale)
        check_moves(fleet, found, g, each, 1e-9 * scale)


def check_moves(
    fleet: FleetArrays, found: Decisions, g: int, each: list[float], slack: float
) -> None:
    """Rigs that are behind move to the best state, the others stay; `slack` is rounding."""
    running = fleet.running[fleet.first[g] : fleet.first[g + 1]]
    best = max(0.0, *each)
    behind = sum(n for n, value in zip(running, each, strict=True) if value < best - slack)
    level = sum(n for n, value in zip(running, each, strict=True) if abs(value - best) <= slack)
    down, start, change = found.power_down[g], found.start[g], found.change_mode[g]
    if found.best_mode[g] == OFF:
        assert (start, change) == (0, 0)
        assert behind <= down <= behind + level
    else:
        assert down == 0
        assert behind <= change <= behind + level
        assert start == fleet.off[g] or best <= slack
    assert (found.verdict[g] in {Verdict.RUN, Verdict.STAY_OFF}) == (down + start + change == 0)


@settings(max_examples=60)
@given(books(), networks)
def test_done_advice_leaves_nothing_to_do(book: Book, network: NetworkNow) -> None:
    fleet, _, found = decided(book, network)
    groups = []
    for g, rig in enumerate(book.groups):
        model = next(each for each in book.models if each.name == rig.model)
        best = found.best_mode[g]
        running = {} if best == OFF else {model.modes[best - fleet.first[g]].name: rig.count}
        groups.append(replace(rig, state_now=group(rig.count, running=running).state_now))
    _, _, then = decided(replace(book, groups=tuple(groups)), network)
    assert (then.gain_per_day == 0).all()
    assert then.best_mode.tolist() == found.best_mode.tolist()
    assert set(then.verdict.tolist()) <= {Verdict.RUN, Verdict.STAY_OFF}


@settings(max_examples=60)
@given(books(), networks)
def test_the_reference_mode_is_the_one_most_rigs_run_in(book: Book, network: NetworkNow) -> None:
    fleet, economics, found = decided(book, network)
    for g in range(fleet.groups):
        modes = slice(fleet.first[g], fleet.first[g + 1])
        chosen = int(found.reference_mode[g] - fleet.first[g])
        assert 0 <= chosen < modes.stop - modes.start
        running = fleet.running[modes]
        if running.any():
            assert running[chosen] == running.max()
        else:
            margin = fleet.required_margin[g]
            value = economics.revenue_per_day[modes] * (1 - margin)
            value = value - economics.prepared.cash_cost_per_day[modes]
            assert value[chosen] == value.max()


# --- ties ---------------------------------------------------------------------------------------

TWINS = RigModel("S21", (PowerMode("one", 200.0, 3_500.0), PowerMode("two", 200.0, 3_500.0)))


@pytest.mark.parametrize("running", [{"one": 4}, {"two": 4}, {"one": 1, "two": 3}])
def test_equal_modes_move_nothing(running: dict[str, int]) -> None:
    found = verdict_of(group(4, running=running), models=(TWINS,), tolerance=0.0)
    assert found == (Verdict.RUN, Reason.EARNS, (0, 0, 0))


def worth_nothing() -> NetworkNow:
    """A network on which a rig earns exactly what its power costs, to the last bit.

    All factors are powers of two: 2^20 x 1e12 x 86400 / 2^32 x ... is avoided by a difficulty that
    makes one TH/s earn exactly one BTC a day.
    """
    return NetworkNow(1.0, 1e12 * 86_400 / 2**32, 1.0, 0.0)


EXACT = RigModel("S21", (PowerMode("normal", 24.0, 1_000.0), PowerMode("worse", 24.0, 2_000.0)))


@pytest.mark.parametrize(
    ("running", "verdict", "moves"),
    [
        ({"normal": 4}, Verdict.RUN, (0, 0, 0)),
        ({"normal": 1}, Verdict.RUN, (0, 0, 0)),
        ({}, Verdict.STAY_OFF, (0, 0, 0)),
        ({"worse": 4}, Verdict.POWER_DOWN, (4, 0, 0)),
        ({"normal": 1, "worse": 2}, Verdict.CHANGE_MODE, (0, 0, 2)),
    ],
)
def test_at_exactly_0_what_is_stays(
    running: dict[str, int], verdict: Verdict, moves: tuple[int, int, int]
) -> None:
    book = one_site(group(4, running=running), price_per_kwh=1.0, models=(EXACT,))
    _, economics, found = decided(book, worth_nothing())
    assert economics.margin_per_day[0] == 0
    assert found.verdict.tolist() == [verdict]
    assert (found.power_down[0], found.start[0], found.change_mode[0]) == moves
    assert found.value_per_day.tolist() == [0]


@settings(max_examples=60)
@given(books(), networks, st.data())
def test_a_group_decides_like_its_halves(
    book: Book, network: NetworkNow, data: st.DataObject
) -> None:
    whole = book.groups[0]
    assume(whole.count > 1)
    part = data.draw(st.integers(1, whole.count - 1))
    whole = replace(whole, state_now=None)
    halves = (replace(whole, id="x", count=part), replace(whole, id="y", count=whole.count - part))
    _, _, one = decided(replace(book, groups=(whole, *book.groups[1:])), network, 0.01)
    _, _, two = decided(replace(book, groups=(*halves, *book.groups[1:])), network, 0.01)
    for name in (
        "power_down",
        "start",
        "change_mode",
        "gain_per_day",
        "margin_gain_per_day",
        "doubt_per_day",
        "value_per_day",
    ):
        parts, total = getattr(two, name), getattr(one, name)
        assert parts[0] + parts[1] == pytest.approx(total[0], abs=1e-7), name
        assert parts[2:] == pytest.approx(total[1:], abs=1e-7), name


def test_an_empty_fleet() -> None:
    _, _, found = decided(one_site())
    assert len(found.verdict) == len(found.best_mode) == len(found.gain_per_day) == 0


def test_one_mode_each_and_several_agree() -> None:
    """The short way for fleets of one mode gives what the long way gives."""
    groups = tuple(group(3, key=str(i), running={"normal": i}) for i in range(4))
    alone = decided(one_site(*groups, price_per_kwh=0.08), tolerance=0.01)
    beside = one_site(*groups, group(key="more", model="Three"), price_per_kwh=0.08)
    together = decided(beside, tolerance=0.01)
    for name in Decisions.__slots__:
        assert getattr(alone[2], name).tolist() == getattr(together[2], name)[:4].tolist(), name


def test_january_break_even() -> None:
    _, economics, _ = decided(one_site(group()), JANUARY)
    assert float(economics.break_even_price_per_kwh[0]) == pytest.approx(0.0955, abs=5e-5)
