"""The Fleet page over real services: a real profile, the sample farm, an injected clock."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import pytest
from pytestqt.qtbot import QtBot

from minerdesk.assembly import build
from minerdesk.domain.book import Book
from minerdesk.domain.readings import NetworkState
from minerdesk.domain.rigs import RigGroup
from minerdesk.services.desk import Desk
from minerdesk.services.evaluation import Evaluation, Evaluator
from minerdesk.services.words.formats import Formats
from minerdesk.storage import book_file, resources
from minerdesk.ui.contracts import Change
from minerdesk.ui.icons import Icons
from minerdesk.ui.page import PageContext
from minerdesk.ui.pages.fleet import FleetPage
from minerdesk.ui.state import DeskState
from minerdesk.ui.tasks import TaskRunner
from minerdesk.ui.theme import Theme
from tests.support.fake_desk import NOW
from tests.ui.fleet.books import at_price


def sample(name: str) -> Book:
    """A shipped sample book."""
    return book_file.decode(resources.sample_path(name).read_bytes())


@dataclass
class Hall:
    """The page and all around it; evaluates at once after each edit, as the pump soon would."""

    desk: Desk
    state: DeskState
    theme: Theme
    tasks: TaskRunner
    network: NetworkState
    evaluates: bool = True
    locale: str = "en"
    toasts: list[str] = field(default_factory=list)
    ran: list[str] = field(default_factory=list)
    _evaluator: Evaluator = field(default_factory=Evaluator)
    _page: FleetPage | None = None

    @property
    def page(self) -> FleetPage:
        assert self._page is not None
        return self._page

    @property
    def book(self) -> Book:
        return self.desk.book.book

    def group(self, group_id: str) -> RigGroup:
        return next(group for group in self.book.groups if group.id == group_id)

    def evaluation(self) -> Evaluation:
        return self._evaluator.evaluate(
            self.book, self.network, NOW, book_revision=self.desk.book.revision
        )

    def tick(self, network: NetworkState | None = None) -> None:
        """Newer numbers arrive, and the page's clock beats."""
        self.network = network or self.network
        self.state.set_slice("network", self.network)
        self.state.set_slice("evaluation", self.evaluation())
        self.page.tick(NOW)

    def steps(self) -> int:
        """How many steps can be undone; undoes them."""
        count = 0
        while self.desk.book.can_undo:
            self.desk.book.undo()
            count += 1
        return count

    def changed(self) -> None:
        self.state.set_slice("book", self.book)
        if self.evaluates:
            self.state.set_slice("evaluation", self.evaluation())
        if self._page is not None:
            self._page.tick(NOW)


class MakeHall(Protocol):
    def __call__(self, book: Book, *, locale: str = "en") -> Hall: ...


@pytest.fixture
def make_hall(tmp_path: Path, theme: Theme, tasks: TaskRunner, qtbot: QtBot) -> Iterator[MakeHall]:
    desks = []

    def make(book: Book, *, locale: str = "en") -> Hall:
        desk = build(tmp_path / "profile", offline=True, clock=lambda: NOW)
        desks.append(desk)
        desk.book.new(book)
        hall = Hall(desk, DeskState(), theme, tasks, at_price(93_049), locale=locale)
        hall.changed()
        desk.book.subscribe(lambda _book, _revision: hall.changed())

        def run_command(text: str, change: Change) -> None:
            desk.book.apply(text, change)

        context = PageContext(
            state=hall.state,
            theme=theme,
            icons=Icons(theme, hall.state),
            formats=Formats(hall.locale),
            run_command=run_command,
            tasks=tasks,
            services=desk,
            toast=lambda text, _tone="info", _action=None: hall.toasts.append(text),
            go=lambda _name, /, **_selection: None,
            now=lambda: NOW,
            run_action=hall.ran.append,
        )
        page = FleetPage(context)
        hall._page = page
        qtbot.addWidget(page)
        page.resize(1280, 800)
        page.show()
        return hall

    yield make
    for desk in desks:
        desk.close()


@pytest.fixture
def farm(make_hall: MakeHall) -> Hall:
    """The page over the sample farm."""
    return make_hall(sample("farm"))


@pytest.fixture
def empty(make_hall: MakeHall) -> Hall:
    """The page over an empty book."""
    return make_hall(Book())
