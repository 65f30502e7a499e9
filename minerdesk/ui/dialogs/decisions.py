"""The decision log: looked through, sorted, taken along as a file."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QDate, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QDateEdit,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from minerdesk.domain.cancel import CancelToken
from minerdesk.domain.decisions import Decision
from minerdesk.domain.text import _, ngettext
from minerdesk.services.decision_search import Search, as_table, found_by, sites_of
from minerdesk.services.exchange import write_table
from minerdesk.services.number_text import DECIMAL_COMMA
from minerdesk.ui.contracts import Desk
from minerdesk.ui.dialogs.decisions_model import OUTCOME, SOURCES, TAKEN, WHY, DecisionsModel
from minerdesk.ui.tasks import TaskRunner
from minerdesk.ui.widgets.basics import button, label, set_tone
from minerdesk.ui.widgets.padded import Padded
from minerdesk.ui.widgets.whole_rows import show_whole_rows

if TYPE_CHECKING:
    from minerdesk.services.words import Formats

_ROW_PX: Final = 28
_WIDE_PX: Final = {OUTCOME: 220, WHY: 320, SOURCES: 420}
_LOOK_MS: Final = 150
_NO_DATE: Final = QDate(2000, 1, 1)


class DecisionsDialog(QDialog):
    """Shows the log of the profile. It reads; nothing here changes a line.

    Signals:
        note(str, str): what to tell the operator, and its tone.
    """

    note = Signal(str, str)

    def __init__(
        self, desk: Desk, formats: Formats, tasks: TaskRunner, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._desk, self._formats, self._tasks = desk, formats, tasks
        self._log: tuple[Decision, ...] = ()
        self.setWindowTitle(_("Decisions"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.model = DecisionsModel(formats, self)
        self.words = QLineEdit()
        self.words.setPlaceholderText(_("Search: site, rig, reason, done …"))
        self.words.setAccessibleName(_("Search the decisions"))
        self.since = _day(_("From this day"))
        self.until = _day(_("To this day"))
        self.site = QComboBox()
        self.site.setAccessibleName(_("Site"))
        self.site.view().setAccessibleName(_("Sites"))
        self.site.addItem(_("All sites"))
        self.table = self._table()
        self.said = label(_("Reading…"), "muted", wrap=True)
        self.export = button(_("Export CSV…"), self._ask_export)
        self._build()
        # One look for a word typed quickly, not one for each of its letters.
        self._later = QTimer(self, singleShot=True, interval=_LOOK_MS)
        self._later.timeout.connect(self.look)
        self.words.textChanged.connect(self._later.start)
        self.since.dateChanged.connect(self._later.start)
        self.until.dateChanged.connect(self._later.start)
        self.site.currentIndexChanged.connect(self._later.start)
        reading = tasks.start(
            "read decisions",
            lambda _token: desk.decisions.read(),
            done=self._read,
            failed=self._refused,
        )
        self.finished.connect(reading.cancel)

    @property
    def search(self) -> Search:
        """What is looked for."""
        return Search(
            self.words.text(),
            _chosen(self.since),
            _chosen(self.until),
            self.site.currentText() if self.site.currentIndex() > 0 else "",
        )

    @Slot()
    def look(self) -> None:
        """Show what fits the search."""
        found = found_by(self.search, self._log, self._formats)
        self.model.show_decisions(found)
        self.export.setEnabled(bool(found))
        count = self._formats.count
        if not self._log:
            said = _("No decision was taken yet: “Mark done” and “Not done…” write them down.")
        elif len(found) == len(self._log):
            said = ngettext("{n} decision", "{n} decisions", len(found)).format(n=count(len(found)))
        else:
            said = _("{n} of {m} decisions").format(n=count(len(found)), m=count(len(self._log)))
        self.said.setText(said)

    def save(self, path: Path) -> None:
        """Write what is shown to a file, with every number of its moment."""
        table = as_table(self.model.decisions)
        comma = self._formats.number_style == DECIMAL_COMMA

        def write(_token: CancelToken) -> None:
            write_table(path, table, decimal_comma=comma)

        self._tasks.start(
            "export decisions",
            write,
            done=lambda _nothing: self.note.emit(
                _("{n} decisions were written to {name}.").format(
                    n=self._formats.count(len(table.rows)), name=path.name
                ),
                "done",
            ),
            failed=lambda error: self.note.emit(str(error), "error"),
        )

    def _table(self) -> QTableView:
        made = QTableView()
        show_whole_rows(made, self.model, _("Decisions"), _ROW_PX)
        made.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        made.setItemDelegate(Padded(made))
        made.setSortingEnabled(True)
        made.sortByColumn(TAKEN, Qt.SortOrder.DescendingOrder)
        return made

    def _build(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self.words, 1)
        for title, field in ((_("from"), self.since), (_("to"), self.until)):
            top.addWidget(label(title, "muted"))
            top.addWidget(field)
        top.addWidget(self.site)
        foot = QHBoxLayout()
        foot.addWidget(self.said, 1)
        foot.addWidget(self.export)
        foot.addWidget(button(_("Close"), self.reject))
        box = QVBoxLayout(self)
        box.setContentsMargins(24, 24, 24, 16)
        box.setSpacing(12)
        box.addWidget(label(_("Decisions"), "title"))
        box.addLayout(top)
        box.addWidget(self.table, 1)
        box.addLayout(foot)
        self.export.setEnabled(False)
        self.resize(1160, 620)
        self.words.setFocus()

    def _read(self, log: tuple[Decision, ...]) -> None:
        self._log = log
        self.site.addItems(list(sites_of(log)))
        self.look()
        self.table.resizeColumnsToContents()
        for column, most in _WIDE_PX.items():
            self.table.setColumnWidth(column, min(most, self.table.columnWidth(column)))

    def _refused(self, error: BaseException) -> None:
        self.said.setText(str(error))
        set_tone(self.said, "lose")

    def _ask_export(self) -> None:
        dialog = QFileDialog(self, _("Export decisions"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(_("CSV table (*.csv)"))
        dialog.setDefaultSuffix("csv")
        dialog.selectFile(f"{_('Decisions')}.csv")
        dialog.fileSelected.connect(lambda path: self.save(Path(path)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()


class _DayEdit(QDateEdit):
    """A field that Tab leaves; arrows go from year to month to day."""

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Leave: Qt's own goes round the parts of a date that is not shown and never comes out."""
        return QAbstractSpinBox.focusNextPrevChild(self, forward)


def _day(name: str) -> QDateEdit:
    """Make a field for a day, or none."""
    made = _DayEdit()
    made.setCalendarPopup(True)
    made.setAccessibleName(name)
    made.setToolTip(name)
    made.setDisplayFormat("yyyy-MM-dd")
    made.setMinimumDate(_NO_DATE)
    made.setSpecialValueText(_("any day"))
    made.setDate(_NO_DATE)
    return made


def _chosen(field: QDateEdit) -> date | None:
    chosen = field.date()
    if chosen == _NO_DATE:
        return None
    return date(chosen.year(), chosen.month(), chosen.day())
