from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings

from minerdesk.domain.book import Assumptions, Book
from minerdesk.domain.cancel import CancelToken
from minerdesk.domain.rigs import ModeCount, Pin, RigGroup, StateNow
from minerdesk.domain.sites import Event, QuietHours, Site
from minerdesk.domain.starts import StartCosts
from minerdesk.domain.tariff import Holidays, Tariff
from minerdesk.domain.verdicts import Reason, Verdict
from minerdesk.engine.dispatch import OFF
from minerdesk.services.evaluation import AdviceLimits, Evaluation, Evaluator
from minerdesk.services.planning.plan import Plan, PlanOptions, WhatIf
from minerdesk.services.planning.planner import Planner
from minerdesk.services.power.site_prices import SitePrices
from minerdesk.services.words import Formats, headline, reason
from tests.engine.books import books
from tests.services.planning.a_plan import (
    EXACT,
    FREE,
    NOW,
    book,
    hourly,
    hours_from,
    network,
    plan,
)

DEAR_HOUR = hourly(0.06, *[0.04] * 47)


def evaluated(made: Book, found: Plan | None, prices: object = DEAR_HOUR) -> Evaluation:
    """Evaluate at the present price, with a plan."""
    at = SitePrices(prices).price_now  # type: ignore[arg-type] # what gives a series
    limits = AdviceLimits(tolerance=EXACT)
    return Evaluator(1, at).evaluate(made, network(), NOW, limits=limits, plan=found)


def verdict_of(found: Evaluation) -> tuple[Verdict, Reason]:
    """Return verdict and reason of the first group."""
    assert found.figures is not None
    decisions = found.figures.decisions
    return Verdict(int(decisions.verdict[0])), Reason(int(decisions.reason[0]))


@given(books(most_modes=3))
@settings(deadline=None, max_examples=40)
def test_where_starts_are_free_and_nothing_binds_the_plan_decides_the_same(drawn: Book) -> None:
    # At prices that stay, what is best over the horizon is what is best now.
    made = replace(drawn, assumptions=Assumptions(starts=FREE))
    made = replace(made, groups=tuple(_in_one_state(group) for group in made.groups))
    prices = SitePrices(lambda _name: None)
    for limits in (AdviceLimits(), AdviceLimits(tolerance=EXACT)):
        found = Planner(prices).plan(
            made,
            network(),
            NOW,
            PlanOptions(hours=24),
            CancelToken(),
            tolerance=limits.tolerance,
        )
        assert found is not None
        evaluator = Evaluator(1, prices.price_now)
        alone = evaluator.evaluate(made, network(), NOW, limits=limits)
        planned = evaluator.evaluate(made, network(), NOW, limits=limits, plan=found)
        assert planned.plan is found
        assert alone.figures is not None
        assert planned.figures is not None
        for name in (
            "best_mode",
            "verdict",
            "reason",
            "power_down",
            "start",
            "change_mode",
            "advised",
            "gain_per_day",
            "margin_gain_per_day",
            "doubt_per_day",
            "value_per_day",
        ):
            both = (alone.figures.decisions, planned.figures.decisions)
            one, other = (getattr(each, name) for each in both)
            np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-9, err_msg=name)


def _in_one_state(group: RigGroup) -> RigGroup:
    """Return a group whose rigs all do the same: a mix is judged as one by the step alone."""
    state = group.state_now
    if state is None or state.running_count == 0:
        return group
    return replace(group, state_now=None)


def test_a_losing_hour_is_kept_on_where_to_start_again_costs_more() -> None:
    made = book(starts=StartCosts(start_lost_minutes=30.0))
    assert verdict_of(evaluated(made, None)) == (Verdict.POWER_DOWN, Reason.LOSES_IN_EVERY_MODE)
    found = evaluated(made, plan(made, prices=DEAR_HOUR))
    assert verdict_of(found) == (Verdict.RUN, Reason.RESTART_COSTS_MORE)
    assert found.figures is not None
    assert found.figures.decisions.advised.all()
    assert found.totals is not None
    assert found.totals.power_down == 0
    assert "less than to stop and start again costs" in reason(found, 0, Formats("en"))


def test_a_start_for_an_hour_is_not_made_where_it_costs_more() -> None:
    off = RigGroup("a", "here", "Rig", 10, state_now=StateNow(()))
    made = book(off, starts=StartCosts(start_lost_minutes=50.0))
    cheap_hour = hourly(0.05, *[0.09] * 47)
    assert verdict_of(evaluated(made, None, cheap_hour))[0] is Verdict.START
    found = evaluated(made, plan(made, prices=cheap_hour), cheap_hour)
    assert verdict_of(found) == (Verdict.STAY_OFF, Reason.RESTART_COSTS_MORE)
    assert "not for long enough to start" in reason(found, 0, Formats("en"))


def test_a_pin_decides_whatever_it_costs() -> None:
    made = book(RigGroup("a", "here", "Rig", 10, pin=Pin.OFF))
    cheap = hourly(*[0.02] * 48)
    found = evaluated(made, plan(made, prices=cheap), cheap)
    assert verdict_of(found) == (Verdict.POWER_DOWN, Reason.PINNED)
    assert found.figures is not None
    assert found.figures.decisions.best_mode.tolist() == [OFF]
    assert "you hold it so" in reason(found, 0, Formats("en"))


