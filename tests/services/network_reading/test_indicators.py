from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from minerdesk.domain.book import Book
from minerdesk.domain.cancel import CancelToken
from minerdesk.domain.errors import UserError
from minerdesk.domain.network_choice import NetworkChoice, ReferenceMark
from minerdesk.domain.readings import NetworkState
from minerdesk.domain.rigs import RigGroup
from minerdesk.domain.sites import Site
from minerdesk.domain.tariff import Tariff
from minerdesk.domain.verdicts import Verdict
from minerdesk.engine.industry import industry_cost
from minerdesk.services.evaluation import Evaluator
from minerdesk.services.network_reading.curves import curves_of, day_at, sensitivity_of, time_of
from minerdesk.services.network_reading.door import IndicatorsDoor
from minerdesk.services.network_reading.indicators import (
    TURNED_MOST,
    DailyHistory,
    Indicators,
    Turned,
    epoch_progress,
    last_complete_day,
    make_indicators,
    with_fleet,
)
from minerdesk.services.network_reading.marks import REFERENCE_MARKS
from minerdesk.storage.network_choice_file import NetworkChoiceFile
from tests.support.evaluations import NOW as THEN
from tests.support.evaluations import RIG, network
from tests.support.fake_desk import network_state
from tests.support.network_history import (
    LAST,
    some_days,
    some_history,
    some_machines,
    some_models,
    some_retargets,
)

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def found() -> Indicators:
    return make_indicators(some_history(), some_machines(), NetworkChoice(), network_state(), NOW)


def test_a_day_is_used_only_when_complete(found: Indicators) -> None:
    assert last_complete_day(NOW) == LAST
    assert found.readings.as_of == LAST
    midnight = datetime(2026, 6, 1, 0, 0, tzinfo=UTC)
    assert last_complete_day(midnight) == LAST
    assert last_complete_day(midnight - timedelta(seconds=1)) == LAST - timedelta(days=1)


def test_curves_have_one_time_axis(found: Indicators) -> None:
    curves = found.curves
    assert day_at(float(curves.time_s[-1])) == LAST
    assert time_of(LAST) == curves.time_s[-1]
    for name in ("price", "cost_best", "hashprice", "puell", "fee_share", "regression"):
        assert len(getattr(curves, name)) == curves.count
        assert np.isfinite(getattr(curves, name)[-1])
    assert (curves.cost_lower[-1] < curves.cost_best[-1] < curves.cost_upper[-1]).all()
    assert curves.fee_share[-1] == pytest.approx(4 / 454)


def test_hashprice_rests_on_difficulty(found: Indicators) -> None:
    curves = found.curves
    reward = 3.125 + 4.0 / 144
    per_th = 86_400 * 1e12 / (found.readings.days.difficulty[-1] * 2**32)
    expected = per_th * 1000 * reward * curves.price[-1]
    assert curves.hashprice[-1] == pytest.approx(expected)


def test_without_a_difficulty_of_its_own_a_day_takes_the_retarget() -> None:
    days = some_days()
    blind = replace(days, difficulty=np.full(days.count, np.nan))
    history = DailyHistory(blind, some_retargets())
    made = make_indicators(history, some_machines(), NetworkChoice(), NetworkState(), NOW)
    implied = some_retargets().difficulty[-1] * 2**32 / 600 / 1e18
    assert made.curves.implied_ehs[-1] == pytest.approx(implied)


def test_what_is_later_changes_nothing_earlier() -> None:
    all_days = some_days()
    earlier = NOW - timedelta(days=100)
    shown = [
        make_indicators(
            DailyHistory(days, some_retargets()),
            some_machines(),
            NetworkChoice(),
            NetworkState(),
            earlier,
        )
        for days in (all_days, some_days(800, LAST - timedelta(days=100)))
    ]
    assert shown[0].readings.as_of == shown[1].readings.as_of
    whole, cut = shown[0].curves, curves_of(shown[0].readings, some_machines())
    assert np.array_equal(whole.cost_best, cut.cost_best, equal_nan=True)
    full = make_indicators(
        DailyHistory(all_days, some_retargets()),
        some_machines(),
        NetworkChoice(),
        NetworkState(),
        NOW,
    ).curves
    count = whole.count
    for name in ("cost_best", "drawdown_pct", "hashprice", "puell"):
        assert np.array_equal(getattr(full, name)[:count], getattr(whole, name), equal_nan=True)


