"""Moves values from the services into the slices: poll, evaluate, read the history."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Slot

from minerdesk.domain.book import Book
from minerdesk.domain.cancel import CancelToken
from minerdesk.domain.readings import NetworkState
from minerdesk.ui.contracts import Desk
from minerdesk.ui.state import DeskState
from minerdesk.ui.tasks import TaskRunner


class Coalesced(QObject):
    """A task that runs once at a time; asked again meanwhile, it runs once more at the end."""

    def __init__(
        self,
        name: str,
        tasks: TaskRunner,
        begin: Callable[[], Callable[[CancelToken], object] | None],
        done: Callable[[object], None],
        parent: QObject | None = None,
    ) -> None:
        """Describe the task.

        Args:
            name: as `TaskRunner.start` takes it.
            tasks: where it runs.
            begin: called in the GUI thread just before each run; returns the work over the newest
                values, or None where there is nothing to do.
            done: gets each result, in the GUI thread.
            parent: as of any object.
        """
        super().__init__(parent)
        self._name = name
        self._tasks = tasks
        self._begin = begin
        self._done = done
        self._busy = False
        self._again = False

    @property
    def busy(self) -> bool:
        """Whether a run has not delivered yet."""
        return self._busy

    def ask(self) -> None:
        """Run now, or once more after the present run."""
        if self._busy:
            self._again = True
            return
        work = self._begin()
        if work is None:
            return
        self._busy = True
        self._tasks.start(self._name, work, done=self._finish, failed=self._fail)

    def _finish(self, result: object) -> None:
        self._busy = False
        self._done(result)
        self._next()

    def _fail(self, error: BaseException) -> None:
        self._busy = False
        self._tasks.failed.emit(self._name, error)
        self._next()

    def _next(self) -> None:
        if self._again:
            self._again = False
            self.ask()


class Pump(QObject):
    """Keeps the slices fresh. It decides when, the services decide what."""

    def __init__(
        self,
        desk: Desk,
        state: DeskState,
        tasks: TaskRunner,
        *,
        poll_every_s: float = 5.0,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._desk = desk
        self._state = state
        self._poll = Coalesced("poll", tasks, lambda: desk.poll, self._polled, self)
        self._evaluate = Coalesced("evaluate", tasks, self._evaluation, self._evaluated, self)
        self._history = Coalesced("history", tasks, lambda: desk.read_history, self._read, self)
        # Which source is due when is the services' to know; this only asks often enough.
        self._clock = QTimer(self, interval=int(poll_every_s * 1000))
        self._clock.timeout.connect(self.poll)
        # Advice ends when its numbers grow too old, though nothing else changes.
        self._ageing = QTimer(self, interval=60_000)
        self._ageing.timeout.connect(self._evaluate.ask)
        state.changed.connect(self._changed)

    def start(self) -> None:
        """Fill the slices and begin to poll."""
        desk, state = self._desk, self._state
        desk.book.subscribe(self._book_changed)
        state.set_slice("network", desk.network)
        self._book_changed()
        self._history.ask()
        self.poll()
        self._clock.start()
        self._ageing.start()

    def stop(self) -> None:
        """Poll no more."""
        self._clock.stop()
        self._ageing.stop()

    @Slot()
    def poll(self) -> None:
        """Ask the sources that are due, unless they are being asked."""
        if not self._poll.busy:
            self._poll.ask()

    @property
    def settled(self) -> bool:
        """Whether nothing is under way."""
        return not (self._poll.busy or self._evaluate.busy or self._history.busy)

    @Slot(str)
    def _changed(self, name: str) -> None:
        if name in {"book", "network"}:
            self._evaluate.ask()

    def _book_changed(self) -> None:
        self._state.set_slice("book", self._desk.book.book)

    def _evaluation(self) -> Callable[[CancelToken], object] | None:
        book, network = self._state.slice("book"), self._state.slice("network")
        if not isinstance(book, Book) or not isinstance(network, NetworkState):
            return None
        revision = self._desk.book.revision
        return lambda token: self._desk.evaluate(book, revision, network, token)

    def _polled(self, network: object) -> None:
        if network is not self._state.slice("network"):
            self._state.set_slice("network", network)
            self._history.ask()
        self._state.set_slice("sources", self._desk.sources)

    def _evaluated(self, evaluation: object) -> None:
        self._state.set_slice("evaluation", evaluation)

    def _read(self, history: object) -> None:
        self._state.set_slice("history", history)
