from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from minerdesk.services.standing.changes import Cause, Change
from minerdesk.services.standing.view import StandingView
from minerdesk.services.words import Formats
from minerdesk.ui.dashboard.outlook import lately
from minerdesk.ui.pages.dashboard import DashboardPage
from tests.support.evaluations import evaluate, example_network
from tests.support.standings import BOOK, standing
from tests.ui.dashboard.stage import Stage

FORMATS = Formats("en")
CHANGE = Change(Cause.DIFFICULTY, -3.3, 1_140, 5_000.0)


def changed(view: StandingView) -> StandingView:
    return replace(view, change=CHANGE)


def test_what_changed_is_said_of_the_very_book() -> None:
    found = evaluate(BOOK)
    said = lately(changed(standing(found)), found, FORMATS)
    assert said == "Difficulty fell 3.3%: 1,140 rigs earn again."
    assert lately(standing(found), found, FORMATS) == ""
    other = evaluate(replace(BOOK, name="Other"))
    assert lately(changed(standing(found)), other, FORMATS) == ""
    assert lately(None, found, FORMATS) == ""


def test_an_example_has_no_news() -> None:
    example = evaluate(BOOK, example_network())
    assert lately(changed(standing(example)), example, FORMATS) == ""


def test_it_stands_first_under_the_moves(stage: Stage, put_up: Callable[[], DashboardPage]) -> None:
    stage.open("farm")
    found = stage.settle()
    page = put_up()
    stage.state.set_slice("standing", changed(standing(found)))
    page.tick(stage.now)
    assert page.outlook.text().startswith("Difficulty fell 3.3%: 1,140 rigs earn again.")
