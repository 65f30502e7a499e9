from __future__ import annotations

from dataclasses import replace
from datetime import UTC, timedelta
from types import MappingProxyType

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minerdesk.domain.readings import Provenance, Quantity, RetargetProjection
from minerdesk.engine.scenario import MarginCurve
from minerdesk.services.evaluation import Evaluation
from minerdesk.services.history_view import HistorySlice, MarginHistory, Series
from minerdesk.services.standing.changes import (
    Cause,
    Change,
    Situation,
    price_then,
    since_yesterday,
    what_changed,
)
from minerdesk.services.standing.words import change_words
from minerdesk.services.words import Formats
from tests.support.evaluations import NOW, evaluate, example_network, gauge, network
from tests.support.standings import BOOK, standing

FORMATS = Formats("en", UTC)
HERE = Situation(100_000.0, 1e14)
# 10 rigs that earn from a ratio of 0.97 on, 1,140 more from just below 1.
CURVE = MarginCurve(
    np.array([0.97, 0.99]),
    np.array([0.0, 1_000.0, 50_000.0]),
    np.array([0.0, 970.0, 49_480.0]),
    np.array([0.0, 10.0, 1_150.0]),
    1_150.0,
    0.0,
)


def _changed(
    before: Situation, now: Situation, curve: MarginCurve, tolerance: float = 0.0
) -> Change | None:
    return what_changed(before, now, curve, price_move=0.03, tolerance=tolerance)


def test_a_retarget_that_brings_rigs_back() -> None:
    found = _changed(replace(HERE, difficulty=1e14 / 0.967), HERE, CURVE)
    assert found is not None
    assert (found.cause, found.rigs) == (Cause.DIFFICULTY, 1_150)
    assert change_words(found, FORMATS, "USD") == "Difficulty fell 3.3%: 1,150 rigs earn again."


def test_a_retarget_that_stops_none_still_costs() -> None:
    found = _changed(replace(HERE, difficulty=0.999e14), HERE, CURVE)
    assert found is not None
    assert found.rigs == 0
    said = change_words(found, FORMATS, "USD")
    assert said == "Difficulty rose 0.1%: the fleet earns 50.05 USD a day less."


def test_a_large_move_of_price() -> None:
    found = _changed(replace(HERE, price_per_btc=96_000), HERE, CURVE)
    assert found is not None
    said = change_words(found, FORMATS, "USD")
    assert said == "BTC rose 4.2% since yesterday: 1,150 rigs earn again."


def test_a_small_move_matters_only_where_it_turns_rigs() -> None:
    assert _changed(replace(HERE, price_per_btc=99_800), HERE, CURVE) is None
    crossing = _changed(replace(HERE, price_per_btc=98_900), HERE, CURVE)
    assert crossing is not None
    assert crossing.rigs == 1_140
    within = _changed(replace(HERE, price_per_btc=98_900), HERE, CURVE, tolerance=0.02)
    assert within is None


def test_the_operator_says_how_large_a_move_of_price_is_told() -> None:
    no_rigs_turn = replace(CURVE, rigs=np.zeros(3))
    before = replace(HERE, price_per_btc=96_000)
    assert what_changed(before, HERE, no_rigs_turn, price_move=0.05) is None
    told = what_changed(before, HERE, no_rigs_turn, price_move=0.04)
    assert told is not None
    assert told.rigs == 0


def test_the_retarget_comes_before_the_price() -> None:
    found = _changed(Situation(50_000, 1.1e14), HERE, CURVE)
    assert found is not None
    assert found.cause is Cause.DIFFICULTY


def test_what_does_nothing_to_the_fleet_is_not_told() -> None:
    none = np.zeros(1)
    idle = MarginCurve(np.empty(0), none, none, none, 0.0, 0.0)
    assert _changed(Situation(50_000, 2e14), HERE, idle) is None
    assert _changed(HERE, HERE, CURVE) is None
    assert change_words(None, FORMATS, "USD") == ""


