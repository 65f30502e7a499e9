"""All capitulations the hash ribbon knows, and what a cross must have to count."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from minerdesk.domain.text import _
from minerdesk.services.network_reading.indicators import Indicators
from minerdesk.services.network_reading.readings import AFTER_DAYS, RibbonEpisode
from minerdesk.services.words import DASH, Formats
from minerdesk.ui.widgets.basics import label
from minerdesk.ui.widgets.forms import combo

_ROW_PX = 24
_BUY = 2


class PhasesPanel(QWidget):
    """The list, newest first; above it the confirmation.

    Signals:
        confirmation_chosen(int, float): days, and the band as a fraction.
    """

    confirmation_chosen = Signal(int, float)

    def __init__(self, formats: Formats, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._formats = formats
        self._shown: tuple[RibbonEpisode, ...] | None = None
        self.days = combo(
            _("Days a cross must hold"), [(formats.count(n), n) for n in (1, 2, 3, 5, 7, 10, 14)]
        )
        self.band = combo(
            _("How far beyond a cross must be"),
            [(formats.percent(share), share) for share in (0.0, 0.005, 0.01, 0.02, 0.03, 0.05)],
        )
        for field in (self.days, self.band):
            field.currentIndexChanged.connect(self._tell)
        self._empty = label("", "muted", wrap=True)
        self.table = self._make_table()
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(label(_("Phases of the hash ribbon"), "title"))
        head.addStretch(1)
        for text, field in ((_("confirm after days"), self.days), (_("band"), self.band)):
            words = label(text, "small")
            words.setBuddy(field)
            head.addWidget(words)
            head.addWidget(field)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(4)
        box.addLayout(head)
        box.addWidget(self._empty)
        box.addWidget(self.table, 1)

    def show_indicators(self, found: Indicators) -> None:
        """Show the phases; nothing is rebuilt where none changed."""
        with QSignalBlocker(self.days), QSignalBlocker(self.band):
            self.days.setCurrentIndex(self.days.findData(found.choice.confirmation_days))
            self.band.setCurrentIndex(self.band.findData(found.choice.confirmation_band))
        reading = found.readings.ribbon
        episodes = () if reading is None else reading.episodes
        self._empty.setText(
            found.readings.reason("ribbon") or ("" if episodes else _("None is known yet."))
        )
        self._empty.setVisible(not episodes)
        self.table.setVisible(bool(episodes))
        if episodes != self._shown:
            self._shown = episodes
            self._fill(episodes[::-1])

    def copy_text(self) -> str:
        """Return the list with tabs."""
        heads = [self.table.horizontalHeaderItem(c) for c in range(self.table.columnCount())]
        rows = [[head.text() if head else "" for head in heads]]
        for row in range(self.table.rowCount()):
            cells = [self.table.item(row, column) for column in range(self.table.columnCount())]
            rows.append([cell.text() if cell else "" for cell in cells])
        return "\n".join("\t".join(row) for row in rows) + "\n"

    def _make_table(self) -> QTableWidget:
        heads = [_("began"), _("recovered"), _("buy"), _("days")]
        heads += [_("+{n} d").format(n=days) for days in AFTER_DAYS]
        made = QTableWidget(0, len(heads))
        made.setHorizontalHeaderLabels(heads)
        made.setAccessibleName(_("Phases of the hash ribbon"))
        made.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        made.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        made.setShowGrid(False)
        made.setTabKeyNavigation(False)
        made.verticalHeader().hide()
        made.verticalHeader().setDefaultSectionSize(_ROW_PX)
        made.setToolTip(_("The last columns: change of the price so many days after the recovery"))
        header = made.horizontalHeader()
        header.setAccessibleName(_("Columns of the phases"))
        for column in range(len(heads)):
            side = Qt.AlignmentFlag.AlignRight if column > _BUY else Qt.AlignmentFlag.AlignLeft
            head = made.horizontalHeaderItem(column)
            if head is not None:
                head.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
        # A heading begins and ends where the text of its column does.
        header.setStyleSheet("QHeaderView::section { padding: 4px 3px; }")
        made.verticalHeader().setAccessibleName(_("Rows of the phases"))
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(_BUY, QHeaderView.ResizeMode.Stretch)
        return made

    def _fill(self, episodes: Sequence[RibbonEpisode]) -> None:
        formats = self._formats

        def day(value: date | None) -> str:
            return DASH if value is None else formats.date(value)

        self.table.setRowCount(len(episodes))
        for row, each in enumerate(episodes):
            cells = [
                day(each.start),
                day(each.recovered) if each.recovered else _("not yet"),
                day(each.buy),
                formats.count(each.days),
                *(formats.percent_points(pct, signed=True) for pct in each.price_after_pct),
            ]
            for column, text in enumerate(cells):
                item = QTableWidgetItem(text)
                if column > 2:
                    item.setTextAlignment(
                        Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
                    )
                self.table.setItem(row, column, item)

    def _tell(self) -> None:
        self.confirmation_chosen.emit(
            int(self.days.currentData() or 1), float(self.band.currentData() or 0.0)
        )
