from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np

from minerdesk.domain.rigs import StateNow
from minerdesk.engine.tariff import MarginalPrice
from minerdesk.engine.tariff.parts import PartKind, PricePart
from minerdesk.services.evaluation import Evaluation, Evaluator
from minerdesk.services.planning.agenda import agenda_of
from minerdesk.services.planning.plan import OFF, Move, Plan, PlanOptions, WhatIf, Why
from minerdesk.services.words import Formats, Headline, headline
from minerdesk.services.words.agenda_words import plan_note
from tests.support.evaluations import NOW, evaluate, example_network, network
from tests.support.plans import TEXAS, a_plan, plan_book

EN = Formats("en", UTC)
HOUR = timedelta(hours=1)
NINE = NOW.replace(hour=21)


def move(at: datetime, until: datetime | None, before: str, after: str, **changes: object) -> Move:
    made = Move(
        *(at, until, TEXAS, "s19j", 412, before, after),
        Why.POWER_DEARER_THAN_WORTH if after == OFF else Why.POWER_CHEAPER_THAN_WORTH,
        price_per_kwh=0.091,
        break_even_per_kwh=0.057,
        worth=320.0,
        doubt=10.0,
    )
    return replace(made, **changes)  # type: ignore[arg-type] # fields by name


DOWN = move(NOW, NINE, "normal", OFF)
UP = move(NINE, None, OFF, "normal", worth=900.0)


def planned(*moves: Move, **changes: object) -> Evaluation:
    book = plan_book()
    book = replace(
        book,
        groups=tuple(
            replace(each, state_now=None if each.id != "m30-north" else StateNow(()))
            for each in book.groups
        ),
    )
    plan = a_plan(book=book, moves=moves, **changes)  # type: ignore[arg-type] # fields by name
    return replace(evaluate(plan.book), plan=plan)


def said(*moves: Move, now: datetime = NOW) -> Headline:
    return headline(planned(*moves), EN, now)


def test_what_to_do_now_what_it_saves_by_when_and_what_comes_next() -> None:
    found = said(DOWN, UP)
    assert found.sentence == "Power down 412 of 2,694 rigs now."
    assert found.detail == (
        "Saves 320 USD by 21:00 (36 USD an hour). "
        "Next: start all 412 at 21:00 (Texas 1, 0.087 USD/kWh)."
    )
    assert found.tone == "lose"


def on_prices_until(*until: datetime | None) -> Headline:
    """Say what to do by a plan whose sites' prices are known until then."""
    evaluation = planned(DOWN)
    plan = evaluation.plan
    assert plan is not None
    ends = (*until, *[None] * (len(plan.sites) - len(until)))
    sites = tuple(replace(s, known_until=end) for s, end in zip(plan.sites, ends, strict=True))
    return headline(replace(evaluation, plan=replace(plan, sites=sites)), EN, NOW)


def test_a_plan_on_prices_that_ended_long_ago_says_so_first() -> None:
    old = datetime(2025, 3, 3, 12, tzinfo=UTC)
    assert old < NOW - timedelta(days=1)
    found = on_prices_until(old)
    assert found.detail == (
        "Prices of Texas 1 are known until 3 March 2025; the rest is forecast. "
        "Saves 320 USD by 21:00 (36 USD an hour)."
    )
    assert (found.tone, found.detail_tone) == ("lose", "warn")
    assert on_prices_until(old, old).detail.startswith("Prices of Alberta and Texas 1 are")
    differing = on_prices_until(old + timedelta(days=9), old).detail
    assert differing.startswith("Prices of 2 sites ended long ago, the first on 3 March 2025; the")


def test_prices_of_a_market_that_settles_late_or_is_known_ahead_are_no_warning() -> None:
    for until in (None, NOW + 30 * HOUR, NOW - 24 * HOUR):
        found = on_prices_until(until)
        assert found.detail.startswith("Saves 320 USD")
        assert found.detail_tone == ""
    assert on_prices_until(NOW - 25 * HOUR).detail_tone == "warn"


def test_a_day_only_where_there_is_no_end() -> None:
    assert said(replace(DOWN, until=None, worth=480.0)).detail == (
        "Saves 10 USD an hour (240 USD a day)."
    )
    both = said(DOWN, replace(DOWN, until=None, worth=480.0, group="s21", count=7))
    assert both.detail == "Saves 320 USD by 21:00, and 240 USD a day of what has no end."


def test_what_is_next_also_where_nothing_is_to_do_now() -> None:
    found = said(replace(DOWN, at=NOW + 4 * HOUR))
    assert found.sentence == "Nothing to do: 2,614 of 2,694 rigs run, and 80 rightly stay off."
    assert found.detail == (
        "Next: power down 412 at 16:00 (Texas 1, 0.050 USD/kWh) until 21:00, worth 320 USD."
    )


def test_a_move_becomes_due_and_ends_without_another_plan() -> None:
    later = replace(DOWN, at=NOW + HOUR)
    assert "Next: power down 412 at 13:00" in said(later).detail
    assert said(later, now=NOW + HOUR).sentence == "Power down 412 of 2,694 rigs now."
    assert said(later, now=NINE).sentence.startswith("Nothing to do")


