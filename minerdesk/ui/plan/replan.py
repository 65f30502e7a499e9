"""Plans of this page alone: what the sliders ask, or a horizon that the desk does not plan yet."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from minerdesk.domain.cancel import CancelToken
from minerdesk.domain.errors import MinerdeskError
from minerdesk.domain.readings import NetworkState
from minerdesk.services.planning.plan import Plan, PlanOptions
from minerdesk.ui.newest_plan import Better, NewestPlan
from minerdesk.ui.page import PageContext

_PAUSE_MS: Final = 60


class Replanner(QObject):
    """Runs the newest question alone: an older one is cancelled and its answer never shown.

    Signals:
        better(object): a plan that answers the newest question; better ones may follow.
        failed(str): a sentence on why there is none.
        busy_changed(): `busy` is another.
    """

    better = Signal(object)
    failed = Signal(str)
    busy_changed = Signal()

    def __init__(self, context: PageContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._options: PlanOptions | None = None
        self._newest = NewestPlan("what-if", context.tasks, self)
        self._newest.better.connect(self.better)
        self._newest.done.connect(self._done)
        self._newest.failed.connect(self._failed)
        # A slider that is dragged asks many times a second; only where it rests counts.
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self._start)

    @property
    def busy(self) -> bool:
        """Whether an answer is awaited."""
        return self._newest.asked or self._pause.isActive()

    def ask(self, options: PlanOptions) -> None:
        """Ask for a plan; what was asked before is dropped."""
        self._newest.drop()
        self._options = options
        self._pause.start()
        self.busy_changed.emit()

    def stop(self) -> None:
        """Ask nothing any more."""
        self._newest.drop()
        self._pause.stop()
        self.busy_changed.emit()

    @property
    def improving(self) -> bool:
        """Whether an answer was shown that a better one is still looked for."""
        return self._newest.improving

    def settle(self) -> None:
        """Take the answer that was shown last for the last."""
        plan = self._newest.settle()
        if plan is not None:
            self.stop()
            self.better.emit(plan)

    @Slot()
    def _start(self) -> None:
        options, services = self._options, self._context.services
        network = self._context.state.slice("network")
        if options is None or not isinstance(network, NetworkState):
            self.busy_changed.emit()
            return
        # Both from one moment, or the revision would name another book.
        book, revision = services.book.book, services.book.revision

        def make(token: CancelToken, better: Better) -> Plan | None:
            found: Plan | None = services.plan(
                book, revision, network, options, token, on_better=better
            )
            return found

        self._newest.ask(make)

    @Slot(object)
    def _done(self, plan: Plan | None) -> None:
        if plan is not None:
            self.better.emit(plan)
        self.busy_changed.emit()

    @Slot(object)
    def _failed(self, error: BaseException) -> None:
        if isinstance(error, MinerdeskError):
            self.failed.emit(str(error))
        else:
            self._context.tasks.failed.emit("what-if", error)
        self.busy_changed.emit()
