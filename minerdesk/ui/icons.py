"""Icons: SVG drawings in one colour, tinted at run time with the theme's text colour."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QGuiApplication, QIcon, QImage, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from minerdesk.ui.resources import resource
from minerdesk.ui.theme import Theme

_INK = "currentColor"
_SIZES = (12, 16, 20, 24)
# What a screen that is plugged in later gets its icons from, made smaller.
_LARGE_PX = 64


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
            self._cache[key] = _drawn(drawing.replace(_INK, key[1]))
        return self._cache[key]


def _drawn(svg: str) -> QIcon:
    """Draw an icon in the sizes that windows ask for, sharp at the scale of every screen.

    An icon engine of our own would draw at any size, but Qt's icons outlive what Python owns, and
    the process ends in a crash.
    """
    renderer = QSvgRenderer(QByteArray(svg.encode()))
    icon = QIcon()
    for size in _sizes_px():
        for mode, opacity in ((QIcon.Mode.Normal, 1.0), (QIcon.Mode.Disabled, 0.4)):
            image = QImage(size, size, QImage.Format.Format_ARGB32_Premultiplied)
            image.fill(Qt.GlobalColor.transparent)
            painter = QPainter(image)
            painter.setOpacity(opacity)
            renderer.render(painter, QRectF(0, 0, size, size))
            painter.end()
            icon.addPixmap(QPixmap.fromImage(image), mode)
    return icon


def _sizes_px() -> list[int]:
    scales = {screen.devicePixelRatio() for screen in QGuiApplication.screens()}
    return sorted({round(size * scale) for size in _SIZES for scale in scales} | {_LARGE_PX})