def test_what_is_done_is_not_asked_for_again() -> None:
    evaluation = planned(DOWN)
    groups = tuple(
        replace(each, state_now=StateNow(())) if each.id == "s19j" else each
        for each in evaluation.book.groups
    )
    book = replace(evaluation.book, groups=groups)
    assert evaluation.plan is not None
    agenda = agenda_of(replace(evaluation.plan, book=book), NOW)
    assert not len(agenda.now)


def test_moves_that_nobody_may_refuse_say_so() -> None:
    forced = replace(DOWN, why=Why.EVENT, detail="Grid call", worth=-40.0, forced=True)
    assert said(forced).detail.startswith("It costs 40 USD, which is owed: Grid call limits Texas")


def test_too_close_is_not_in_the_sentence() -> None:
    found = said(replace(DOWN, advised=False))
    assert found.sentence.startswith("Nothing sure to do")
    assert found.detail == "1 group is too close to call."


def test_a_plan_of_another_book_or_a_what_if_says_nothing() -> None:
    other = replace(planned(DOWN), book=plan_book())
    assert "by 21:00" not in headline(other, EN, NOW).detail
    what_if = planned(DOWN, options=PlanOptions(what_if=WhatIf(price_per_btc=0.5)))
    assert "by 21:00" not in headline(what_if, EN, NOW).detail


def test_an_example_stays_one() -> None:
    plan: Plan = a_plan(moves=(DOWN,))
    found = Evaluator().evaluate(plan.book, example_network(), NOW)
    told = headline(replace(found, plan=plan), EN, NOW)
    assert told.sentence == ("Example of 19 January 2026: 412 of 2,694 rigs would be powered down.")
    assert told.detail.startswith("Example of 19 January 2026: Worth 320 USD by 21:00")
    assert told.outline


def test_why_there_is_no_plan_is_said() -> None:
    evaluation = planned(DOWN)
    assert plan_note(evaluation) == ""
    assert "is being made" in plan_note(replace(evaluation, plan=None))
    cannot = replace(evaluation, plan=a_plan(cannot="The limit of Texas 1 is below its least."))
    assert plan_note(cannot).endswith("there is no plan: The limit of Texas 1 is below its least.")
    empty = Evaluator().evaluate(replace(plan_book(), groups=()), network(), NOW)
    assert plan_note(empty) == ""


def test_the_period_that_begins_is_named() -> None:
    evaluation = planned(DOWN, UP)
    plan = evaluation.plan
    assert plan is not None
    names = (("peak", 0), ("off-peak", 9))
    parts = tuple(
        PricePart(name, np.where(np.arange(48) >= first, 0.05, 0.0), PartKind.PERIOD, 1)
        for name, first in reversed(names)
    )
    texas = replace(plan.sites[0], price=MarginalPrice(plan.sites[0].price.per_kwh, parts))
    named = replace(evaluation, plan=replace(plan, sites=(texas, *plan.sites[1:])))
    assert headline(named, EN, NOW).detail.endswith("start all 412 at 21:00 (Texas 1, off-peak).")


def test_next_changes_of_every_kind() -> None:
    start = replace(UP, at=NOW + HOUR, until=None, worth=480.0)
    eco = replace(start, before="normal", after="eco", group="s21", count=9)
    other = replace(eco, after="low", group="xp", site="alberta", count=1)
    assert "start 412, change 9 to eco at 13:00 (Texas 1, " in said(start, eco).detail
    assert said(start).detail.endswith("worth 245 USD a day.")
    both = said(eco, other).detail
    assert both.startswith("Next: change the mode of 10 at 13:00 (Texas 1 and Alberta)")
    again = said(replace(DOWN, before=OFF, after="normal"), replace(DOWN, at=NINE, until=None))
    assert "Next: power down 412" in again.detail


def test_what_starts_and_is_stopped_again_is_all_of_it() -> None:
    evaluation = planned(replace(UP, at=NOW, until=NINE), replace(DOWN, at=NINE, until=None))
    off = tuple(
        replace(each, state_now=StateNow(())) if each.id == "s19j" else each
        for each in evaluation.book.groups
    )
    assert evaluation.plan is not None
    book = replace(evaluation.book, groups=off)
    found = replace(evaluate(book), plan=replace(evaluation.plan, book=book))
    assert "Next: power down all 412 at 21:00" in headline(found, EN, NOW).detail


def test_far_sites_are_counted_and_worths_nobody_knows_left_out() -> None:
    moves = [replace(DOWN, at=NOW + HOUR, site=f"s{n}", worth=math.nan) for n in range(3)]
    assert said(*moves).detail == "Next: power down 1,236 at 13:00 (3 sites)."
    assert said(replace(DOWN, worth=math.nan)).detail == ""
    free = replace(DOWN, why=Why.PINNED, worth=0.0, forced=True)
    assert said(free).detail.startswith("It is owed: ")
    event = replace(DOWN, at=NOW + HOUR, why=Why.EVENT, detail="Grid call", forced=True, worth=-5.0)
    assert said(event).detail == "Next: power down 412 at 13:00 (Texas 1, Grid call) until 21:00."
    alien = replace(DOWN, at=NOW + HOUR, site="gone")
    assert "at 13:00 (gone) until" in said(alien).detail
