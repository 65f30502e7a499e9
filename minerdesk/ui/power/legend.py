"""The legend of stacked parts: as many lines as its names need, two at most."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from minerdesk.domain.text import _
from minerdesk.ui.charts.tones import band_brush
from minerdesk.ui.theme import Theme
from minerdesk.ui.widgets.tips import wrapped

_BOX: Final = 12
_GAP: Final = 6
_BETWEEN: Final = 14
_MOST_LINES: Final = 2


class Legend(QWidget):
    """Names with the colour of their area. What has no room is cut; the tip has all."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.names: tuple[str, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def show_names(self, names: Sequence[str]) -> None:
        """Name other parts, in the order of their colours."""
        if tuple(names) == self.names:
            return
        self.names = tuple(names)
        listed = ", ".join(self.names)
        self.setToolTip(wrapped(listed))
        self.setAccessibleName(_("Parts of the price: {names}").format(names=listed))
        self._fit()

    def sizeHint(self) -> QSize:
        """As high as the lines it needs at its width."""
        return QSize(80, self._lines() * self._line_px())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Break the lines anew."""
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw a box and a name for each."""
        del event
        painter = QPainter(self)
        painter.setFont(self._font())
        tokens = self._theme.tokens
        for index, (name, box) in enumerate(zip(self.names, self.places(), strict=True)):
            colour = tokens.series[index % len(tokens.series)]
            square = QRect(box.left(), box.top() + (box.height() - _BOX) // 2, _BOX, _BOX)
            painter.fillRect(square, band_brush(colour))
            painter.setPen(QColor(colour))
            painter.drawRect(square.adjusted(0, 0, -1, -1))
            painter.setPen(QColor(tokens.text_muted))
            text = box.adjusted(_BOX + _GAP, 0, 0, 0)
            shown = painter.fontMetrics().elidedText(
                name, Qt.TextElideMode.ElideRight, text.width()
            )
            painter.drawText(text, int(Qt.AlignmentFlag.AlignVCenter), shown)
        painter.end()

    def places(self) -> list[QRect]:
        """Return where each name stands with its box, in pixels."""
        metrics, high = QFontMetrics(self._font()), self._line_px()
        found, x, y = list[QRect](), 0, 0
        for name in self.names:
            wide = _BOX + _GAP + metrics.horizontalAdvance(name) + 1
            if x and x + wide > self.width() and y < (_MOST_LINES - 1) * high:
                x, y = 0, y + high
            left = min(x, self.width())
            found.append(QRect(left, y, min(wide, self.width() - left), high))
            x += wide + _BETWEEN
        return found

    def _fit(self) -> None:
        self.setFixedHeight(self._lines() * self._line_px())
        self.update()

    def _lines(self) -> int:
        places = self.places()
        return places[-1].top() // self._line_px() + 1 if places else 1

    def _line_px(self) -> int:
        return QFontMetrics(self._font()).height() + 2

    def _font(self) -> QFont:
        font = QFont(self.font())
        font.setPointSizeF(self._theme.tokens.small_pt)
        return font
