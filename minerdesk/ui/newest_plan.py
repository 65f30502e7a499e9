"""The newest question for a plan, asked off the GUI thread; better answers come meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, Qt, Signal, Slot

from minerdesk.domain.cancel import CancelToken
from minerdesk.services.planning.plan import Plan
from minerdesk.ui.tasks import TaskRunner

Better = Callable[[Plan], None]
MakePlan = Callable[[CancelToken, Better], Plan | None]


class NewestPlan(QObject):
    """Runs the newest question alone: an older one is cancelled and its answer never shown.

    Signals:
        better(object): an answer to the newest question; better ones may follow.
        done(object): the last answer to it, or None where there is no plan.
        failed(object): the exception that ended it.
    """

    better = Signal(object)
    done = Signal(object)
    failed = Signal(object)
    _arrived = Signal(int, object)

    def __init__(self, name: str, tasks: TaskRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._name, self._tasks = name, tasks
        self._token: CancelToken | None = None
        self._shown: Plan | None = None
        self._question = 0
        self._arrived.connect(self._show, Qt.ConnectionType.QueuedConnection)

    @property
    def asked(self) -> bool:
        """Whether an answer, or a better one, is awaited."""
        return self._token is not None

    @property
    def improving(self) -> bool:
        """Whether an answer was shown that a better one is still looked for."""
        return self._shown is not None

    def ask(self, make: MakePlan) -> None:
        """Ask anew.

        Args:
            make: run in a worker; calls what it is given for each better plan.
        """
        self.drop()
        question = self._question

        def work(token: CancelToken) -> Plan | None:
            return make(token, lambda plan: self._arrived.emit(question, plan))

        self._token = self._tasks.start(
            self._name, work, done=self._end, failed=self._fail, slow=True
        )

    def drop(self) -> None:
        """Await nothing any more."""
        self._question += 1
        self._shown = None
        if self._token is not None:
            self._token.cancel()
            self._token = None

    def settle(self) -> Plan | None:
        """Take the answer that was shown last for the last; return it, or None where none was."""
        plan = self._shown
        if plan is None:
            return None
        self.drop()
        return replace(plan, finished=True)

    def _end(self, plan: Plan | None) -> None:
        self._token = self._shown = None
        self.done.emit(plan)

    def _fail(self, error: BaseException) -> None:
        self._token = self._shown = None
        self.failed.emit(error)

    @Slot(int, object)
    def _show(self, question: int, plan: Plan) -> None:
        if question == self._question and self._token is not None:
            self._shown = plan
            self.better.emit(plan)