@given(st.floats(0.5, 2), st.floats(0.5, 2))
def test_there_and_back_is_the_opposite(price: float, difficulty: float) -> None:
    there = Situation(HERE.price_per_btc * price, HERE.difficulty * difficulty)
    found = _changed(there, HERE, CURVE)
    if found is not None:
        signs = [found.rigs, round(found.margin_per_day, 6)]
        better = (found.change_pct > 0) == (found.cause is Cause.PRICE)
        assert all(each >= 0 if better else each <= 0 for each in signs)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (Change(Cause.PRICE, -4.1, -310, -900.0), "BTC fell 4.1% since yesterday: 310 rigs no"),
        (Change(Cause.PRICE, -4.1, -1, -9.0), "since yesterday: 1 rig no longer earns."),
        (Change(Cause.PRICE, 5.0, 1, 9.0), "1 rig earns again."),
        (Change(Cause.DIFFICULTY, -1.0, 0, 520.0), "the fleet earns 520 USD a day more."),
    ],
)
def test_sentences(change: Change, said: str) -> None:
    assert said in change_words(change, FORMATS, "USD")


def _live(
    height: float = 931_400,
    previous: float | None = -25.0,
    *,
    next_height: int = 933_408,
    difficulty_before: timedelta = timedelta(),
) -> Evaluation:
    """931,392 was a retarget, so 931,400 is eight blocks after one."""
    projection = RetargetProjection(
        1.0, 1.0, NOW + timedelta(days=9), next_height, 2_008, "own formula", NOW, previous
    )
    state = replace(network(), height=gauge(Quantity.HEIGHT, height), retarget=projection)
    read = state.difficulty.reading
    assert read is not None
    assert state.height.reading is not None
    read = replace(read, taken_at=state.height.reading.taken_at - difficulty_before)
    state = replace(state, difficulty=replace(state.difficulty, reading=read))
    return evaluate(BOOK, state)


def _history(price: float, ago: timedelta = timedelta(days=1)) -> HistorySlice:
    time_s = np.array([(NOW - ago).timestamp()])
    one = np.array([1.0])
    return HistorySlice(margins=MarginHistory("USD", time_s, one, one, np.array([price]), one, one))


def _told(evaluation: Evaluation, history: HistorySlice | None = None) -> Change | None:
    return since_yesterday(evaluation, standing(evaluation).curve, history, price_move=0.03)


def test_a_retarget_within_a_day_s_blocks() -> None:
    found = _told(_live())
    assert found is not None
    assert found.change_pct == pytest.approx(-25)
    # At 30 USD a PH/s and day 30 J/TH are even at 0.0417: only the 0.04 site earned.
    assert found.rigs == 5


@pytest.mark.parametrize(
    "evaluation",
    [
        _live(height=931_392 + 144),
        _live(previous=None),
        # The last change that is known is of another epoch than the height.
        _live(next_height=931_392),
        # The difficulty was read before the retarget, so nothing fell yet.
        _live(height=931_392, difficulty_before=timedelta(minutes=3)),
        _live(difficulty_before=timedelta(minutes=20)),
        evaluate(BOOK, example_network()),
        evaluate(BOOK, network(price_age=timedelta(hours=3))),
    ],
)
def test_nothing_is_told_of(evaluation: Evaluation) -> None:
    assert _told(evaluation) is None


def test_typed_numbers_are_no_news() -> None:
    state = network()
    typed = gauge(Quantity.PRICE, 100_000, provenance=Provenance.TYPED)
    assert _told(evaluate(BOOK, replace(state, price=typed)), _history(50_000)) is None
    assert _told(evaluate(BOOK, replace(state, given=True)), _history(50_000)) is None


def test_the_price_of_yesterday() -> None:
    evaluation = _live(height=931_392 + 500)
    found = _told(evaluation, _history(75_000))
    assert found is not None
    assert (found.cause, found.rigs) == (Cause.PRICE, 5)
    assert _told(evaluation, _history(75_000, timedelta(hours=20))) is None


def test_the_price_of_yesterday_from_the_series() -> None:
    then = NOW - timedelta(days=1)
    series = Series(np.array([then.timestamp() + 600]), np.array([91.0]), currency="USD")
    history = HistorySlice(MappingProxyType({"price": series}))
    assert price_then(history, "USD", then) == 91.0
    assert price_then(history, "EUR", then) is None