def test_the_sensitivity_is_the_cost_at_each_price() -> None:
    days, machines = some_days(), some_machines()
    curve = sensitivity_of(days, machines, np.array([0.05, 0.083]))
    for index, price in enumerate((0.05, 0.083)):
        cost = industry_cost(days, machines, price)
        assert curve.best[index] == cost.best_guess.cost_per_btc[-1]
        assert curve.upper[index] == cost.upper.cost_per_btc[-1]


def test_phases_are_spans_of_whole_days(found: Indicators) -> None:
    spans = found.curves.phases
    episodes = found.readings.ribbon.episodes if found.readings.ribbon else ()
    assert [day_at(s.begin_s) for s in spans if s.kind == "capitulation"] == [
        each.start for each in episodes
    ]
    assert all((s.end_s - s.begin_s) % 86_400 == 0 for s in spans)


def test_from_retargets_alone_there_is_no_cost_and_no_recovery_without_end() -> None:
    history = DailyHistory(None, some_retargets(), embedded_alone=True)
    made = make_indicators(history, some_machines(), NetworkChoice(), NetworkState(), NOW)
    assert made.curves.sensitivity is None
    assert made.offline_words == LAST - timedelta(days=5)
    assert {span.kind for span in made.curves.phases} <= {"capitulation"}
    assert made.halving is not None
    assert made.halving.height == 1_050_000


def test_nothing_known_is_no_error() -> None:
    retargets = some_retargets().until(0)
    made = make_indicators(
        DailyHistory(None, retargets), some_machines(), NetworkChoice(), NetworkState(), NOW
    )
    assert made.halving is None
    assert made.falls == made.rises == ()
    assert made.curves.count == 0


def test_the_largest_changes_are_named(found: Indicators) -> None:
    assert [round(each.change_pct) for each in found.falls] == [-3, -3, -3]
    assert [round(each.change_pct) for each in found.rises] == [3, 3, 3]


def test_marks_are_dated_and_the_operators_own_join_them() -> None:
    own = ReferenceMark(date(2026, 2, 1), 99_000, "me", own=True)
    choice = NetworkChoice(marks=(own,))
    made = make_indicators(some_history(), some_machines(), choice, NetworkState(), NOW)
    assert made.marks == (*REFERENCE_MARKS, own)
    macromicro = {m.day: m.cost_per_btc for m in REFERENCE_MARKS if m.name == "MacroMicro"}
    assert macromicro[date(2026, 1, 19)] == 101_000
    assert macromicro[date(2024, 6, 2)] == 83_668


def test_the_fleet_at_the_projected_difficulty() -> None:
    # 40 USD a PH/s and day: even at 0.0556 USD/kWh, so a fall of difficulty lets rigs earn again.
    book = Book(
        sites=(Site("a", "A", "t"),),
        tariffs=(Tariff("t", "T", 0.0565),),
        models=(RIG,),
        groups=(RigGroup("g", "a", RIG.name, 12),),
    )
    retarget = network_state().retarget
    assert retarget is not None
    state = replace(network(), retarget=replace(retarget, change_pct=-10.0))
    evaluation = Evaluator().evaluate(book, state, THEN)
    base = make_indicators(some_history(), some_machines(), NetworkChoice(), state, NOW)
    made = with_fleet(base, evaluation)
    assert made.after_retarget is not None
    assert made.after_retarget.earning_before == 0
    assert made.after_retarget.earning_after == 12
    assert made.after_retarget.margin_after > made.after_retarget.margin_before
    # All twelve run, though they lose: they should stop now, and stay on then.
    turned = made.after_retarget.turned
    assert made.after_retarget.turned_groups == 1
    assert turned == (Turned("A", RIG.name, 12, Verdict.POWER_DOWN, Verdict.RUN),)
    assert made.halving is not None
    assert made.halving.fleet is not None
    assert made.halving.fleet.earning_after == 0
    assert made.halving.fleet.turned == ()
    assert with_fleet(made, None).after_retarget is None


def test_of_many_groups_that_turn_the_largest_are_named() -> None:
    groups = tuple(RigGroup(f"g{i}", "a", RIG.name, 1 + i) for i in range(TURNED_MOST + 20))
    book = Book(
        sites=(Site("a", "A", "t"),),
        tariffs=(Tariff("t", "T", 0.0565),),
        models=(RIG,),
        groups=groups,
    )
    retarget = network_state().retarget
    assert retarget is not None
    state = replace(network(), retarget=replace(retarget, change_pct=-10.0))
    base = make_indicators(some_history(), some_machines(), NetworkChoice(), state, NOW)
    after = with_fleet(base, Evaluator().evaluate(book, state, THEN)).after_retarget
    assert after is not None
    assert after.turned_groups == TURNED_MOST + 20
    assert [each.rigs for each in after.turned] == list(range(TURNED_MOST + 20, 20, -1))


