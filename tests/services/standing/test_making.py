from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType

import numpy as np
import pytest

from minerdesk.domain.cancel import CancelToken
from minerdesk.domain.readings import Quantity, Reading, RetargetProjection
from minerdesk.engine.mine_or_buy import Holding
from minerdesk.services.evaluation import Evaluation
from minerdesk.services.history_view import HistorySlice, Series
from minerdesk.services.standing.door import StandingDoor
from minerdesk.services.standing.making import Beside, make_standing
from minerdesk.services.standing.view import StandingChoice, StandingView
from tests.support.evaluations import NOW, book, evaluate, example_network, group, network
from tests.support.standings import BOOK, MODELS, daily, indicators, standing

DAY_S = 86_400.0


def test_the_network_s_cost_of_today_s_numbers() -> None:
    found = standing().costs
    assert found is not None
    assert found.names == ("Thrifty", "Middling", "Greedy")
    assert not found.by_means
    assert found.as_of == NOW.date()
    # 40 USD a PH/s and day is 0.0004 BTC; 15 J/TH draw 360 kWh, with PUE 396.
    assert found.curve.cost_per_btc[0] == pytest.approx(396 * 0.05 / 0.0004)
    assert found.curve.upto == pytest.approx([1 / 3, 2 / 3, 1])


def test_the_fleet_on_that_curve() -> None:
    view = standing()
    # 100 TH/s with 3,000 W are 30 J/TH: 720 kWh a PH/s and day at 0.04.
    assert view.fleet.cash[0] == pytest.approx(720 * 0.04 / 0.0004)
    assert view.fleet.dearer == pytest.approx([2 / 3, 0, 0, 1 / 3])
    assert view.fleet.runs
    assert view.evaluation.totals is not None
    assert view.fleet.fleet_cash == view.evaluation.totals.cost_per_btc


def test_where_nothing_runs_the_cost_is_what_it_would_be() -> None:
    view = standing(evaluate(book(group("a", "cheap", 3, running=()))))
    assert not view.fleet.runs
    assert view.fleet.fleet_cash == pytest.approx(72_000)
    assert np.isnan(view.fleet.fleet_all_in)


def test_history_gives_the_method_s_means() -> None:
    beside = Beside(MODELS, indicators(daily()))
    costs = standing(beside=beside).costs
    assert costs is not None
    assert costs.by_means
    assert costs.as_of == NOW.date() - timedelta(days=1)
    # 452 BTC a day on 1e9 TH/s; 15 J/TH with PUE 1.1 at 0.05.
    coins = 452 / (1e9 * 86_400)
    assert costs.curve.cost_per_btc[0] == pytest.approx(15 * 1.1 * 0.05 / 3.6e6 / coins)


def test_old_history_is_not_of_this_time() -> None:
    old = indicators(daily(until=NOW - timedelta(days=10)))
    costs = standing(beside=Beside(MODELS, old)).costs
    assert costs is not None
    assert not costs.by_means


def test_the_example_stands_on_its_own_numbers_alone() -> None:
    example = evaluate(BOOK, example_network())
    view = standing(example, Beside(MODELS, indicators(daily())))
    assert view.costs is not None
    assert not view.costs.by_means
    assert not len(view.path.time_s)
    assert view.change is None


def test_another_currency_is_converted() -> None:
    euro = replace(BOOK, currency="EUR")
    rate = Reading(Quantity.EXCHANGE_RATE, 0.8, "ECB", NOW, currency="EUR")
    view = standing(evaluate(euro, replace(network(), rates=(rate,))))
    plain = standing()
    assert view.costs is not None
    assert plain.costs is not None
    assert view.costs.price_per_kwh == pytest.approx(0.04)
    assert view.costs.curve.cost_per_btc == pytest.approx(0.8 * plain.costs.curve.cost_per_btc)
    assert view.costs.names == plain.costs.names


def test_without_an_exchange_rate_there_is_no_curve() -> None:
    euro = replace(BOOK, currency="EUR")
    state = network()
    assert state.price.reading is not None
    typed = replace(state.price, reading=replace(state.price.reading, currency="EUR"))
    found = evaluate(euro, replace(state, currency="EUR", price=typed))
    view = standing(found)
    assert view.costs is None
    assert "exchange rate of EUR" in view.why_no_costs
    assert np.isnan(view.fleet.fleet_dearer)


def test_a_price_of_power_at_which_nobody_earns() -> None:
    view = standing(beside=Beside(MODELS, price_per_kwh_usd=0.2))
    assert view.costs is None
    assert "0.2 USD/kWh" in view.why_no_costs


def test_the_border_before_and_after_the_retarget() -> None:
    projection = RetargetProjection(
        -25.0, 1.0, NOW + timedelta(days=3), 933_408, 473, "own formula", NOW
    )
    view = standing(evaluate(BOOK, replace(network(), retarget=projection)))
    squeeze = view.squeeze
    assert squeeze.after == pytest.approx(40 / 0.75)
    assert squeeze.j_per_th[:2] == pytest.approx([30, 30])
    # 30 J/TH are even at 0.0556, and at 0.0741 after it.
    assert squeeze.earns.tolist() == [True, False, False, True]
    assert squeeze.earns_after.tolist() == [True, False, False, True]


