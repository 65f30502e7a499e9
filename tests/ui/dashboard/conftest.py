"""The Dashboard on its stage."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from minerdesk.ui.pages.dashboard import DashboardPage
from minerdesk.ui.tasks import TaskRunner
from minerdesk.ui.theme import Theme
from tests.ui.dashboard.stage import Stage


@pytest.fixture
def stage(tmp_path: Path, theme: Theme, tasks: TaskRunner) -> Iterator[Stage]:
    made = Stage(tmp_path / "profile", theme, tasks)
    yield made
    made.close()


@pytest.fixture
def put_up(stage: Stage, qtbot: QtBot) -> Callable[[], DashboardPage]:
    """Makes the page and shows it."""

    def show() -> DashboardPage:
        page = DashboardPage(stage.context)
        qtbot.addWidget(page)
        page.resize(1100, 730)
        page.show()
        qtbot.waitExposed(page)
        return page

    return show
