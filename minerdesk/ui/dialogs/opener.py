"""Opens the window's dialogs. Their code is loaded when they are first asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from minerdesk.domain.cancel import CancelToken
from minerdesk.domain.errors import MinerdeskError
from minerdesk.domain.readings import NetworkState, Quantity
from minerdesk.domain.text import _
from minerdesk.services.in_force import typed_quantities
from minerdesk.ui.actions import ActionTable
from minerdesk.ui.contracts import Clock, Desk
from minerdesk.ui.errors import Report
from minerdesk.ui.state import DeskState
from minerdesk.ui.tasks import TaskRunner
from minerdesk.ui.theme import Theme

if TYPE_CHECKING:
    from minerdesk.ui.network.past_opening import PastOpener


class Dialogs(QObject):
    """One method per dialog; each shows it over the window and returns at once.

    Signals:
        typed(): the operator typed a value over a live one, or released it.
        note(str, str): what to tell the operator, and its tone.
        settings_changed(): new settings are in force.
        ask_wanted(): the sources that are due are to be asked.
    """

    typed = Signal()
    note = Signal(str, str)
    settings_changed = Signal()
    ask_wanted = Signal()

    def __init__(
        self,
        window: QWidget,
        desk: Desk,
        state: DeskState,
        theme: Theme,
        *,
        tasks: TaskRunner,
        table: ActionTable,
        now: Clock,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._desk = desk
        # Those the window was built with: what is read and what is typed must stay of one style.
        self._formats = desk.formats
        self._state = state
        self._theme = theme
        self._tasks = tasks
        self._table = table
        self._now = now

    def shortcuts(self) -> None:
        """Show every shortcut."""
        from minerdesk.ui.dialogs.shortcuts import ShortcutsDialog

        ShortcutsDialog(self._table, self._window).open()

    def decisions(self) -> None:
        """Show the log of decisions."""
        from minerdesk.ui.dialogs.decisions import DecisionsDialog

        dialog = DecisionsDialog(self._desk, self._formats, self._tasks, self._window)
        dialog.note.connect(self.note)
        dialog.open()

    def preferences(self) -> None:
        """Show the settings."""
        from minerdesk.ui.dialogs.preferences import PreferencesDialog

        dialog = PreferencesDialog(self._desk, self._formats, self._theme, self._window)
        dialog.accepted.connect(self.settings_changed)
        dialog.note.connect(self.note)
        dialog.secrets_given.connect(self._keep_secrets)
        # Looking for a keyring may take a while, and it may ask.
        looking = self._tasks.start(
            "look for a keyring",
            lambda _token: self._desk.secrets.reason,
            done=dialog.say_of_secrets,
        )
        dialog.finished.connect(looking.cancel)
        dialog.open()

    @Slot(object)
    def _keep_secrets(self, given: dict[str, str | None]) -> None:
        def keep(_token: CancelToken) -> str:
            secrets = self._desk.secrets
            for key, secret in given.items():
                if secret is None:
                    secrets.delete(key)
                else:
                    secrets.set(key, secret)
            return secrets.reason

        self._tasks.start("keep a password", keep, done=self._kept)

    def _kept(self, reason: str) -> None:
        kept = _("The system's keyring was brought up to date.")
        self.note.emit(reason or kept, "warn" if reason else "done")
        self.settings_changed.emit()

    @Slot(object)
    def reading(self, quantity: Quantity) -> None:
        """Show where a number comes from."""
        from minerdesk.ui.dialogs.reading import ReadingDialog

        network = self._state.slice("network")
        if isinstance(network, NetworkState):
            ReadingDialog(
                quantity,
                network,
                self._formats,
                style=self._formats.number_style,
                type_value=self._type_value,
                now=self._now(),
                parent=self._window,
            ).open()

    def release_typed(self) -> None:
        """Let every live value through again."""
        network = self._state.slice("network")
        if not isinstance(network, NetworkState):
            return
        try:
            for quantity in typed_quantities(network):
                self._type_value(quantity, None)
        except MinerdeskError as error:
            self.note.emit(str(error), "error")

    def history(self) -> None:
        """Show what is known of the network's past."""
        self._past().history(self._window)

    def import_history(self) -> None:
        """Let the operator choose a file of the network's past."""
        self._past().choose_file(self._window)

    @Slot(object)
    def fault(self, report: Report) -> None:
        """Show a fault of ours."""
        from minerdesk.ui.dialogs.fault import FaultDialog

        FaultDialog(report, self._window).open()

    def _past(self) -> PastOpener:
        from minerdesk.ui.network.past_opening import PastOpener

        return PastOpener(
            self._desk,
            self._state,
            self._tasks,
            self._formats,
            self._now,
            taken=lambda text: self.note.emit(text, "done"),
            ask_now=self.ask_wanted.emit,
        )

    def _type_value(self, quantity: Quantity, value: float | None) -> None:
        refresh = self._desk.refresh
        if value is None:
            network = refresh.release(quantity)
        else:
            network = refresh.type_value(quantity, value)
        self._state.set_slice("network", network)
        self.typed.emit()
