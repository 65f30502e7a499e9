"""What is known of the network's past: who says what, where they differ, what lacks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Qt, Signal, Slot
from PySide6.QtWidgets import QDialog, QHBoxLayout, QTabWidget, QVBoxLayout, QWidget

from minerdesk.domain.cancel import CancelToken
from minerdesk.domain.errors import MinerdeskError
from minerdesk.domain.text import _
from minerdesk.services.network_history.door import PastDoor
from minerdesk.services.network_history.overview import PastTable, overview
from minerdesk.services.network_history.past_status import PastStatus
from minerdesk.services.network_history.status_words import status_words
from minerdesk.ui.coalesced import Coalesced
from minerdesk.ui.network.past_files import HistoryDrops
from minerdesk.ui.network.past_view import PastPane
from minerdesk.ui.state import DeskState
from minerdesk.ui.tasks import TaskRunner
from minerdesk.ui.widgets.basics import button, label, set_tone

if TYPE_CHECKING:
    from minerdesk.services.words.formats import Formats

Found = tuple[tuple[PastTable, ...], str]


class PastDialog(QDialog):
    """Tables of the past under tabs, kept as fresh as the slice ``past``.

    Args:
        past: the door.
        state: its slice ``past`` says when to read again.
        tasks: reads and removes.
        formats: the operator's locale. now: UTC. offline: whether every call is forbidden.
        ask_now: asks the sources that are due.

    Signals:
        import_wanted(object): the operator wants a file taken in: its path, or None to choose one.
    """

    import_wanted = Signal(object)

    def __init__(
        self,
        past: PastDoor,
        state: DeskState,
        *,
        tasks: TaskRunner,
        formats: Formats,
        now: Callable[[], datetime],
        offline: Callable[[], bool],
        ask_now: Callable[[], object],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("History of the network"))
        HistoryDrops(self, self.import_wanted.emit)
        self._past, self._state, self._tasks = past, state, tasks
        self._formats, self._now, self._offline = formats, now, offline
        self._changes = -1
        self._closed = False
        self._token: CancelToken | None = None
        self.status = label("", "muted", wrap=True)
        self.said = label("", wrap=True)
        self.said.hide()
        self.tabs = QTabWidget()
        self.tabs.setAccessibleName(_("Tables of the past"))
        self.tabs.tabBar().setAccessibleName(_("Tables of the past"))
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setDrawBase(False)
        # What was said is of the table that was in front.
        self.tabs.currentChanged.connect(lambda _index: self.said.hide())
        self.panes: dict[str, PastPane] = {}
        self.remove_button = button(_("Remove the file"), self.remove)
        self.ask_button = button(_("Ask the sources now"), ask_now)
        self._build()
        self.reading = Coalesced("read the past", tasks, self._begin, self._show, self)
        state.changed.connect(self._slice_changed)
        self.finished.connect(self._stop)
        self.resize(1120, 600)
        self._slice_changed("past")
        self._offer()

    @property
    def chosen_file(self) -> str:
        """The imported file of the row that is current among the sources, or empty."""
        pane = self.panes.get("sources")
        if pane is None:
            return ""
        row = pane.view.currentIndex().row()
        return pane.model.table.file(row) if row >= 0 else ""

    def copy(self) -> None:
        """Put the table in front onto the clipboard."""
        pane = self.tabs.currentWidget()
        if isinstance(pane, PastPane):
            pane.view.copy()
            self._say(_("Copied: {table}.").format(table=pane.model.table.title))

    def remove(self) -> None:
        """Forget the imported file of the current row; importing it again brings it back."""
        name = self.chosen_file
        if not name or self._token is not None:
            return
        self.remove_button.setEnabled(False)
        self._token = self._tasks.start(
            "remove history",
            lambda token: self._past.remove(name, token),
            done=lambda _found: self._removed(name),
            failed=self._failed,
        )

    def _build(self) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(24, 24, 24, 24)
        outer.setSpacing(12)
        outer.addWidget(label(_("History of the network"), "title"))
        outer.addWidget(self.status)
        outer.addWidget(self.tabs, 1)
        note = _(
            "Values are never averaged: where sources differ, the first named is used. Removing an "
            "imported file forgets what it said; to have it back, import the file again."
        )
        outer.addWidget(label(note, "small", wrap=True))
        outer.addWidget(self.said)
        row = QHBoxLayout()
        row.addWidget(button(_("Import a file…"), lambda: self.import_wanted.emit(None)))
        row.addWidget(self.remove_button)
        row.addWidget(button(_("Copy as table"), self.copy))
        row.addStretch(1)
        row.addWidget(self.ask_button)
        close = button(_("Close"), self.accept, primary=True)
        close.setDefault(True)
        row.addWidget(close)
        outer.addLayout(row)

    @Slot(str)
    def _slice_changed(self, name: str) -> None:
        if name != "past":
            return
        status, offline = self._state.slice("past"), self._offline()
        words, tone = status_words(status, self._formats, offline=offline)
        self.status.setText(words)
        set_tone(self.status, tone)
        self.ask_button.setEnabled(not offline)
        self.ask_button.setToolTip(_("The settings say to work offline.") if offline else "")
        changes = status.changes if isinstance(status, PastStatus) else 0
        # A step that failed changes no value, but what is said of its source.
        failed = isinstance(status, PastStatus) and status.last and status.last.problem
        if changes != self._changes or failed:
            self._changes = changes
            self.reading.ask()

    def _begin(self) -> Callable[[CancelToken], Found]:
        past, formats, now = self._past, self._formats, self._now()

        def read(token: CancelToken) -> Found:
            try:
                return overview(past.sources(token), past.joined(token), formats, now), ""
            except MinerdeskError as error:
                if token.cancelled:
                    raise
                return (), str(error)

        return read

    def _show(self, found: Found) -> None:
        if self._closed:
            return
        tables, problem = found
        if problem:
            self._say(problem, "lose")
        for table in tables:
            pane = self.panes.get(table.name)
            if pane is None:
                pane = self.panes[table.name] = PastPane(table)
                self.tabs.addTab(pane, table.title)
                pane.view.selectionModel().currentRowChanged.connect(self._offer)
                pane.view.selectionModel().currentRowChanged.connect(self._tell_whole)
            else:
                pane.show_table(table)
                self.tabs.setTabText(self.tabs.indexOf(pane), table.title)
        self._offer()

    @Slot(QModelIndex)
    def _tell_whole(self, index: QModelIndex) -> None:
        """Say the longest cell of a row whole: an error, or how a value was computed."""
        pane = self.tabs.currentWidget()
        if isinstance(pane, PastPane) and index.isValid():
            self._say(str(index.siblingAtColumn(pane.model.table.wide).data()))

    @Slot()
    def _offer(self, *_moved: object) -> None:
        name = self.chosen_file
        self.remove_button.setEnabled(bool(name) and self._token is None)
        self.remove_button.setText(
            _("Remove “{name}”").format(name=name) if name else _("Remove the file")
        )
        self.remove_button.setAccessibleName(self.remove_button.text())
        why = _("Choose a row of an imported file under Sources.")
        self.remove_button.setToolTip("" if name else why)

    def _removed(self, name: str) -> None:
        self._token = None
        self._say(
            _("“{name}” is removed; import the file again to have it back.").format(name=name)
        )
        self._past.tell()

    def _failed(self, error: BaseException) -> None:
        self._token = None
        if not isinstance(error, MinerdeskError):
            self._tasks.failed.emit("remove history", error)
            return
        self._say(str(error), "lose")
        self._offer()

    def _say(self, sentence: str, tone: str = "") -> None:
        self.said.setText(sentence)
        set_tone(self.said, tone)
        self.said.show()

    def _stop(self, _result: int) -> None:
        self._closed = True
        self._state.changed.disconnect(self._slice_changed)
        if self._token is not None:
            self._token.cancel()
