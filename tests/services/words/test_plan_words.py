from __future__ import annotations

from dataclasses import replace
from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

import pytest

from minerdesk.domain.rigs import Pin
from minerdesk.services.planning.plan import Flips, Gains, Move, PlanOptions, WhatIf, Why
from minerdesk.services.words import Formats
from minerdesk.services.words.plan_moves import pin_sentence
from minerdesk.services.words.plan_words import PlanWords
from tests.support.evaluations import NOW
from tests.support.plans import a_plan

EN = Formats("en", UTC)
PLAN = a_plan()
WORDS = PlanWords(PLAN, EN)


def move(group: str, why: Why, *, advised: bool = True) -> Move:
    return next(
        each
        for each in PLAN.moves
        if each.group == group and each.why is why and each.advised is advised
    )


DOWN = move("s19j", Why.POWER_DEARER_THAN_WORTH)
START = move("m30", Why.POWER_CHEAPER_THAN_WORTH)
MODE = move("xp", Why.OTHER_MODE_EARNS_MORE)
FORCED = move("s19j", Why.EVENT)
CLOSE = move("s19j", Why.POWER_DEARER_THAN_WORTH, advised=False)


def test_a_move_says_when_what_where_and_until() -> None:
    text = WORDS.move(DOWN)
    assert text == "Mon 18:00 power down 412 × S19j Pro at Texas 1 until Tue 03:00"
    assert WORDS.move(START) == "Mon 12:00 start 102 × M30S++ at Texas 1 until 13:00"
    assert "change 600 × S19 XP to eco at Alberta" in WORDS.move(MODE)


def test_what_has_no_end_is_worth_so_much_a_day() -> None:
    days = (PLAN.ends - DOWN.at).total_seconds() / 86_400
    endless = replace(DOWN, until=None, worth=429.0 * days, doubt=10.0 * days)
    assert WORDS.worth(endless) == "429 USD a day"
    assert WORDS.worth(endless, doubt=True) == "429 ±10 USD a day"
    owed = replace(
        FORCED, until=None, worth=-429.0 * (PLAN.ends - FORCED.at).total_seconds() / 86_400
    )
    assert any("costs 429 USD a day" in said for said in WORDS.told(owed))


def test_times_are_of_the_zone_asked_for() -> None:
    text = PlanWords(PLAN, EN, ZoneInfo("America/Chicago")).move(DOWN)
    assert text == "Mon 12:00 power down 412 × S19j Pro at Texas 1 until 21:00"


def test_an_open_end_is_not_said_and_a_start_names_the_mode_where_there_are_several() -> None:
    last = replace(START, group="s21", until=None, after="eco")
    assert WORDS.move(last) == "Mon 12:00 start 102 × S21 in eco at Texas 1"


def test_from_a_week_on_the_date_is_said() -> None:
    far = replace(DOWN, at=NOW + timedelta(days=8), until=None)
    assert WORDS.move(far).startswith("Tue 27 Jan 12:00 ")


def test_groups_that_are_alike_are_told_apart() -> None:
    words = PlanWords(a_plan(copies=2), EN)
    assert words.group_name("s21") != words.group_name("s21-1")


@pytest.mark.parametrize(
    ("why", "part"),
    [
        (Why.POWER_DEARER_THAN_WORTH, "0.118 > 0.057 USD/kWh: power costs more than it earns"),
        (Why.POWER_CHEAPER_THAN_WORTH, "it earns more than its power costs"),
        (Why.OTHER_MODE_EARNS_MORE, "off earns more than normal"),
        (Why.RETARGET, "the difficulty changes by −3.8%; then mean 0.118 > 0.057 USD/kWh"),
        (Why.EVENT, "an event limits Texas 1 to ∞"),
        (Why.SITE_LIMIT, "Texas 1 may draw no more than"),
        (Why.SITE_LEAST, "Texas 1 must draw at least 500 kW"),
        (Why.SITE_RAMP, "Texas 1 may change its load only so fast"),
        (Why.DEMAND_PEAK, "a new peak at Texas 1 would cost a demand charge"),
        (Why.PINNED, "not pinned"),
        (Why.PAID_TO_CONSUME, "0.118 USD/kWh: using power is paid for"),
    ],
)
def test_every_why_has_its_words(why: Why, part: str) -> None:
    told = WORDS.why(replace(DOWN, why=why, price_per_kwh=0.118, break_even_per_kwh=0.057))
    assert part in told


def test_prices_that_are_close_get_digits_until_they_differ() -> None:
    close = replace(DOWN, price_per_kwh=0.05712, break_even_per_kwh=0.05708)
    assert WORDS.why(close).startswith("mean 0.05712 > 0.05708 USD/kWh")
    unknown = replace(DOWN, break_even_per_kwh=float("nan"), price_per_kwh=0.05)
    assert WORDS.why(unknown).startswith("0.050 USD/kWh")


def test_a_rule_names_itself_and_what_it_overrides() -> None:
    assert WORDS.why(FORCED) == "Grid call limits Texas 1 to 1.50 MW"
    ended = replace(FORCED, overrides_min_on=True)
    assert WORDS.why(ended).endswith("; it ends their time on before its shortest")
    named = replace(DOWN, why=Why.DEMAND_PEAK, detail="summer demand")
    assert WORDS.why(named).endswith("(summer demand)")


