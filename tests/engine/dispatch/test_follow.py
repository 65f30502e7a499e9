from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from minerdesk.domain.book import Book
from minerdesk.domain.verdicts import Reason, Verdict
from minerdesk.engine.dispatch import NO_REASON, OFF, Decisions, Target, decide
from tests.engine.books import JANUARY, figures, group, one_site

EARNS = one_site(group(10), price_per_kwh=0.06)
LOSES = one_site(group(10), price_per_kwh=0.12)
MODES = one_site(group(10, "Three", running={"standard": 10}), price_per_kwh=0.06)


def follow(
    book: Book,
    rigs: list[float],
    exact: list[float] | None = None,
    *,
    held: int = NO_REASON,
    tolerance: float = 0.01,
    rates: dict[str, float] | None = None,
) -> Decisions:
    """Decide with a plan that wants so many rigs in each mode."""
    fleet, economics = figures(book, JANUARY, rates)
    target = Target(
        rigs=np.array(rigs, float),
        exact=np.array(rigs if exact is None else exact, float),
        held=np.full(fleet.groups, held, np.int8),
    )
    return decide(fleet, economics, tolerance, target)


def said(found: Decisions) -> tuple[Verdict, Reason]:
    return Verdict(int(found.verdict[0])), Reason(int(found.reason[0]))


def test_a_plan_that_wants_what_the_step_wants_changes_nothing() -> None:
    for book, rigs in ((EARNS, [10.0]), (LOSES, [0.0])):
        fleet, economics = figures(book)
        alone, found = decide(fleet, economics, 0.01), follow(book, rigs)
        for name in alone.__slots__:
            np.testing.assert_array_equal(getattr(alone, name), getattr(found, name))


def test_a_loss_is_borne_where_the_plan_keeps_on() -> None:
    found = follow(LOSES, [10.0])
    assert said(found) == (Verdict.RUN, Reason.RESTART_COSTS_MORE)
    assert found.advised.tolist() == [True]
    assert found.best_mode.tolist() == [0]
    assert found.power_down.tolist() == [0]
    assert found.gain_per_day.tolist() == [0]
    assert found.value_per_day[0] < 0


def test_a_start_is_left_where_the_plan_stays_off() -> None:
    book = one_site(group(10, running={}), price_per_kwh=0.06)
    found = follow(book, [0.0])
    assert said(found) == (Verdict.STAY_OFF, Reason.RESTART_COSTS_MORE)
    assert found.best_mode.tolist() == [OFF]
    assert found.value_per_day.tolist() == [0]


@pytest.mark.parametrize("rule", [Reason.SITE_RULE, Reason.EVENT, Reason.PINNED])
def test_a_rule_says_why(rule: Reason) -> None:
    found = follow(EARNS, [0.0], held=rule)
    assert said(found) == (Verdict.POWER_DOWN, rule)
    assert found.power_down.tolist() == [10]
    assert found.gain_per_day.tolist() == [0]  # nothing is gained now
    assert found.margin_gain_per_day[0] < 0
    assert found.doubt_per_day[0] > 0
    # What the step wants as well needs no rule.
    assert said(follow(EARNS, [10.0], held=rule)) == (Verdict.RUN, Reason.EARNS)


def test_what_no_rule_demands_the_hours_to_come_do() -> None:
    assert said(follow(EARNS, [0.0])) == (Verdict.POWER_DOWN, Reason.HOURS_TO_COME)


def test_part_of_a_group_may_go() -> None:
    found = follow(EARNS, [4.0], held=Reason.SITE_RULE)
    assert found.power_down.tolist() == [6]
    assert found.best_mode.tolist() == [0]


def test_a_change_of_mode() -> None:
    fleet, economics = figures(MODES)
    alone = decide(fleet, economics, 0.0)
    best = int(alone.best_mode[0])
    rigs = np.zeros(3)
    other = (best + 1) % 3
    rigs[other] = 10
    found = follow(MODES, rigs.tolist())
    wanted = Verdict.RUN if other == 1 else Verdict.CHANGE_MODE
    assert said(found)[0] is wanted
    assert found.best_mode.tolist() == [other]
    found = follow(MODES, [3.0, 4.0, 0.0])
    assert (found.change_mode.tolist(), found.power_down.tolist()) == ([3], [3])
    assert said(found)[0] is Verdict.POWER_DOWN


def test_a_start_that_the_plan_makes_for_later() -> None:
    book = one_site(group(10, running={}), price_per_kwh=0.12)
    found = follow(book, [10.0])
    assert said(found) == (Verdict.START, Reason.HOURS_TO_COME)
    assert found.start.tolist() == [10]


def test_a_move_that_the_plan_left_out_is_too_close() -> None:
    found = follow(EARNS, [10.0], [0.0])
    assert said(found) == (Verdict.TOO_CLOSE, Reason.WITHIN_ERROR)
    assert found.advised.tolist() == [False]
    assert found.power_down.tolist() == [10]


def test_a_move_the_plan_is_sure_of_is_made_though_this_hour_is_unsure() -> None:
    book = one_site(group(10), price_per_kwh=0.0956)
    fleet, economics = figures(book)
    alone = decide(fleet, economics, 0.05)
    assert Verdict(int(alone.verdict[0])) is Verdict.TOO_CLOSE
    found = follow(book, [0.0], tolerance=0.05)
    assert said(found) == (Verdict.POWER_DOWN, Reason.HOURS_TO_COME)
    assert found.advised.tolist() == [True]


def test_on_or_off_that_is_unsure_stays_unsure() -> None:
    book = one_site(group(10), price_per_kwh=0.0950)
    found = follow(book, [10.0], tolerance=0.05)
    assert said(found) == (Verdict.TOO_CLOSE, Reason.WITHIN_ERROR)
    assert found.power_down.tolist() == [0]


def test_nothing_moves_where_the_cost_is_unknown() -> None:
    euro = replace(EARNS, tariffs=tuple(replace(t, currency="EUR") for t in EARNS.tariffs))
    found = follow(euro, [0.0], rates={"USD": 1.0})
    assert said(found)[1] is Reason.UNKNOWN_COST
    assert found.power_down.tolist() == [0]
    assert found.advised.tolist() == [False]
