from __future__ import annotations

from dataclasses import replace
from datetime import UTC
from types import SimpleNamespace

import pytest
from pytestqt.qtbot import QtBot

from minerdesk.services.standing.door import StandingDoor
from minerdesk.services.standing.making import Beside
from minerdesk.services.words import Formats
from minerdesk.ui.page import PageContext
from minerdesk.ui.pages.standing import StandingPage
from minerdesk.ui.standing.scene import Scene
from minerdesk.ui.state import DeskState
from minerdesk.ui.tasks import TaskRunner
from minerdesk.ui.theme import Theme
from tests.support.desk_pages import Asked, page_context
from tests.support.evaluations import NOW
from tests.support.fake_desk import no_door
from tests.support.standings import BOOK, MODELS, daily, indicators, standing


@pytest.fixture
def formats() -> Formats:
    return Formats("en", UTC)


@pytest.fixture
def scene(formats: Formats) -> Scene:
    return Scene.of(standing(beside=Beside(MODELS, indicators(daily()))), formats)


@pytest.fixture
def asked() -> Asked:
    return Asked()


@pytest.fixture
def state() -> DeskState:
    return DeskState()


@pytest.fixture
def context(state: DeskState, theme: Theme, tasks: TaskRunner, asked: Asked) -> PageContext:
    made = page_context(state, theme, tasks, asked, lambda: NOW)
    services = SimpleNamespace(
        refresh=SimpleNamespace(offline=asked.offline),
        standing=StandingDoor(lambda: MODELS, lambda: 0.05, lambda: 0.03),
        indicators=no_door(),
    )
    return replace(made, services=services)


@pytest.fixture
def page(context: PageContext, state: DeskState, scene: Scene, qtbot: QtBot) -> StandingPage:
    made = StandingPage(context)
    qtbot.addWidget(made)
    made.resize(1103, 690)
    state.set_slice("book", BOOK)
    state.set_slice("standing", scene.view)
    made.show()
    return made
