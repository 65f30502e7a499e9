"""The guided start and the samples in the real window over the real desk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from minerdesk.assembly import build
from minerdesk.ui.errors import Errors
from minerdesk.ui.main_window import MainWindow
from minerdesk.ui.page_table import all_pages
from minerdesk.ui.pages.dashboard import DashboardPage
from minerdesk.ui.pump import Pump
from minerdesk.ui.state import DeskState
from minerdesk.ui.tasks import TaskRunner
from minerdesk.ui.theme import Theme
from tests.ui.dashboard.stage import NOW


@pytest.fixture
def window(tmp_path: Path, theme: Theme, tasks: TaskRunner, qtbot: QtBot) -> Iterator[MainWindow]:
    desk = build(tmp_path, offline=True, clock=lambda: NOW)
    state = DeskState()
    pump = Pump(desk, state, tasks)
    made = MainWindow(
        desk,
        state,
        theme,
        tasks=tasks,
        errors=Errors(),
        pump=pump,
        pages=all_pages(),
        now=lambda: NOW,
    )
    qtbot.addWidget(made)
    made.go("dashboard")
    made.show()
    pump.start()
    qtbot.waitUntil(lambda: made.ready)
    yield made
    desk.book.new()  # nothing unsaved, nothing asked
    qtbot.waitUntil(lambda: pump.settled)
    pump.stop()
    desk.close()


def dashboard(window: MainWindow) -> DashboardPage:
    page = window.pages.current
    assert isinstance(page, DashboardPage)
    return page


def test_a_sample_opens_as_a_copy_without_a_file(window: MainWindow, qtbot: QtBot) -> None:
    page = dashboard(window)
    assert page.guide is not None
    page.guide.samples.cards["home"].click()
    qtbot.waitUntil(lambda: bool(window.desk.book.book.groups))
    qtbot.waitUntil(lambda: window.pump.settled)
    window.tick()
    assert window.desk.book.path is None
    assert window.desk.book.dirty
    assert "of 4 rigs" in page.answer.sentence.text()


def test_the_guided_start_is_an_action(window: MainWindow, qtbot: QtBot) -> None:
    page = dashboard(window)
    assert page.guide is not None
    page.guide.leave.click()
    assert window.table["book.guided"].run()
    assert page.guide is not None
    assert page.guide.isVisible()
    qtbot.waitUntil(lambda: window.pump.settled)


def test_the_empty_book_opens_others_through_the_window(window: MainWindow) -> None:
    page = dashboard(window)
    for action_id in ("book.open", "book.sample_home", "book.sample_farm", "network.poll"):
        assert window.table[action_id].id == action_id
    assert {action.id for action in page.page_actions()} <= {each.id for each in window.table}
