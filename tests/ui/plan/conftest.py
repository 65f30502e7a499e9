from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from pytestqt.qtbot import QtBot

from minerdesk.domain.book import Book
from minerdesk.domain.cancel import CancelToken
from minerdesk.domain.errors import UserError
from minerdesk.domain.readings import NetworkState
from minerdesk.services.planning.plan import Plan, PlanOptions
from minerdesk.services.settings import Settings
from minerdesk.services.words import Formats
from minerdesk.ui.page import PageContext
from minerdesk.ui.pages.plan import PlanPage
from minerdesk.ui.plan.scene import Scene, scene_of
from minerdesk.ui.state import DeskState
from minerdesk.ui.tasks import TaskRunner
from minerdesk.ui.theme import Theme
from tests.support.desk_pages import Asked, page_context
from tests.support.evaluations import NOW, evaluate, network
from tests.support.plans import a_plan

PLAN = a_plan()
LATER = NOW + timedelta(hours=1, minutes=20)


class Planner:
    """Answers what the page asks with made-up plans, and writes down what was asked."""

    def __init__(self) -> None:
        self.asked: list[PlanOptions] = []
        self.answer: Callable[[PlanOptions], Plan] = lambda options: a_plan(options=options)
        self.first: Callable[[PlanOptions], Plan] | None = None
        self.wait_s = 0.0
        self.held: threading.Event | None = None  # while it is not set the last answer waits

    def plan(
        self,
        book: Book,
        _book_revision: int,
        _network: NetworkState,
        options: PlanOptions,
        token: CancelToken,
        on_better: Callable[[Plan], None] | None = None,
    ) -> Plan:
        assert book.groups
        self.asked.append(options)
        if self.first is not None and on_better is not None:
            on_better(self.first(options))
        if self.wait_s:
            token.wait(self.wait_s)
        while self.held is not None and not self.held.is_set() and not token.wait(0.002):
            pass
        token.check()
        return self.answer(options)


class Stage:
    """A page, and everything that it may ask."""

    def __init__(self, theme: Theme, tasks: TaskRunner) -> None:
        self.asked = Asked()
        self.state = DeskState()
        self.planner = Planner()
        self.commands: list[str] = []
        self.toasts: list[tuple[str, str]] = []
        self.book = PLAN.book
        self.kept: list[Settings] = []
        self.now = LATER
        context = page_context(self.state, theme, tasks, self.asked, lambda: self.now)
        services = SimpleNamespace(
            refresh=SimpleNamespace(offline=False),
            book=SimpleNamespace(book=self.book, revision=1, read_only=False),
            plan=self.planner.plan,
            settings=Settings(),
            plan_options=PlanOptions(),
            change_settings=self.kept.append,
        )
        self.context = PageContext(
            state=context.state,
            theme=context.theme,
            icons=context.icons,
            formats=context.formats,
            run_command=self.run_command,
            tasks=tasks,
            services=services,
            toast=self.toast,
            go=self.asked.go,
            now=context.now,
            run_action=self.asked.run,
        )

    def run_command(self, text: str, change: Callable[[Book], Book]) -> None:
        held = self.context.services.book
        if held.read_only:
            raise UserError("This book cannot be changed here.")
        self.commands.append(text)
        self.book = held.book = change(self.book)

    def toast(self, text: str, tone: str = "info", action: object = None) -> None:
        del action
        self.toasts.append((text, tone))

    def fill(self, plan: Plan = PLAN) -> None:
        self.state.set_slice("network", network())
        self.state.set_slice("evaluation", evaluate(plan.book))
        self.state.set_slice("plan", plan)


@pytest.fixture
def formats() -> Formats:
    return Formats("en", UTC)


@pytest.fixture
def scene(formats: Formats) -> Scene:
    return scene_of(PLAN, formats)


@pytest.fixture
def stage(theme: Theme, tasks: TaskRunner) -> Stage:
    return Stage(theme, tasks)


@pytest.fixture
def page(stage: Stage, qtbot: QtBot) -> PlanPage:
    made = PlanPage(stage.context)
    qtbot.addWidget(made)
    made.resize(1110, 720)
    stage.fill()
    made.show()
    return made


def hour_s(hours: float) -> float:
    """Return a time so many hours into the plan, seconds since 1970 UTC."""
    return datetime.timestamp(PLAN.begins + timedelta(hours=hours))
