"""Keeps the slice ``plan`` fresh: when to plan anew, what to drop, and better plans meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from PySide6.QtCore import QObject, QTimer, Slot

from minerdesk.domain.book import Book
from minerdesk.domain.cancel import CancelToken
from minerdesk.domain.readings import Gauge, NetworkState
from minerdesk.services.planning.plan import Plan, PlanOptions
from minerdesk.ui.contracts import Desk
from minerdesk.ui.newest_plan import Better, NewestPlan
from minerdesk.ui.state import DeskState
from minerdesk.ui.tasks import TaskRunner

_PAUSE_MS: Final = 150
_MOVED: Final = 0.0025
_LONGEST_S: Final = 600.0


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the newest plan was asked of."""

    book: Book
    network: NetworkState
    options: PlanOptions
    step: float
    at: datetime


class PlanPump(QObject):
    """Plans after an edit, when the numbers moved, at each new step, and now and then.

    A plan that is being bettered is dropped where what it was asked of changed.
    """

    def __init__(
        self,
        desk: Desk,
        state: DeskState,
        tasks: TaskRunner,
        clock: Callable[[], datetime],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._desk, self._state, self.tasks, self._clock = desk, state, tasks, clock
        self._asked: _Asked | None = None
        self._newest = NewestPlan("plan", tasks, self)
        self._newest.better.connect(self._show)
        self._newest.done.connect(self._show)
        self._newest.failed.connect(self._failed)
        # Edits come in bursts; only where they rest is planned.
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self._start)

    @property
    def busy(self) -> bool:
        """Whether a plan is awaited or bettered."""
        return self._newest.asked or self._pause.isActive()

    def look(self) -> None:
        """Plan anew where that is due."""
        asked, network = self._asked, self._state.slice("network")
        if not isinstance(network, NetworkState):
            return
        if asked is None or self._is_over(asked, network):
            self._newest.drop()
            self._pause.start()

    def ask(self) -> None:
        """Plan anew, whatever is known; as after prices of power were imported."""
        self._asked = None
        self.look()

    @property
    def improving(self) -> bool:
        """Whether a plan is shown that a better one is still looked for."""
        return self._newest.improving

    @Slot()
    def settle(self) -> None:
        """Keep the plan that is shown, and look for no better one until one is due anew."""
        plan = self._newest.settle()
        if plan is not None:
            self._show(plan)

    def stop(self) -> None:
        """Plan no more."""
        self._pause.stop()
        self._newest.drop()

    def _is_over(self, asked: _Asked, network: NetworkState) -> bool:
        now = self._clock()
        return (
            asked.book is not self._desk.book.book
            or asked.options != self._desk.plan_options
            or asked.network.complete != network.complete
            or asked.network.currency != network.currency
            or asked.network.rates != network.rates
            or (asked.network.example_of is None) != (network.example_of is None)
            or _moved(asked.network.price, network.price)
            or _moved(asked.network.difficulty, network.difficulty)
            or asked.step != _step_of(now, asked.options)
            or (now - asked.at).total_seconds() >= _LONGEST_S
        )

    @Slot()
    def _start(self) -> None:
        network = self._state.slice("network")
        if not isinstance(network, NetworkState):
            return
        # Both from one moment, or the revision would name another book.
        book, revision = self._desk.book.book, self._desk.book.revision
        options, now = self._desk.plan_options, self._clock()
        self._asked = _Asked(book, network, options, _step_of(now, options), now)

        def make(token: CancelToken, better: Better) -> Plan | None:
            return self._desk.plan(book, revision, network, options, token, on_better=better)

        self._newest.ask(make)

    @Slot(object)
    def _show(self, plan: Plan | None) -> None:
        self._state.set_slice("plan", plan)

    @Slot(object)
    def _failed(self, error: BaseException) -> None:
        self._state.set_slice("plan", None)
        self.tasks.failed.emit("plan", error)


def _moved(one: Gauge, other: Gauge) -> bool:
    """Tell whether a number moved by more than a quarter of a percent."""
    before, after = one.value, other.value
    if before is None or after is None:
        return before is not after
    return abs(after - before) > _MOVED * abs(before)


def _step_of(now: datetime, options: PlanOptions) -> float:
    """Return the number of the step that a moment lies in."""
    return now.timestamp() // (options.step_minutes * 60)
