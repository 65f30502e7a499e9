"""The year as 12 months by 24 hours, painted with the mouse or with keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QHelpEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from minerdesk.domain.text import _
from minerdesk.ui.power.span import ALL, HOURS, MONTHS, Span, painted
from minerdesk.ui.theme import Theme

_LEFT: Final = 34
_TOP: Final = 18
_CELL: Final = 17
_FILL_ALPHA: Final = 70
_MOVES: Final = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
    Qt.Key.Key_Home: (0, -HOURS),
    Qt.Key.Key_End: (0, HOURS),
    Qt.Key.Key_PageUp: (-MONTHS, 0),
    Qt.Key.Key_PageDown: (MONTHS, 0),
}


@dataclass(frozen=True, slots=True)
class Paint:
    """One of the keys a cell may hold: its name, and its colour in the theme's series."""

    key: str
    name: str
    colour: int


def month_names() -> tuple[str, ...]:
    """Return the months, short."""
    return (
        *(_("Jan"), _("Feb"), _("Mar"), _("Apr"), _("May"), _("Jun")),
        *(_("Jul"), _("Aug"), _("Sep"), _("Oct"), _("Nov"), _("Dec")),
    )


class PaintGrid(QWidget):
    """Shows a key in every cell; a stroke paints a rectangle, a month's name its row, and so on.

    Keys: arrows move, with Shift they extend, a key's letter or Space paints what is selected,
    Ctrl+A selects all, Escape gives a stroke up.

    Signals:
        painted(): the rows changed, once for each stroke.
        pointed(str): what stands in the cell under the keyboard's cursor, in words.
        brush_wanted(str): a letter was typed, which is to be the brush from now on.
    """

    painted = Signal()
    pointed = Signal(str)
    brush_wanted = Signal(str)

    def __init__(self, name: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._rows: tuple[str, ...] = (" " * HOURS,) * MONTHS
        self._paints: dict[str, Paint] = {}
        self._brush = ""
        self._span = Span()
        self._stroke = False
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(_LEFT + HOURS * 12)
        self.setMaximumWidth(_LEFT + HOURS * 26)
        self.setMouseTracking(False)
        theme.changed.connect(self.update)
        self._tell()

    @property
    def rows(self) -> tuple[str, ...]:
        """The keys, 12 rows of 24 characters, January first."""
        return self._rows

    @property
    def span(self) -> Span:
        """What is selected."""
        return self._span

    def show_rows(self, rows: Sequence[str]) -> None:
        """Show other keys; the selection stays."""
        if tuple(rows) != self._rows:
            self._rows = tuple(rows)
            self._tell()
            self.update()

    def set_paints(self, paints: Sequence[Paint], brush: str = "") -> None:
        """Say which keys there are, and which one the mouse paints with."""
        self._paints = {paint.key: paint for paint in paints}
        self._brush = brush or next(iter(self._paints), "")
        self._tell()
        self.update()

    def select(self, span: Span) -> None:
        """Select cells."""
        self._span = span
        self._tell()
        self.update()

    def paint_span(self, key: str = "") -> None:
        """Give every selected cell the brush's key, or another one, as one stroke."""
        rows = painted(self._rows, self._span, key or self._brush)
        if rows != self._rows:
            self._rows = rows
            self._tell()
            self.update()
            self.painted.emit()

    def cell_words(self, month: int, hour: int) -> str:
        """Return what stands in a cell, such as ``Mar, 14:00 to 15:00: on-peak``."""
        key = self._rows[month][hour]
        paint = self._paints.get(key)
        return _("{month}, {begin} to {end}: {name}").format(
            month=month_names()[month],
            begin=f"{hour:02d}:00",
            end=f"{hour + 1:02d}:00",
            name=paint.name if paint else key,
        )

    # Qt's own.

    def sizeHint(self) -> QSize:
        """As high as twelve rows."""
        return QSize(_LEFT + HOURS * _CELL, _TOP + MONTHS * _CELL + 1)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a stroke."""
        if event.button() != Qt.MouseButton.LeftButton:
            return
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        month, hour = self._at(event.position())
        if month < 0 or hour < 0:
            self.select(ALL if month < 0 and hour < 0 else Span.line(month, hour))
            self.paint_span()
            return
        kept = self._span.anchor if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else None
        self._stroke = True
        self.select(Span(kept or (month, hour), (month, hour)))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Extend the stroke."""
        if self._stroke:
            month, hour = self._at(event.position())
            self.select(Span(self._span.anchor, (max(month, 0), max(hour, 0))))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Paint what the stroke went over."""
        del event
        if self._stroke:
            self._stroke = False
            self.paint_span()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move, select and paint."""
        key, text = event.key(), event.text()
        if event.matches(QKeySequence.StandardKey.SelectAll):
            self.select(ALL)
        elif key in _MOVES:
            extend = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.select(self._span.moved(*_MOVES[Qt.Key(key)], extend=extend))
        elif key == Qt.Key.Key_Space:
            self.paint_span()
        elif text in self._paints:
            self.brush_wanted.emit(text)
            self.paint_span(text)
        elif key == Qt.Key.Key_Escape and (self._stroke or not self._span.single):
            self._stroke = False
            self.select(Span(self._span.anchor, self._span.anchor))
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Show what stands in the cell under the mouse as a tool tip."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            month, hour = self._at(QPointF(event.pos()))
            words = self.cell_words(month, hour) if month >= 0 and hour >= 0 else ""
            QToolTip.showText(event.globalPos(), words, self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw headings, cells with colour and letter, and the selection."""
        del event
        painter = QPainter(self)
        tokens = self._theme.tokens
        font = QFont(self.font())
        font.setPointSizeF(tokens.small_pt - 1)
        painter.setFont(font)
        self._draw_heads(painter, QColor(tokens.text_muted))
        preview = painted(self._rows, self._span, self._brush) if self._stroke else self._rows
        ink, line = QColor(tokens.text), QColor(tokens.surface)
        for month, row in enumerate(preview):
            for hour, key in enumerate(row):
                box = self._box(month, hour)
                paint = self._paints.get(key)
                fill = QColor(tokens.series[paint.colour] if paint else tokens.lose)
                fill.setAlpha(_FILL_ALPHA)
                painter.fillRect(box, fill)
                painter.setPen(line)
                painter.drawRect(box)
                painter.setPen(ink)
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, key)
        if self.hasFocus() or self._stroke:
            painter.setPen(QPen(QColor(tokens.accent), 2))
            low, high = self._span.corners
            painter.drawRect(self._box(*low).united(self._box(*high)))
        painter.end()

    def _draw_heads(self, painter: QPainter, ink: QColor) -> None:
        painter.setPen(ink)
        every = 1 if self._width() >= _CELL + 1 else 3
        for hour in range(0, HOURS, every):
            box = self._box(0, hour)
            area = QRectF(box.left() - 6, 0, box.width() + 12, _TOP)
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, f"{hour}")
        for month, name in enumerate(month_names()):
            area = QRectF(0, self._box(month, 0).top(), _LEFT - 6, _CELL)
            painter.drawText(area, Qt.AlignmentFlag.AlignRight, name)

    def _width(self) -> float:
        return (self.width() - _LEFT - 1) / HOURS

    def _box(self, month: int, hour: int) -> QRect:
        left, right = (_LEFT + round(self._width() * each) for each in (hour, hour + 1))
        return QRect(left, _TOP + month * _CELL, right - left, _CELL)

    def _at(self, point: QPointF) -> tuple[int, int]:
        """Return month and hour; -1 for the headings."""
        hour = -1 if point.x() < _LEFT else int((point.x() - _LEFT) / self._width())
        month = -1 if point.y() < _TOP else int((point.y() - _TOP) / _CELL)
        return min(month, MONTHS - 1), min(hour, HOURS - 1)

    def _tell(self) -> None:
        month, hour = self._span.end
        words = self.cell_words(month, hour)
        if not self._span.single:
            words = _("{n} hours selected, to {cell}").format(n=self._span.count, cell=words)
        self.setAccessibleDescription(words)
        self.pointed.emit(words)
