from __future__ import annotations

from dataclasses import replace
from datetime import UTC

from minerdesk.services.reports.plan_text import plan_text
from minerdesk.services.words import Formats
from minerdesk.services.words.plan_words import PlanWords
from minerdesk.services.words.plan_worth import not_compared, rests_on, worth_heads, worth_rows
from tests.support.evaluations import NOW
from tests.support.plans import a_plan

EN = Formats("en", UTC)
PLAN = a_plan(
    advised_objective=3_000.0,
    objective=3_010.0,
    bound=3_010.0,
    advised_gains=replace(
        a_plan().advised_gains, over_always_on=1_450.0, over_threshold=80.0, over_as_is=None
    ),
    starts=240,
)
WORDS = PlanWords(PLAN, EN)


def test_each_gain_is_told_over_the_horizon_and_a_day() -> None:
    rows = {row.name: row for row in worth_rows(WORDS)}
    assert worth_heads(WORDS) == ("", "advised, 48 h, USD", "a day", "exact")
    margin = rows["cash margin"]
    assert (margin.advised, margin.a_day, margin.exact) == (
        "+3,000",
        "+1,500",
        "+3,010",
    )
    always_on = rows["over always on"]
    assert (always_on.advised, always_on.a_day) == ("+1,450", "+725")
    threshold = rows["over the plain threshold"]
    assert (threshold.advised, threshold.a_day) == ("+80", "+40")
    assert rows["over leaving all as it is"].a_day == "–"
    assert rows["of it on forecast prices"].advised == "29%"
    started = rows["rigs started"]
    assert (started.advised, started.a_day) == ("240", "120")
    assert rows["moves"].advised == EN.count(len(PLAN.advised))
    assert rows["proved within"].exact == "0.01%"


def test_one_start_in_two_days_is_not_none_a_day() -> None:
    for starts, a_day in ((0, "0"), (1, "0.5"), (3, "1.5"), (21, "10")):
        rows = {row.name: row for row in worth_rows(PlanWords(replace(PLAN, starts=starts), EN))}
        assert rows["rigs started"].a_day == a_day


def test_what_cannot_be_compared_says_why() -> None:
    assert not_compared(WORDS) == ()
    gains = replace(
        PLAN.advised_gains,
        over_always_on=None,
        why_not_always_on="it draws 12 kW too much",
        over_threshold=None,
        why_not_threshold="it starts too often.",
        why_not_as_is="it draws nothing",
    )
    assert not_compared(PlanWords(replace(PLAN, advised_gains=gains), EN)) == (
        "Running everything is not possible: it draws 12 kW too much.",
        "The plain threshold is not possible: it starts too often.",
        "Leaving all as it is is not possible: it draws nothing.",
    )


def test_what_it_rests_on_is_said_once() -> None:
    sites = tuple(replace(site, notes=(*PLAN.notes, "A note.")) for site in PLAN.sites)
    assert rests_on(PlanWords(replace(PLAN, sites=sites), EN)) == (
        *PLAN.notes,
        "A note.",
        WORDS.pin_costs(),
    )


def test_the_text_of_a_plan_holds_it_too() -> None:
    lines = plan_text(PLAN, EN, NOW).splitlines()
    (threshold,) = (line for line in lines if line.strip().startswith("over the plain threshold"))
    assert threshold.split()[4:6] == ["+80", "+40"]
    assert any(line.strip().startswith("rigs started") for line in lines)