def test_before_and_after_rest_on_the_price_of_power_in_force() -> None:
    # Dear power at this hour; the plainest price of the tariff would let all of them earn.
    book = Book(
        sites=(Site("a", "A", "t"),),
        tariffs=(Tariff("t", "T", 0.03),),
        models=(RIG,),
        groups=(RigGroup("g", "a", RIG.name, 12),),
    )
    retarget = network_state().retarget
    assert retarget is not None
    state = replace(network(), retarget=replace(retarget, change_pct=-1.0))
    evaluation = Evaluator(prices_now=lambda *_given: {"a": 0.20}).evaluate(book, state, THEN)
    base = make_indicators(some_history(), some_machines(), NetworkChoice(), state, NOW)
    after = with_fleet(base, evaluation).after_retarget
    assert evaluation.totals is not None
    assert after is not None
    assert (after.earning_before, after.earning_after) == (0, 0)
    assert after.margin_before == pytest.approx(evaluation.totals.margin_advised_per_day)


def test_progress_of_an_epoch() -> None:
    blocks, share = epoch_progress(932_935)
    assert blocks == 1543
    assert share == pytest.approx(0.7654, abs=1e-4)


def door(tmp_path: Path, histories: list[DailyHistory] | None = None) -> IndicatorsDoor:
    kept = histories or [some_history()]
    return IndicatorsDoor(
        lambda _token: kept[-1], some_models, NetworkChoiceFile(tmp_path / "network.json")
    )


def test_a_choice_is_kept_and_told(tmp_path: Path) -> None:
    made, told = door(tmp_path), []
    end = made.subscribe(lambda: told.append(1))
    made.choose_power_price(0.083)
    made.choose_power_price(0.083)
    made.choose_confirmation(3, 0.005)
    made.add_mark(date(2026, 2, 1), 99_000, " me ", "my sheet")
    assert len(told) == 3
    end()
    slice_ = made.make(network_state(), None, NOW, CancelToken())
    assert slice_.choice.price_per_kwh == 0.083
    again = door(tmp_path)
    assert again.choice == made.choice
    assert again.choice.marks == (
        ReferenceMark(date(2026, 2, 1), 99_000, "me", "my sheet", own=True),
    )
    again.remove_mark(again.choice.marks[0])
    assert len(again.choice.marks) == 0
    assert len(told) == 3


def test_what_cannot_be_chosen_is_refused(tmp_path: Path) -> None:
    made = door(tmp_path)
    for wrong in (0.0, 0.5, float("nan")):
        with pytest.raises(UserError, match="price of power"):
            made.choose_power_price(wrong)
    with pytest.raises(UserError, match="days of confirmation"):
        made.choose_confirmation(0, 0.0)
    with pytest.raises(UserError, match="band"):
        made.choose_confirmation(1, 0.5)
    with pytest.raises(UserError, match="name"):
        made.add_mark(LAST, 1.0, " ")
    with pytest.raises(UserError, match="figure"):
        made.add_mark(LAST, 0.0, "me")


def test_curves_stay_the_same_while_no_day_changes(tmp_path: Path) -> None:
    histories = [some_history()]
    made = door(tmp_path, histories)
    first = made.make(network_state(), None, NOW, CancelToken())
    histories.append(some_history())  # read anew, of the same values
    later = made.make(network_state(retarget=None), object(), NOW, CancelToken())
    assert later.curves is first.curves
    assert first.readings.difficulty is not None
    assert first.readings.difficulty.projection is not None
    assert later.readings.difficulty is not None
    assert later.readings.difficulty.projection is None
    assert made.make(network_state(), None, NOW + timedelta(days=1), CancelToken()).curves is not (
        first.curves
    )
    histories.append(some_history(800))
    assert made.make(network_state(), None, NOW, CancelToken()).curves is not first.curves


def test_a_disk_that_refuses_is_said_and_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "network.json").mkdir()
    made = door(tmp_path)
    made.choose_power_price(0.07)
    assert made.make(network_state(), None, NOW, CancelToken()).choice.price_per_kwh == 0.07
    assert "cannot be written" in made.problem


@pytest.mark.parametrize(
    "text", ["", "nonsense", '{"price_per_kwh": -1}', '{"confirmation_band": 2}', '{"more": 1}']
)
def test_a_file_that_cannot_be_used_leaves_the_defaults(tmp_path: Path, text: str) -> None:
    path = tmp_path / "network.json"
    path.write_text(text)
    assert NetworkChoiceFile(path).load() == NetworkChoice()
