"""A page on a stage: the real desk over a temporary profile, and a window's doors that note."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from minerdesk.assembly import build
from minerdesk.domain.book import Book
from minerdesk.domain.cancel import CancelToken
from minerdesk.domain.readings import Gauge, NetworkState, Quantity, Reading, RetargetProjection
from minerdesk.services.evaluation import Evaluation, Evaluator
from minerdesk.services.words import Formats
from minerdesk.ui.actions import Action
from minerdesk.ui.contracts import Change
from minerdesk.ui.icons import Icons
from minerdesk.ui.page import PageContext
from minerdesk.ui.state import DeskState
from minerdesk.ui.tasks import TaskRunner
from minerdesk.ui.theme import Theme

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)


def live(age: timedelta = timedelta(minutes=2), **changes: object) -> NetworkState:
    """A complete state of the network whose numbers are of that age."""

    def gauge(quantity: Quantity, value: float, currency: str = "") -> Gauge:
        return Gauge(Reading(quantity, value, "source", NOW - age, currency=currency))

    state = NetworkState(
        revision=1000,
        price=gauge(Quantity.PRICE, 93_049, "USD"),
        height=gauge(Quantity.HEIGHT, 932_935),
        difficulty=gauge(Quantity.DIFFICULTY, 146.47e12),
        fees=gauge(Quantity.FEES, 0.0148),
        hashrate=gauge(Quantity.HASHRATE, 977e18),
        retarget=RetargetProjection(
            -3.8, 1.2, NOW + timedelta(days=3, hours=10), 933_408, 473, "own formula", NOW
        ),
        rates=(Reading(Quantity.EXCHANGE_RATE, 0.86, "ECB", NOW, currency="EUR"),),
        online=True,
    )
    return replace(state, **changes)  # type: ignore[arg-type] # fields by name


class Stage:
    """What a page is given, built over the real desk.

    Attributes:
        went: pages asked for with what to select there. ran: ids of window actions.
    """

    def __init__(self, folder: Path, theme: Theme, tasks: TaskRunner) -> None:
        self.desk = build(folder, offline=True, clock=lambda: NOW)
        self.state = DeskState()
        self.icons = Icons(theme)
        self.now = NOW
        self.network = live()
        self.went: list[tuple[str, dict[str, object]]] = []
        self.ran: list[str] = []
        self.toasts: list[str] = []
        self._evaluator = Evaluator()
        self.context = PageContext(
            state=self.state,
            theme=theme,
            icons=self.icons,
            formats=Formats("en", UTC),
            run_command=self._run,
            tasks=tasks,
            services=self.desk,
            toast=self._toast,
            go=self._go,
            now=lambda: self.now,
            run_action=self.ran.append,
        )

    def open(self, name: str) -> None:
        """Open a copy of a sample book: ``home`` or ``farm``."""
        opened = self.desk.book.read(self.desk.sample(name))
        if opened.lock is not None:
            opened.lock.release()
        self.show(opened.book)

    def show(self, book: Book) -> None:
        """Begin with a book, evaluated."""
        self.desk.book.new(book)
        self.settle()

    def settle(self) -> Evaluation:
        """Put book, network and a fresh evaluation into the slices, as the window does."""
        book = self.desk.book
        self.state.set_slice("book", book.book)
        self.state.set_slice("network", self.network)
        found = self._evaluator.evaluate(
            book.book, self.network, self.now, book_revision=book.revision
        )
        self.state.set_slice("evaluation", found)
        return found

    def example(self) -> None:
        """Fall back to the embedded snapshot."""
        self.network = self.desk.prepare(CancelToken())
        self.settle()

    def close(self) -> None:
        """Let the desk go."""
        self.icons.deleteLater()
        self.desk.close()

    def _run(self, text: str, change: Change) -> None:
        self.desk.book.apply(text, change)
        self.state.set_slice("book", self.desk.book.book)

    def _go(self, page_name: str, /, **selection: object) -> None:
        self.went.append((page_name, selection))

    def _toast(self, text: str, tone: str = "info", action: Action | None = None) -> None:
        del tone, action
        self.toasts.append(text)
