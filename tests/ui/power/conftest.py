"""The Power page over real services: a real profile, the sample farm, an injected clock."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import pytest
from pytestqt.qtbot import QtBot

from minerdesk.assembly import build
from minerdesk.domain.book import Book
from minerdesk.domain.cancel import CancelToken
from minerdesk.domain.sites import Site
from minerdesk.domain.tariff import Tariff
from minerdesk.services.desk import Desk
from minerdesk.services.words.formats import Formats
from minerdesk.ui.contracts import Change
from minerdesk.ui.icons import Icons
from minerdesk.ui.page import PageContext
from minerdesk.ui.pages.power import PowerPage
from minerdesk.ui.state import DeskState
from minerdesk.ui.tasks import TaskRunner
from minerdesk.ui.theme import Theme
from tests.support.evaluations import RIG, group, network
from tests.support.fake_desk import NOW

BOOK = Book(
    name="Test",
    sites=(
        Site("north", "North", "day", "America/Chicago"),
        Site("south", "South", "plain", "America/Asuncion"),
    ),
    tariffs=(Tariff("day", "Day", 0.06), Tariff("plain", "Plain", 0.04)),
    models=(RIG,),
    groups=(group("a", "north", 100), group("b", "south", 10)),
)


@dataclass
class Room:
    """The page and all around it; prices at once after each edit, as the pump soon would."""

    desk: Desk
    state: DeskState
    toasts: list[tuple[str, str]] = field(default_factory=list)
    gone_to: list[str] = field(default_factory=list)
    ran: list[str] = field(default_factory=list)
    _page: PowerPage | None = None

    @property
    def page(self) -> PowerPage:
        assert self._page is not None
        return self._page

    @property
    def book(self) -> Book:
        return self.desk.book.book

    @property
    def tariff(self) -> Tariff:
        """The first site's."""
        return next(each for each in self.book.tariffs if each.id == self.book.sites[0].tariff)

    def price(self) -> None:
        """The pump prices power, and the page's clock beats."""
        view = self.desk.power_view(self.book, self.desk.book.revision, network(), CancelToken())
        self.state.set_slice("power", view)
        if self._page is not None:
            self._page.tick(NOW)

    def steps(self) -> int:
        """How many steps can be undone; undoes them."""
        count = 0
        while self.desk.book.can_undo:
            self.desk.book.undo()
            count += 1
        return count


class MakeRoom(Protocol):
    def __call__(self, book: Book = BOOK) -> Room: ...


@pytest.fixture
def make_room(tmp_path: Path, theme: Theme, tasks: TaskRunner, qtbot: QtBot) -> Iterator[MakeRoom]:
    desks = []

    def make(book: Book = BOOK) -> Room:
        desk = build(tmp_path / "profile", offline=True, clock=lambda: NOW)
        desks.append(desk)
        desk.book.new(book)
        state = DeskState()
        room = Room(desk, state)
        state.set_slice("book", desk.book.book)

        def changed(book: Book, _revision: int) -> None:
            state.set_slice("book", book)

        desk.book.subscribe(changed)

        def run_command(text: str, change: Change) -> None:
            desk.book.apply(text, change)

        def toast(text: str, tone: str = "info", action: object = None) -> None:
            del action
            room.toasts.append((tone, text))

        context = PageContext(
            state=state,
            theme=theme,
            icons=Icons(theme, state),
            formats=Formats("en"),
            run_command=run_command,
            tasks=tasks,
            services=desk,
            toast=toast,
            go=lambda name, /, **_selection: room.gone_to.append(name),
            now=lambda: NOW,
            run_action=room.ran.append,
        )
        room.price()
        room._page = PowerPage(context)
        qtbot.addWidget(room.page)
        room.page.resize(1130, 720)
        room.page.show()
        return room

    yield make
    for desk in desks:
        desk.close()


@pytest.fixture
def room(make_room: MakeRoom) -> Room:
    """The page over two sites with flat tariffs."""
    return make_room()
