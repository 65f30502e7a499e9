"""Moves values from the services into the slices: poll, evaluate, read the history."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from minerdesk.domain.book import Book
from minerdesk.domain.cancel import CancelToken
from minerdesk.domain.readings import NetworkState
from minerdesk.services.planning.plan import Plan
from minerdesk.ui.coalesced import Coalesced
from minerdesk.ui.contracts import Desk
from minerdesk.ui.history_pump import HistoryPump
from minerdesk.ui.plan_pump import PlanPump
from minerdesk.ui.state import DeskState
from minerdesk.ui.tasks import TaskRunner

_LOOK_MS = 2_000
_BEATS_BETWEEN = 15
_AGEING_MS = 60_000


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Pump(QObject):
    """Keeps the slices fresh. It decides when, the services decide what."""

    _arrived = Signal(object)
    _power_changed = Signal()

    def __init__(
        self,
        desk: Desk,
        state: DeskState,
        tasks: TaskRunner,
        parent: QObject | None = None,
        *,
        clock: Callable[[], datetime] = _utc_now,
    ) -> None:
        super().__init__(parent)
        self._desk = desk
        self._state = state
        self._poll = Coalesced("poll", tasks, lambda: self._ask_sources, self._polled, self)
        self._evaluate = Coalesced("evaluate", tasks, self._evaluation, self._evaluated, self)
        self._history = Coalesced("history", tasks, lambda: desk.read_history, self._read, self)
        self._power = Coalesced("power", tasks, self._power_work, self._powered, self)
        self._plan = PlanPump(desk, state, tasks, clock, self)
        self._live = Coalesced("prices", tasks, self._live_work, lambda _renewed: None, self)
        self._power_changed.connect(self._plan.ask, Qt.ConnectionType.QueuedConnection)
        self._power_changed.connect(self._evaluate.ask, Qt.ConnectionType.QueuedConnection)
        self._power_changed.connect(self._power.ask, Qt.ConnectionType.QueuedConnection)
        self._indicators = Coalesced("indicators", tasks, self._indication, self._indicated, self)
        self._standing = Coalesced("standing", tasks, self._standing_work, self._stood, self)
        self._past = HistoryPump(lambda: desk.past, state, tasks, self._indicators.ask, self)
        self._open = Coalesced("open", tasks, lambda: desk.open_doors, self._opened, self)
        self._beats = 0
        self._started = False
        self._ends: list[Callable[[], None]] = []
        self._arrived.connect(self._show_network, Qt.ConnectionType.QueuedConnection)
        # Which source is due when is the services' to know; this only asks often enough.
        self._clock = QTimer(self, interval=_LOOK_MS)
        self._clock.timeout.connect(self._look)
        # Advice ends when its numbers grow too old, though nothing else changes.
        self._ageing = QTimer(self, interval=_AGEING_MS)
        self._ageing.timeout.connect(self._age)
        state.changed.connect(self._changed)
        tasks.failed.connect(self._task_failed)

    def start(self) -> None:
        """Fill the slices and begin to poll."""
        self._started = True
        self._ends.append(self._desk.book.subscribe(self._book_changed))
        network = self._desk.refresh.state()
        if network.revision:
            self._state.set_slice("network", network)
        self._state.set_slice("book", self._desk.book.book)
        self._history.ask()
        self.poll()
        self._open.ask()
        self._clock.start()
        self._ageing.start()

    def stop(self) -> None:
        """Poll no more."""
        self._clock.stop()
        self._ageing.stop()
        self._plan.stop()
        self._past.stop()
        self._started = False
        while self._ends:
            self._ends.pop()()

    def poll(self) -> None:
        """Ask the sources that are due, now."""
        self._beats = 0
        self._poll.ask()

    @Slot()
    def ask_all(self) -> None:
        """Ask the sources of the present and of the past that are due, now."""
        self.poll()
        self._past.ask_again()

    def renew(self) -> None:
        """Let new settings show everywhere: ask those sources that are due, and evaluate again."""
        self._show_network(self._desk.refresh.state())
        self._evaluate.ask()
        self._plan.look()
        self.ask_all()

    @property
    def plan(self) -> PlanPump:
        """Keeps the plan fresh."""
        return self._plan

    @property
    def past(self) -> HistoryPump:
        """Brings the network's past up to date."""
        return self._past

    def _opened(self, _nothing: None) -> None:
        """Follow the doors, now that what stands behind them is loaded."""
        if not self._started:
            return
        self._ends += [
            self._desk.power.subscribe(self._power_changed.emit),
            self._desk.indicators.subscribe(self._indicators.ask),
            self._desk.standing.subscribe(self._standing.ask),
        ]
        self._indicators.ask()
        self._past.start()

    @Slot()
    def _look(self) -> None:
        self._beats += 1
        self._plan.look()
        due_s = self._desk.refresh.next_due_s()
        due = due_s is not None and due_s <= 0 and not self._desk.why_not_polling
        # Now and then without need: another window may have ended, or learned something.
        if (due or self._beats >= _BEATS_BETWEEN) and not self._poll.busy:
            self.poll()

    @property
    def settled(self) -> bool:
        """Whether nothing is under way."""
        work = (
            *(self._poll, self._evaluate, self._history, self._power),
            *(self._plan, self._indicators, self._standing, self._open),
        )
        return not any(each.busy for each in work)

    @Slot(str, object)
    def _task_failed(self, name: str, _error: object) -> None:
        if name == "poll":
            # No answer is coming that would show what is known without it.
            self._show_network(self._desk.refresh.state())

    def _ask_sources(self, token: CancelToken) -> NetworkState:
        return self._desk.poll(token, on_state=self._arrived.emit)

    @Slot(object)
    def _show_network(self, network: NetworkState) -> None:
        held = self._state.slice("network")
        # A state from the worker may come after a newer one that the operator's typing made.
        if not isinstance(held, NetworkState) or network.revision > held.revision:
            self._state.set_slice("network", network)

    @Slot(str)
    def _changed(self, name: str) -> None:
        if name in {"book", "network"}:
            self._evaluate.ask()
            self._power.ask()
            self._plan.look()
        elif name == "plan":
            self._evaluate.ask()

    @Slot()
    def _age(self) -> None:
        self._show_network(self._desk.refresh.use())
        self._evaluate.ask()
        # The hour may have turned, and with it the step that the prices begin with.
        self._power.ask()
        self._live.ask()

    def _book_changed(self, *_news: object) -> None:
        book, before = self._desk.book.book, self._state.slice("book")
        self._state.set_slice("book", book)
        if isinstance(before, Book) and before.currency != book.currency:
            self.poll()

    def _evaluation(self) -> Callable[[CancelToken], object] | None:
        # Both from one moment, or the revision would name another book.
        book, revision = self._desk.book.book, self._desk.book.revision
        network = self._state.slice("network")
        if not isinstance(network, NetworkState):
            return None
        held = self._state.slice("plan")
        plan = held if isinstance(held, Plan) else None
        return lambda token: self._desk.evaluate(book, revision, network, token, plan)

    def _power_work(self) -> Callable[[CancelToken], object] | None:
        book, revision = self._desk.book.book, self._desk.book.revision
        network = self._state.slice("network")
        known = network if isinstance(network, NetworkState) else NetworkState()
        return lambda token: self._desk.power_view(book, revision, known, token)

    def _live_work(self) -> Callable[[CancelToken], object] | None:
        book = self._desk.book.book
        if not any(tariff.index is not None and tariff.index.live for tariff in book.tariffs):
            return None
        return lambda token: self._desk.renew_prices(book, token)

    def _powered(self, view: object) -> None:
        self._state.set_slice("power", view)

    def _polled(self, network: NetworkState) -> None:
        self._show_network(network)
        self._state.set_slice("sources", self._desk.refresh.statuses())
        # The newest numbers come first; the past follows, a step a minute.
        self._past.begin()

    def _evaluated(self, evaluation: object) -> None:
        self._state.set_slice("evaluation", evaluation)
        # An evaluation leaves its summary in the history; it comes each minute, so a new day too.
        self._history.ask()
        self._indicators.ask()

    def _read(self, history: object) -> None:
        self._state.set_slice("history", history)
        self._standing.ask()

    def _indication(self) -> Callable[[CancelToken], object]:
        network, evaluation = self._state.slice("network"), self._state.slice("evaluation")
        known = network if isinstance(network, NetworkState) else NetworkState()
        return lambda token: self._desk.make_indicators(known, evaluation, token)

    def _indicated(self, indicators: object) -> None:
        self._state.set_slice("indicators", indicators)
        self._standing.ask()

    def _standing_work(self) -> Callable[[CancelToken], object] | None:
        slices = ("evaluation", "indicators", "history")
        evaluation, indicators, history = (self._state.slice(name) for name in slices)
        if evaluation is None:
            return None
        make = self._desk.standing.make
        return lambda token: make(evaluation, indicators, history, token)

    def _stood(self, standing: object) -> None:
        self._state.set_slice("standing", standing)
