from __future__ import annotations

from dataclasses import replace

from minerdesk.domain.readings import NetworkState
from minerdesk.domain.verdicts import Verdict
from minerdesk.services.words import Formats, moves, too_close
from tests.support.evaluations import TWO_MODES, book, evaluate, group

EN = Formats("en")
MIXED = book(
    group("earns", "cheap", 100),
    group("few", "dear", 2),
    group("many", "dear", 9),
    group("close", "even", 3),
    group("dual", "even", 4, model=TWO_MODES, running=[("normal", 3)]),
)


def test_worth_most_comes_first() -> None:
    found = moves(evaluate(MIXED), EN)
    assert [move.group_id for move in found] == ["many", "few", "dual"]
    first = found[0]
    assert (first.count, first.what, first.site, first.to_mode) == (9, "Power down", "Dear", "off")
    assert first.verdict is Verdict.POWER_DOWN
    assert abs(first.worth_per_day - 9 * (72 * 0.09 - 4)) < 1e-9
    assert first.reason.startswith("0.090 > 0.056 USD/kWh")
    assert first.advised


def test_a_group_may_start_some_and_change_others() -> None:
    (found,) = (move for move in moves(evaluate(MIXED), EN) if move.group_id == "dual")
    assert found.what == "Start 1 and change 3 to eco"
    assert found.count == 4


def test_what_is_too_close_stands_apart() -> None:
    found = too_close(evaluate(MIXED), EN)
    assert [move.group_id for move in found] == ["close"]
    assert not found[0].advised
    assert found[0].what == "Leave as it is"


def test_starting_names_the_mode_only_where_there_are_several() -> None:
    made = book(
        group("one", "cheap", 5, running=[]),
        group("two", "even", 1, model=TWO_MODES, running=[]),
        group("three", "even", 1, model=TWO_MODES),
    )
    assert [move.what for move in moves(evaluate(made), EN)] == [
        "Start",
        "Start in eco",
        "Change to eco",
    ]


def test_a_limit_makes_no_more_rows() -> None:
    assert len(moves(evaluate(MIXED), EN, 1)) == 1


def test_no_numbers_no_moves() -> None:
    assert moves(evaluate(MIXED, NetworkState()), EN) == ()
    assert too_close(evaluate(MIXED, NetworkState()), EN) == ()


def test_an_unknown_price_of_power_moves_nothing() -> None:
    made = replace(MIXED, tariffs=tuple(replace(t, currency="NOK") for t in MIXED.tariffs))
    assert moves(evaluate(made), EN) == ()