def test_an_event_decides() -> None:
    event = Event("Call", NOW, hours_from(NOW, 2))
    made = book(site=Site("here", "Here", "power", events=(event,)))
    cheap = hourly(*[0.02] * 48)
    found = evaluated(made, plan(made, prices=cheap), cheap)
    assert verdict_of(found) == (Verdict.POWER_DOWN, Reason.EVENT)
    assert "an event at Here" in reason(found, 0, Formats("en"))


@pytest.mark.parametrize(
    "site",
    [
        Site("here", "Here", "power", no_start=(QuietHours(12, 18),)),
        Site("here", "Here", "power", limit_kw=1.0),
    ],
)
def test_a_rule_of_the_site_keeps_off_what_would_earn(site: Site) -> None:
    off = RigGroup("a", "here", "Rig", 10, state_now=StateNow(()))
    made = book(off, site=site)
    cheap = hourly(*[0.02] * 48)
    found = evaluated(made, plan(made, prices=cheap), cheap)
    assert verdict_of(found) == (Verdict.STAY_OFF, Reason.SITE_RULE)
    assert "a rule of Here" in reason(found, 0, Formats("en"))


def test_a_limit_starts_only_some() -> None:
    some = RigGroup("a", "here", "Rig", 10, state_now=StateNow((ModeCount("normal", 2),)))
    made = book(some, site=Site("here", "Here", "power", limit_kw=16.0))
    cheap = hourly(*[0.02] * 48)
    found = evaluated(made, plan(made, prices=cheap), cheap)
    assert verdict_of(found)[0] is Verdict.START
    assert found.figures is not None
    assert found.figures.decisions.start.tolist() == [3]


def test_what_is_too_close_in_the_plan_is_too_close_now() -> None:
    made = book()
    even = hourly(*[0.05556] * 48)
    found = plan(made, prices=even, tolerance=AdviceLimits().tolerance)
    limits = AdviceLimits()
    at = SitePrices(even).price_now
    evaluation = Evaluator(1, at).evaluate(made, network(), NOW, limits=limits, plan=found)
    assert verdict_of(evaluation) == (Verdict.TOO_CLOSE, Reason.WITHIN_ERROR)


def test_only_a_real_plan_of_this_very_book_and_time_decides() -> None:
    made = book(starts=StartCosts(start_lost_minutes=30.0))
    right = plan(made, prices=DEAR_HOUR)
    assert evaluated(made, right).plan is right
    copy = replace(made, name="another")
    what_if = plan(made, prices=DEAR_HOUR, what_if=WhatIf(price_per_btc=1.1))
    cannot = replace(right, cannot="no")
    early = plan(made, prices=DEAR_HOUR, now=NOW + timedelta(hours=1))
    for wrong in (what_if, cannot, early):
        assert evaluated(made, wrong).plan is None
    assert evaluated(copy, right).plan is None


def test_the_price_is_the_present_one_and_only_money_is_made_anew() -> None:
    made = book()
    evaluator = Evaluator(1, SitePrices(hourly(0.04, 0.09)).price_now)
    first = evaluator.evaluate(made, network(), NOW)
    later = evaluator.evaluate(made, network(), NOW + timedelta(hours=1))
    again = evaluator.evaluate(made, network(), NOW + timedelta(hours=1, minutes=5))
    assert first.figures is not None
    assert later.figures is not None
    assert again.figures is not None
    assert first.figures.fleet.price_per_kwh.tolist() == [0.04]
    assert later.figures.fleet.price_per_kwh.tolist() == [0.09]
    assert later.figures.fleet.ths is first.figures.fleet.ths
    assert again.figures.fleet is later.figures.fleet


def test_without_a_price_nothing_is_advised() -> None:
    evaluator = Evaluator(1, SitePrices(lambda _name: None).price_now)
    for _again in range(2):
        found = evaluator.evaluate(book(), network(), NOW)
        assert found.figures is not None
        assert np.isnan(found.figures.fleet.price_per_kwh).all()
        assert not found.figures.decisions.advised.any()


def test_a_site_whose_calendar_is_none_has_no_price_and_the_others_keep_theirs() -> None:
    holidays = Holidays("US", "ZZ")
    tariffs = (Tariff("odd", "Odd", 0.01, holidays=holidays), Tariff("power", "Power", 0.03))
    rigs = (RigGroup("a", "here", "Rig", 10), RigGroup("b", "there", "Rig", 10))
    made = replace(
        book(*rigs),
        sites=(Site("here", "Here", "odd"), Site("there", "There", "power")),
        tariffs=tariffs,
    )
    found = evaluated(made, None)
    assert found.figures is not None
    here, there = found.figures.fleet.price_per_kwh.tolist()
    assert np.isnan(here)
    assert there == pytest.approx(0.03)
    assert found.figures.decisions.advised.tolist() == [False, True]
    assert headline(found, Formats("en"), NOW).sentence.startswith(
        "No advice: the price of power at Here is not known"
    )


def test_a_site_without_a_price_is_named() -> None:
    found = evaluated(book(), None, lambda _name: None)
    said = headline(found, Formats("en"), NOW)
    assert said.sentence == (
        "No advice: the price of power at Here is not known; 10 of 10 rigs run."
    )
    assert reason(found, 0, Formats("en")) == "the price of power there is not known"
