"""The table of moves: keys, widths that stay, and as high as its rows."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QItemSelectionModel, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from minerdesk.domain.verdicts import Verdict
from minerdesk.ui.dashboard.moves_model import RIGS, SITE, UNTIL, WHAT, WHY, WORTH, MovesModel
from minerdesk.ui.page import PageContext
from minerdesk.ui.widgets.shapes import draw_verdict, tone_of
from minerdesk.ui.widgets.whole_rows import show_whole_rows

_ROW_PX: Final = 30
_TWO_LINES_PX: Final = 46
_LEAST_WHY_PX: Final = 260  # where less is left the reason stands beneath the rigs
_SHAPE_PX: Final = 12
_CELL_PX: Final = 3  # how far Qt keeps text from the edge of a cell
_ROOM_PX: Final = 18
_LOOKED_AT: Final = 20
_ROWS_WISHED: Final = 8
_MOST_OF_WIDTH: Final = 0.3
_WIDEST_PX: Final = {WHAT: 220, RIGS: 330, SITE: 220, UNTIL: 160, WORTH: 240}


class MovesView(QTableView):
    """A table of moves.

    Attributes:
        paints: how often it was painted, for tests.

    Signals:
        done_wanted(): Space or D was pressed.
    """

    done_wanted = Signal()

    def __init__(
        self,
        context: PageContext,
        name: str,
        *,
        advice: bool = True,
        most_rows: int = 0,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = context.theme
        self._most_rows = most_rows
        self._shapes: dict[tuple[Verdict, bool], QPixmap] = {}
        self._widened = False
        self._wide: dict[int, int] = {}
        self.paints = 0
        self.moves = MovesModel(context.formats, self._shape, advice=advice, parent=self)
        show_whole_rows(self, self.moves, name, _ROW_PX)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        head = self.horizontalHeader()
        # A heading begins and ends where the text of its column does.
        head.setStyleSheet(f"QHeaderView::section {{ padding: {_CELL_PX + 1}px {_CELL_PX}px; }}")
        head.setTextElideMode(Qt.TextElideMode.ElideRight)
        head.setSectionsClickable(False)
        head.setSectionResizeMode(WHY, QHeaderView.ResizeMode.Stretch)
        for signal in (self.moves.rowsInserted, self.moves.rowsRemoved):
            signal.connect(self._fit)
        context.theme.changed.connect(self._recolour)
        self._fit()

    def chosen_rows(self) -> tuple[int, ...]:
        """Return the selected rows, rising."""
        return tuple(sorted({index.row() for index in self.selectionModel().selectedRows()}))

    def choose_row(self, row: int) -> None:
        """Select one row alone, whatever keys are held meanwhile."""
        flags = QItemSelectionModel.SelectionFlag
        index = self.moves.index(row, WHAT)
        self.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space and D mark done; the rest is the table's."""
        plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
        if plain and event.key() in {Qt.Key.Key_Space, Qt.Key.Key_D}:
            self.done_wanted.emit()
            event.accept()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint, and count it."""
        self.paints += 1
        super().paintEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share another width out anew."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._widened = False
            self.widen()

    def changeEvent(self, event: QEvent) -> None:
        """Fit to another font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "moves"):
            self._fit()

    def sizeHint(self) -> QSize:
        """Wish for a few rows; what is more is scrolled to."""
        head = self.horizontalHeader().sizeHint().height()
        return QSize(640, min(self.maximumHeight(), head + _ROWS_WISHED * self._row_px + 2))

    @property
    def _row_px(self) -> int:
        return _TWO_LINES_PX if self.moves.reason_beneath else _ROW_PX

    def widen(self) -> None:
        """Make the columns wide enough for the first rows.

        While the table keeps its width they never shrink, lest they jump.
        """
        metrics = self.fontMetrics()
        self.setColumnHidden(UNTIL, not self.moves.ends)
        for column, most in _WIDEST_PX.items():
            if self.isColumnHidden(column):
                self._wide.pop(column, None)
                continue
            texts = [
                self.moves.rigs(row) if column == RIGS else self.moves.text(row, column)
                for row in range(min(_LOOKED_AT, self.moves.rowCount()))
            ]
            texts.append(str(self.moves.headerData(column, Qt.Orientation.Horizontal)))
            wide = max(metrics.horizontalAdvance(text) for text in texts) + _ROOM_PX
            wide += _SHAPE_PX + 8 if column == WHAT else 0
            if wide > self._wide.get(column, 0) or not self._widened:
                room = int(self.viewport().width() * _MOST_OF_WIDTH)
                self._wide[column] = min(wide, most, max(room, 96))
                self.setColumnWidth(column, self._wide[column])
        self._widened = True
        left = self.viewport().width() - sum(self._wide.values())
        self._put_reason_beneath(left < _LEAST_WHY_PX)

    def _put_reason_beneath(self, beneath: bool) -> None:
        """Show reasons in a line of their own under the rigs, or in a column of their own."""
        if beneath == self.moves.reason_beneath:
            return
        self.moves.reason_beneath = beneath
        head, mode = self.horizontalHeader(), QHeaderView.ResizeMode
        self.setColumnHidden(WHY, beneath)
        head.setSectionResizeMode(RIGS, mode.Stretch if beneath else mode.Interactive)
        if not beneath:
            self.setColumnWidth(RIGS, self._wide[RIGS])
        self.verticalHeader().setDefaultSectionSize(self._row_px)
        self._fit()

    @Slot()
    def _fit(self) -> None:
        rows = self.moves.rowCount()
        if self._most_rows:
            rows = min(rows, self._most_rows)
        high = self.horizontalHeader().sizeHint().height() + rows * self._row_px + 2
        self.setMaximumHeight(high)
        self.setMinimumHeight(min(high, 4 * self._row_px))
        self.updateGeometry()

    @Slot()
    def _recolour(self) -> None:
        self._shapes.clear()
        self.viewport().update()

    def _shape(self, verdict: Verdict, filled: bool) -> QPixmap:
        key = (verdict, filled)
        if key not in self._shapes:
            scale = self.devicePixelRatioF()
            made = QPixmap(round(_SHAPE_PX * scale), round(_SHAPE_PX * scale))
            made.setDevicePixelRatio(scale)
            made.fill(Qt.GlobalColor.transparent)
            painter = QPainter(made)
            box = QRectF(1, 1, _SHAPE_PX - 2, _SHAPE_PX - 2)
            colour = QColor(tone_of(verdict, self._theme.tokens))
            draw_verdict(painter, box, verdict, colour, advice=filled)
            painter.end()
            self._shapes[key] = made
        return self._shapes[key]
