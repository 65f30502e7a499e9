"""Brings the network's past up to date, a step a minute, and says how far it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from minerdesk.domain.cancel import CancelToken
from minerdesk.domain.errors import Cancelled, MinerdeskError
from minerdesk.services.network_history.past_status import PastStatus
from minerdesk.ui.coalesced import Coalesced
from minerdesk.ui.state import DeskState
from minerdesk.ui.tasks import TaskRunner

if TYPE_CHECKING:
    from minerdesk.services.network_history.door import PastDoor
    from minerdesk.services.network_history.history import Progress

_STEP_MS = 60_000


class HistoryPump(QObject):
    """Keeps the slice ``past``; which source is due is the services' to know.

    Args:
        past: gives the door; the first call may load it, so it is left to a worker or to `start`.
        state: gets the slice.
        tasks: where steps are taken.
        changed: called when anything new was kept, or a file was added or removed.
        parent: as of any object.
    """

    _arrived = Signal(object)

    def __init__(
        self,
        past: Callable[[], PastDoor],
        state: DeskState,
        tasks: TaskRunner,
        changed: Callable[[], object],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._past, self._state, self._changed = past, state, changed
        self._steps = Coalesced("past", tasks, self._begin, self._brought, self)
        self._unsubscribe: Callable[[], None] | None = None
        self._begun = self._again = False
        self._arrived.connect(self._tell, Qt.ConnectionType.QueuedConnection)
        self._clock = QTimer(self, interval=_STEP_MS)
        self._clock.timeout.connect(self.ask)

    @property
    def busy(self) -> bool:
        """Whether a step is under way."""
        return self._steps.busy

    def start(self) -> None:
        """Take steps from now on; the first one waits for `begin` or a minute."""
        self._unsubscribe = self._past().subscribe(self._other_past)
        self._state.set_slice("past", self._status)
        self._clock.start()

    def begin(self) -> None:
        """Take the first step, where it was not taken yet: the newest numbers come before it."""
        if not self._begun:
            self.ask()

    @Slot()
    def ask(self) -> None:
        """Take the steps that are due now."""
        self._begun = True
        if not self._steps.busy:
            self._steps.ask()

    def ask_again(self) -> None:
        """Take the steps that are due, and ask whoever failed before its time."""
        self._again = True
        self.ask()

    def stop(self) -> None:
        """Take no more steps."""
        self._clock.stop()
        if self._unsubscribe is not None:
            self._unsubscribe()
            self._unsubscribe = None

    @property
    def _status(self) -> PastStatus:
        held = self._state.slice("past")
        return held if isinstance(held, PastStatus) else PastStatus()

    def _begin(self) -> Callable[[CancelToken], tuple[bool, str]]:
        self._state.set_slice("past", replace(self._status, asking=True))
        again, self._again = self._again, False
        return lambda token: self._bring(token, again=again)

    def _bring(self, token: CancelToken, *, again: bool) -> tuple[bool, str]:
        try:
            return self._past().bring_up_to_date(token, self._arrived.emit, again=again), ""
        except Cancelled:
            raise
        except MinerdeskError as error:
            # Once a minute would be too often for a toast; the page says it as long as it is so.
            return False, str(error)

    @Slot(object)
    def _tell(self, step: Progress) -> None:
        self._state.set_slice("past", replace(self._status, last=step))

    def _brought(self, found: tuple[bool, str]) -> None:
        new, problem = found
        changes = self._status.changes + new
        status = replace(self._status, asking=False, problem=problem, changes=changes)
        self._state.set_slice("past", status)
        if new:
            self._changed()

    def _other_past(self) -> None:
        status = self._status
        self._state.set_slice("past", replace(status, changes=status.changes + 1))
        self._changed()
