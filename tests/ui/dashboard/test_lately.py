from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from minerdesk.services.standing.changes import Cause, Change
from minerdesk.services.standing.view import StandingView
from minerdesk.services.words import Formats
from minerdesk.ui.dashboard.outlook import after_retarget, lately
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


def test_what_the_next_retarget_does_to_the_rigs() -> None:
    found = evaluate(BOOK)
    view = standing(found)
    for rigs, said in (
        (560, "After it 560 more rigs earn."),
        (1, "After it 1 more rig earns."),
        (-20, "After it 20 rigs no longer earn."),
        (0, "After it the same rigs earn."),
        (None, ""),
    ):
        assert after_retarget(replace(view, rigs_after=rigs), found, FORMATS) == said
    assert after_retarget(None, found, FORMATS) == ""
    other = evaluate(replace(BOOK, name="Other"))
    assert after_retarget(replace(view, rigs_after=560), other, FORMATS) == ""


def test_it_stands_behind_the_retarget(stage: Stage, put_up: Callable[[], DashboardPage]) -> None:
    stage.open("farm")
    found = stage.settle()
    page = put_up()
    stage.state.set_slice("standing", replace(standing(found), rigs_after=560))
    page.tick(stage.now)
    assert page.outlook.text().endswith("in 3 d 10 h. After it 560 more rigs earn.")
    stage.state.set_slice("network", replace(stage.network, retarget=None))
    page.tick(stage.now)
    assert "After it" not in page.outlook.text()


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
