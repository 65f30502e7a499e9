from __future__ import annotations

from datetime import UTC

import pytest
from pytestqt.qtbot import QtBot

from minerdesk.services.words import Formats
from minerdesk.ui.pages.profitability import ProfitabilityPage
from minerdesk.ui.profitability.scene import Scene, scene_of
from minerdesk.ui.state import DeskState
from minerdesk.ui.tasks import TaskRunner
from minerdesk.ui.theme import Theme
from tests.support.desk_pages import Asked, history, page_context
from tests.support.evaluations import NOW, TWO_MODES, book, evaluate, group

# A group that earns, one that loses, one that is off and would lose, one with two modes.
BOOK = book(
    group("good", "cheap", 100),
    group("bad", "dear", 20),
    group("off", "dear", 10, running=()),
    group("dual", "even", 5, model=TWO_MODES),
)


@pytest.fixture
def formats() -> Formats:
    return Formats("en", UTC)


@pytest.fixture
def scene(formats: Formats) -> Scene:
    found = scene_of(evaluate(BOOK), formats)
    assert found is not None
    return found


@pytest.fixture
def asked() -> Asked:
    return Asked()


@pytest.fixture
def state() -> DeskState:
    return DeskState()


@pytest.fixture
def page(
    state: DeskState, theme: Theme, tasks: TaskRunner, asked: Asked, qtbot: QtBot
) -> ProfitabilityPage:
    made = ProfitabilityPage(page_context(state, theme, tasks, asked, lambda: NOW))
    qtbot.addWidget(made)
    made.resize(1100, 700)
    state.set_slice("evaluation", evaluate(BOOK))
    state.set_slice("history", history(NOW))
    made.show()
    return made
