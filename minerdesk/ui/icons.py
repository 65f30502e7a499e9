"""Icons: SVG drawings in one colour, tinted at run time with the theme's text colour."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QIconEngine, QImage, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from minerdesk.ui.resources import resource
from minerdesk.ui.theme import Theme

_INK = "currentColor"


class Icons(QObject):
    """Makes icons by name and says when the theme's change asks for new ones.

    Signals:
        changed(): ask for your icons again.
    """

    changed = Signal()

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._cache: dict[tuple[str, str], QIcon] = {}
        theme.changed.connect(self.changed)

    def icon(self, name: str, colour: str = "") -> QIcon:
        """Return the icon ``name`` in ``colour`` (``#rrggbb``), else in the text's colour.

        Raises:
            FileNotFoundError: there is no such drawing.
        """
        tokens = self._theme.tokens
        key = (name, colour or tokens.text)
        if key not in self._cache:
            drawing = resource("icons", f"{name}.svg").read_text(encoding="utf-8")
            icon = QIcon(_Drawing(drawing.replace(_INK, key[1])))
            self._cache[key] = icon
        return self._cache[key]


class _Drawing(QIconEngine):
    """Draws the SVG at whatever size and scale is asked for, so it is sharp at 150 and 200 %."""

    def __init__(self, svg: str) -> None:
        super().__init__()
        self._svg = svg
        self._renderer: QSvgRenderer | None = None

    def paint(self, painter: QPainter, rect: object, mode: QIcon.Mode, _state: QIcon.State) -> None:
        if self._renderer is None:
            self._renderer = QSvgRenderer(QByteArray(self._svg.encode()))
        painter.save()
        if mode == QIcon.Mode.Disabled:
            painter.setOpacity(0.4)
        self._renderer.render(painter, QRectF(rect))  # type: ignore[call-overload] # a QRect
        painter.restore()

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        image = QImage(size, QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        self.paint(painter, image.rect(), mode, state)
        painter.end()
        return QPixmap.fromImage(image)

    def clone(self) -> QIconEngine:
        return _Drawing(self._svg)