def test_flips_list_what_is_known() -> None:
    some = replace(DOWN, flips=Flips(120_500.0, 0.0612, None))
    assert WORDS.flips(some) == (
        "It is worth nothing at a BTC price of 120,500 USD or a mean power price of "
        "0.061 USD/kWh, all else as it is."
    )
    lone = replace(DOWN, flips=Flips(difficulty=150e12))
    assert WORDS.flips(lone).startswith("It is worth nothing at a difficulty of 150.0 T,")
    assert "No price" in WORDS.flips(replace(DOWN, flips=Flips()))
    assert WORDS.flips(FORCED).startswith("A rule demands it")


def test_all_that_is_told_of_a_move() -> None:
    assert any("±" in said for said in WORDS.told(DOWN))
    assert any("which is owed" in said for said in WORDS.told(FORCED))
    assert any(said.startswith("Too close to call") for said in WORDS.told(CLOSE))
    resting = WORDS.told(replace(DOWN, on_forecast=0.4))
    assert "40% of its worth rests on forecast prices." in resting
    assert WORDS.worth(replace(DOWN, worth=float("nan"))) == "–"


def test_the_headline_says_what_is_due_now() -> None:
    said = WORDS.headline(NOW)
    assert said.sentence == "Now: start 102 × M30S++ at Texas 1 until 13:00."
    assert "over always-on in 48 h, 29% of it on forecast prices" in said.detail
    assert said.detail.endswith("proved within 0.01%, made 12:00.")
    assert said.tone == "warn"


def test_the_headline_says_what_is_next() -> None:
    said = WORDS.headline(NOW + timedelta(hours=5, minutes=1))
    assert said.sentence == "Now: power down 102 × M30S++ at Texas 1 until Tue 03:00."
    later = WORDS.headline(NOW + timedelta(hours=7, minutes=30))
    assert later.sentence.startswith("Next, 21:00: change 1,200 × S21 to eco at Texas 1")


def test_moves_of_one_moment_are_summed() -> None:
    said = WORDS.headline(NOW + timedelta(hours=1)).sentence
    assert said == "Now: power down 102 of 2,694 rigs, change the mode of 600."


def test_without_moves_nothing_is_to_be_done() -> None:
    calm = a_plan(quiet=True)
    said = PlanWords(calm, EN).headline(NOW)
    assert said.sentence == "Nothing to do until Wed 12:00."
    assert said.detail.startswith("Worth nothing over always-on in 48 h;")
    unsure = replace(PLAN, moves=(CLOSE,))
    assert PlanWords(unsure, EN).headline(NOW).sentence.startswith("Nothing sure to do until")


def test_a_plan_that_still_improves_says_so() -> None:
    early = a_plan(finished=False, bound=PLAN.objective * 1.008)
    assert "improving… 0.8%" in PlanWords(early, EN).headline(NOW).detail


def test_a_plan_that_cannot_be_says_why() -> None:
    said = PlanWords(a_plan(cannot="Texas 1 needs 500 kW at least."), EN).headline(NOW)
    assert (said.sentence, said.detail) == (
        "There is no plan.",
        "Texas 1 needs 500 kW at least.",
    )


def test_a_baseline_that_breaks_a_rule_is_told_and_another_taken() -> None:
    gains = Gains(None, 5.0, 120.0, why_not_always_on="Alberta would draw 3.2 MW.")
    told = PlanWords(a_plan(advised_gains=gains), EN).headline(NOW).detail
    assert told.startswith("Worth 120 USD over leaving all as it is")
    assert told.endswith("Running everything is not possible: Alberta would draw 3.2 MW.")
    none = replace(gains, over_threshold=None, over_as_is=None)
    told = PlanWords(a_plan(advised_gains=none), EN).headline(NOW).detail
    assert told.startswith(
        f"Leaves {EN.money(PLAN.advised_objective, 'USD', 0)} after power in 48 h"
    )


def test_a_what_if_is_said_first_and_is_no_advice() -> None:
    plan = a_plan(options=PlanOptions(what_if=WhatIf(1.2, 1.0, 0.95)))
    said = PlanWords(plan, EN).headline(NOW)
    assert said.sentence.startswith("What if: BTC price +20%, power price −5%. ")
    assert said.tone == ""


def test_pins_and_what_they_cost() -> None:
    assert WORDS.pin_costs() == (
        "2 pins cost 218 USD: S19j Pro, Alberta (on, 215 USD); M30S++, Alberta (off, 3.20 USD)."
    )
    assert PlanWords(a_plan(quiet=True), EN).pin_costs() == ""
    many = PlanWords(a_plan(copies=2), EN).pin_costs()
    assert many.startswith("4 pins cost 436 USD: S19j Pro, Alberta, s19j-north (on, 215 USD);")
    assert many.endswith(" and 1 more.")
    free = a_plan(pin_costs=(("m30-north", 0.0),))
    assert PlanWords(free, EN).pin_costs() == (
        "M30S++, Alberta is pinned off, which costs nothing."
    )
    assert pin_sentence(Pin.ON) == "pinned on"


def test_long_horizons_are_said_in_days() -> None:
    assert PlanWords(a_plan(hours=168), EN).horizon() == "7 d"


def test_a_price_that_holds_throughout_a_move_is_no_mean() -> None:
    within = replace(DOWN, until=DOWN.at + PLAN.step)
    assert WORDS.why(within).startswith("0.090 > ")
    assert WORDS.why(DOWN).startswith("mean 0.")
