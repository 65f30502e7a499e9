"""The small drawings that say a verdict or an origin without colour."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from minerdesk.domain.rigs import Origin
from minerdesk.domain.verdicts import Verdict
from minerdesk.ui.theme import Tokens


def tone_of(verdict: Verdict, tokens: Tokens) -> str:
    """Return the colour that repeats what a verdict's word and shape say."""
    return {
        Verdict.RUN: tokens.earn,
        Verdict.START: tokens.earn,
        Verdict.POWER_DOWN: tokens.lose,
        Verdict.STAY_OFF: tokens.text_muted,
        Verdict.CHANGE_MODE: tokens.accent,
        Verdict.TOO_CLOSE: tokens.warn,
    }[verdict]


def draw_verdict(
    painter: QPainter, box: QRectF, verdict: Verdict, colour: QColor, *, advice: bool
) -> None:
    """Draw a verdict's shape; one that is no advice is an outline.

    A triangle runs or starts (with a bar), a square is off, a square with a bar goes off, a diamond
    changes its mode, two waves are too close to call.
    """
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(colour, 1.5))
    painter.setBrush(colour if advice else Qt.BrushStyle.NoBrush)
    left, top, size = box.left(), box.top(), box.width()
    middle = top + size / 2
    if verdict in {Verdict.RUN, Verdict.START}:
        begin = left + (size * 0.35 if verdict is Verdict.START else 0)
        points = (begin, top), (begin, top + size), (left + size, middle)
        painter.drawPolygon(QPolygonF([QPointF(*point) for point in points]))
        if verdict is Verdict.START:
            painter.drawLine(QPointF(left, top), QPointF(left, top + size))
    elif verdict is Verdict.POWER_DOWN:
        painter.drawRect(box.adjusted(0, 0, 0, -size * 0.35))
        painter.drawLine(QPointF(left, top + size), QPointF(left + size, top + size))
    elif verdict is Verdict.STAY_OFF:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(box)
    elif verdict is Verdict.CHANGE_MODE:
        points = (left + size / 2, top), (left + size, middle), (left + size / 2, top + size)
        painter.drawPolygon(QPolygonF([QPointF(*point) for point in (*points, (left, middle))]))
    else:
        for line in (middle - size * 0.2, middle + size * 0.2):
            painter.drawLine(QPointF(left, line), QPointF(left + size, line))
    painter.restore()


def draw_origin(painter: QPainter, centre: QPointF, origin: Origin, colour: QColor) -> None:
    """Draw a dot for measured, a ring for typed, nothing for nameplate."""
    if origin is Origin.NAMEPLATE:
        return
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(colour, 1.2))
    painter.setBrush(colour if origin is Origin.MEASURED else Qt.BrushStyle.NoBrush)
    painter.drawEllipse(centre, 2.4, 2.4)
    painter.restore()
