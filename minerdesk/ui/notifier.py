"""Tells of coming moves: as a message of the system where it takes any, else in the window."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Final, Protocol

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QSystemTrayIcon

from minerdesk.domain.cancel import CancelToken
from minerdesk.domain.text import _
from minerdesk.services.evaluation import Evaluation
from minerdesk.ui.actions import Action
from minerdesk.ui.contracts import Clock, Desk
from minerdesk.ui.page import Toast
from minerdesk.ui.state import DeskState
from minerdesk.ui.tasks import TaskRunner

if TYPE_CHECKING:
    from minerdesk.services.planning.plan import Plan
    from minerdesk.services.planning.reminders import Notice
    from minerdesk.services.words.notice_words import Message
    from minerdesk.ui.main_window import MainWindow

_LOOK_MS: Final = 20_000
_SHOWN_MS: Final = 20_000


class Tray(Protocol):
    """Where the system takes messages."""

    @property
    def available(self) -> bool:
        """Whether it takes any now."""
        ...

    def show_message(self, message: Message) -> None:
        """Show one."""
        ...


class SystemTray(QObject):
    """The system's own messages. The icon appears with the first one.

    Signals:
        clicked(): the last message, or the icon, was clicked.
    """

    clicked = Signal()

    def __init__(self, icon: QIcon, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._made: QSystemTrayIcon | None = None
        self._icon = icon

    @property
    def available(self) -> bool:
        """Whether the system takes messages."""
        return QSystemTrayIcon.isSystemTrayAvailable() and QSystemTrayIcon.supportsMessages()

    def show_message(self, message: Message) -> None:
        """Show a message of the system."""
        if self._made is None:
            self._made = QSystemTrayIcon(self._icon, self)
            self._made.setToolTip("minerdesk")
            self._made.messageClicked.connect(self.clicked)
            self._made.activated.connect(lambda _how: self.clicked.emit())
            self._made.show()
        self._made.showMessage(message.title, message.text, self._icon, _SHOWN_MS)


class Notifier(QObject):
    """Looks whenever the evaluation changes, and as time goes by.

    Nothing is told of a book that is open for reading only: the window that may edit it tells.
    """

    def __init__(
        self,
        desk: Desk,
        state: DeskState,
        tasks: TaskRunner,
        *,
        tray: Tray,
        toast: Toast,
        show_move: Callable[[str], object],
        now: Clock,
        parent: QObject | None = None,
    ) -> None:
        """Begin to look.

        Args:
            desk: settings, book and what was told.
            state: the slices.
            tasks: what was told is kept on disk, so each look runs there.
            tray: takes the system's messages.
            toast: shows a message in the window.
            show_move: shows a move of the plan by its key.
            now: UTC.
            parent: as of any object.
        """
        super().__init__(parent)
        self._desk, self._state, self._tasks = desk, state, tasks
        self._tray, self._toast, self._show_move, self._now = tray, toast, show_move, now
        self._last = ""
        self._busy = False
        self._clock = QTimer(self, interval=_LOOK_MS)
        self._clock.timeout.connect(self.look)
        self._clock.start()
        state.changed.connect(self._changed)

    @property
    def busy(self) -> bool:
        """Whether a look is under way."""
        return self._busy

    @Slot()
    def stop(self) -> None:
        """Look no more."""
        self._clock.stop()
        self._state.changed.disconnect(self._changed)

    @Slot()
    def open_last(self) -> None:
        """Show the move that was told last."""
        self._show_move(self._last)

    @Slot()
    def look(self) -> None:
        """Tell what is to be told now."""
        evaluation, desk = self._state.slice("evaluation"), self._desk
        if self._busy or not isinstance(evaluation, Evaluation):
            return
        # Before the first evaluation nothing of this is needed, so the start does not load it.
        from minerdesk.services.planning.reminders import plan_to_tell_of

        plan = plan_to_tell_of(evaluation)
        if plan is None or evaluation.book is not desk.book.book or desk.book.read_only:
            return
        if not desk.settings.flag("plan.notify"):
            return
        key, now = desk.book.key, self._now()
        lead = timedelta(minutes=desk.settings.number("plan.notify_minutes"))

        def work(_token: CancelToken) -> tuple[Notice, ...]:
            return desk.reminding.look(evaluation, key, now, lead)

        self._busy = True
        self._tasks.start(
            "reminders",
            work,
            done=lambda notices: self._tell(notices, plan),
            failed=self._failed,
        )

    @Slot(str)
    def _changed(self, name: str) -> None:
        if name == "evaluation":
            self.look()

    def _tell(self, notices: tuple[Notice, ...], plan: Plan) -> None:
        from minerdesk.services.words.notice_words import messages

        self._busy = False
        for message in messages(notices, plan, self._desk.formats, self._now()):
            self._last = message.key
            if self._tray.available:
                self._tray.show_message(message)
                continue
            show = Action("plan.show_move", _("Show"), self._shower(message.key))
            self._toast(message.whole, message.tone, show)

    def _shower(self, key: str) -> Callable[[], object]:
        return lambda: self._show_move(key)

    def _failed(self, error: BaseException) -> None:
        self._busy = False
        self._tasks.failed.emit("reminders", error)


def tell_of_moves(window: MainWindow, state: DeskState, tasks: TaskRunner) -> Notifier:
    """Let a window tell of coming moves until it is closed."""

    def show_move(key: str) -> None:
        if window.isMinimized():
            window.showNormal()
        window.raise_()
        window.activateWindow()
        window.go("plan", move=key)

    tray = SystemTray(window.context.icons.icon("minerdesk"), window)
    notifier = Notifier(
        window.desk,
        state,
        tasks,
        tray=tray,
        toast=window.toasts.show_toast,
        show_move=show_move,
        now=window.context.now,
        parent=window,
    )
    tray.clicked.connect(notifier.open_last)
    window.closed.connect(notifier.stop)
    return notifier
