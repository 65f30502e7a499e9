"""The window over a small desk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from minerdesk.ui.errors import Errors
from minerdesk.ui.main_window import MainWindow
from minerdesk.ui.pump import Pump
from minerdesk.ui.state import DeskState
from minerdesk.ui.tasks import TaskRunner
from minerdesk.ui.theme import Theme
from tests.support.fake_desk import NOW, FakeDesk, network_state
from tests.ui.shell.parts import PAGES


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[FakeDesk]:
    made = FakeDesk(tmp_path / "profile")
    yield made
    made.close()
    assert made.journal_errors == []


@pytest.fixture
def window(desk: FakeDesk, theme: Theme, tasks: TaskRunner, qtbot: QtBot) -> Iterator[MainWindow]:
    state = DeskState()
    pump = Pump(desk, state, tasks)
    errors = Errors()
    made = MainWindow(
        desk,
        state,
        theme,
        tasks=tasks,
        errors=errors,
        pump=pump,
        pages=PAGES,
        now=lambda: NOW,
    )
    qtbot.addWidget(made, before_close_func=lambda _w: desk.book.new())
    made.go("dashboard")
    made.show()
    pump.start()
    state.set_slice("network", network_state())
    qtbot.waitUntil(lambda: pump.settled)
    yield made
    pump.stop()