@pytest.mark.parametrize(("change_pct", "rigs"), [(-50.0, 30), (-1.0, 0), (60.0, -105)])
def test_how_many_rigs_earn_after_the_retarget(change_pct: float, rigs: int) -> None:
    projection = RetargetProjection(
        change_pct, 1.0, NOW + timedelta(days=3), 933_408, 473, "own formula", NOW
    )
    view = standing(evaluate(BOOK, replace(network(), retarget=projection)))
    assert view.rigs_after == rigs
    straight = replace(view.choice, best_states=False)
    assert standing(view.evaluation, choice=straight).rigs_after == rigs
    assert standing().rigs_after is None


def test_the_halving_is_known_from_the_height() -> None:
    view = standing()
    left = 1_050_000 - 932_935
    assert view.holding.halving_in_days == pytest.approx(left / 144)
    assert view.holding.reward_after == pytest.approx(0.5)
    assert view.choice.holding == Holding()


def test_the_map_over_price_and_difficulty() -> None:
    view = standing()
    here = view.price_per_btc, view.difficulty
    assert view.evaluation.figures is not None
    best = view.evaluation.figures.decisions.value_per_day.sum()
    assert view.margin_at(*here) == pytest.approx(best)
    assert view.rigs_at(*here) == 105
    twice = view.grid(np.array([here[0], 2 * here[0]]), np.array([here[1], 2 * here[1]]))
    assert twice.margin_per_day.shape == (2, 2)
    assert twice.margin_per_day[1, 1] == pytest.approx(twice.margin_per_day[0, 0])
    assert twice.rigs[0, 1] == 135
    zero = view.zero_price(view.difficulty)
    assert zero is not None
    # The eco mode of the dual ones: 25 J/TH at 0.0555 cost 83,250; the good ones 72,000.
    assert zero == pytest.approx(72_000)


def test_as_it_runs_loses_what_it_loses() -> None:
    view = standing(choice=StandingChoice(best_states=False))
    assert view.evaluation.totals is not None
    assert view.margin_at(view.price_per_btc, view.difficulty) == pytest.approx(
        view.evaluation.totals.margin_per_day
    )


def test_the_way_of_ninety_days() -> None:
    way = standing(beside=Beside(MODELS, indicators(daily()))).path
    assert len(way.time_s) == 90
    assert way.price_per_btc[-1] == 100_000
    assert set(way.difficulty) == {140e12}
    assert way.time_s[-1] <= NOW.timestamp()


def test_the_way_from_what_was_polled() -> None:
    hours = NOW.timestamp() - DAY_S * np.arange(3, -1, -0.5)
    history = HistorySlice(
        MappingProxyType(
            {
                "price": Series(hours, 90_000 + np.arange(8.0), currency="USD"),
                "difficulty": Series(hours[3:4], np.array([1.5e14])),
            }
        )
    )
    way = standing(beside=Beside(MODELS, None, history)).path
    # One point a day, none before a difficulty is known and none of tomorrow.
    assert way.price_per_btc.tolist() == [90_004, 90_006]
    assert set(way.difficulty) == {1.5e14}
    alone = HistorySlice(MappingProxyType({"price": history.series["price"]}))
    assert not len(standing(beside=Beside(MODELS, None, alone)).path.time_s)


def test_no_rigs_no_view() -> None:
    assert make_standing(evaluate(book()), Beside(MODELS), StandingChoice()) is None


def test_a_view_needs_figures() -> None:
    view = standing()
    bare = replace(view, evaluation=replace(view.evaluation, figures=None))
    with pytest.raises(ValueError, match="figures"):
        _ = bare.figures


class TestDoor:
    def test_it_makes_views_with_what_was_chosen(self) -> None:
        reads: list[int] = []

        def models() -> tuple[object, ...]:
            reads.append(1)
            return MODELS

        door = StandingDoor(models, lambda: 0.04, lambda: 0.03)  # type: ignore[arg-type] # a tuple of models
        asked: list[StandingChoice] = []
        end = door.subscribe(lambda: asked.append(door.choice))
        choice = StandingChoice(best_states=False)
        door.choose(choice)
        door.choose(choice)
        end()
        door.choose(StandingChoice(best_states=True, holding=Holding(months=24)))
        assert asked == [choice]
        for _again in range(2):
            found = door.make(evaluate(BOOK), ("no indicators",), None, CancelToken())
        assert isinstance(found, StandingView)
        assert found.holding.months == 24
        assert found.costs is not None
        assert found.costs.price_per_kwh_usd == 0.04
        assert len(reads) == 1

    def test_it_makes_nothing_of_nothing(self) -> None:
        door = StandingDoor(tuple, lambda: 0.05, lambda: 0.03)
        assert door.make(None, None, None, CancelToken()) is None
        no_rigs: Evaluation = evaluate(book())
        assert door.make(no_rigs, None, None, CancelToken()) is None


def test_where_only_retargets_are_known_the_way_is_what_was_polled() -> None:
    known = replace(daily(), days=None)
    hour = np.array([NOW.timestamp() - 3_600.0])
    history = HistorySlice(
        MappingProxyType(
            {
                "price": Series(hour, np.array([91.0]), currency="USD"),
                "difficulty": Series(hour, np.array([1.5e14])),
            }
        )
    )
    view = standing(beside=Beside(MODELS, indicators(known), history))
    assert view.path.price_per_btc.tolist() == [91.0]
    assert view.costs is not None
    assert not view.costs.by_means


def test_difficulty_of_the_days_themselves_comes_first() -> None:
    history = daily()
    assert history.days is not None
    days = replace(history.days, difficulty=np.full(history.days.count, 1.2e14))
    bare = replace(history, days=days, retargets=history.retargets.until(0.0))
    way = standing(beside=Beside(MODELS, indicators(bare))).path
    assert set(way.difficulty) == {1.2e14}
