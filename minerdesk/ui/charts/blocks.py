"""Many blocks side by side, such as merit-order steps or bars, of which only what fits is drawn."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QRectF
from PySide6.QtGui import QBrush, QPainter, QPen, QTransform

Floats = NDArray[np.float64]

DRAWN_MOST: Final = 320


def _none() -> Floats:
    return np.empty(0)


@dataclass(frozen=True, slots=True)
class Blocks:
    """Blocks that touch each other along x, N of them.

    Attributes:
        edges: (N + 1,) where blocks begin and end, rising.
        value: (N,) how high each is; finite, in rising or falling order.
        earns: (N,) which of the two tones it has.
        key: (N,) whose block it is; several blocks may have one key.
    """

    edges: Floats = field(default_factory=lambda: np.zeros(1))
    value: Floats = field(default_factory=_none)
    earns: NDArray[np.bool_] = field(default_factory=lambda: np.empty(0, np.bool_))
    key: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))

    def __len__(self) -> int:
        return len(self.value)

    def at(self, x: float) -> int | None:
        """Return the index of the block at ``x``, or None outside."""
        if not len(self) or not self.edges[0] <= x <= self.edges[-1]:
            return None
        found = int(np.searchsorted(self.edges, x, side="right")) - 1
        return min(found, len(self) - 1)

    def visible(self, left: float, right: float) -> tuple[int, int]:
        """Return the range of blocks that touch ``left`` to ``right``."""
        first = max(int(np.searchsorted(self.edges, left, side="right")) - 1, 0)
        last = min(int(np.searchsorted(self.edges, right, side="left")), len(self))
        return first, max(last, first)


def thin_out(blocks: Blocks, first: int, last: int, most: int = DRAWN_MOST) -> Blocks:
    """Merge neighbours of one tone until at most about ``most`` blocks are left.

    The first and the last block of the range stay as they are, so that the best and the worst are
    always seen; a merged one has the mean of its blocks, weighed by their width.

    Args:
        blocks: all.
        first: where the range to draw begins.
        last: where it ends, itself outside.
        most: how many may be left.
    """
    if last - first <= most:
        starts = np.arange(first, last)
    else:
        starts = np.unique(np.linspace(first + 1, last - 1, most - 2).astype(np.int64))
        turns = np.flatnonzero(np.diff(blocks.earns[first:last].astype(np.int8))) + first + 1
        starts = np.unique(np.concatenate(([first], starts, turns[:most])))
    if not len(starts):
        return Blocks()
    ends = np.append(starts[1:], last)
    area = np.concatenate(([0.0], np.cumsum(blocks.value * np.diff(blocks.edges))))
    edges = np.append(blocks.edges[starts], blocks.edges[last])
    return Blocks(
        edges=edges,
        value=np.where(
            ends - starts == 1,
            blocks.value[starts],
            (area[ends] - area[starts]) / np.maximum(np.diff(edges), 1e-300),
        ),
        earns=blocks.earns[starts],
        key=np.where(ends - starts == 1, blocks.key[starts], -1),
    )


@dataclass(frozen=True, slots=True)
class Look:
    """How blocks are painted.

    Attributes:
        fills: layers of the area, the first below. line: along the top. outline: the line also
            climbs between neighbours, as stairs do. gap: fraction of the width left free.
    """

    fills: tuple[QBrush, ...]
    line: QPen
    outline: bool = False
    gap: float = 0.0


class BlocksItem(pg.GraphicsObject):  # type: ignore[misc] # pyqtgraph ships no types
    """Paints blocks from 0 to their value."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.look = look
        self._rects: list[QRectF] = []
        self._lines: list[QLineF] = []
        self._bounds = QRectF()

    def show_blocks(self, blocks: Blocks, chosen: NDArray[np.bool_], bounds: QRectF) -> None:
        """Paint those of ``blocks`` that are ``chosen``; ``bounds`` is what all of them take."""
        left, right, top = blocks.edges[:-1], blocks.edges[1:], blocks.value
        free = (right - left) * self.look.gap / 2
        self._rects = [
            QRectF(x, min(y, 0.0), width, abs(y))
            for x, y, width in zip(
                (left + free)[chosen], top[chosen], (right - left - 2 * free)[chosen], strict=True
            )
        ]
        self._lines = [
            QLineF(rect.left(), y, rect.right(), y)
            for rect, y in zip(self._rects, top[chosen], strict=True)
        ]
        if self.look.outline:
            self._lines += [
                QLineF(one.x2(), one.y2(), other.x1(), other.y1())
                for one, other in zip(self._lines, self._lines[1:], strict=False)
                if one.x2() == other.x1()
            ]
        self.prepareGeometryChange()
        self._bounds = bounds
        self.informViewBoundsChanged()
        self.update()

    @property
    def count(self) -> int:
        """How many blocks are painted."""
        return len(self._rects)

    def boundingRect(self) -> QRectF:
        """Return what the view shows when it shows everything."""
        return self._bounds

    def paint(self, painter: QPainter, *_options: object) -> None:
        """Fill, hatch and line; a hatch keeps its size on the screen at every zoom."""
        to_screen = painter.worldTransform()
        painter.save()
        # In the screen's own units a pattern is neither stretched nor slow.
        painter.setWorldTransform(QTransform())
        painter.setPen(pg.mkPen(None))
        rects = [to_screen.mapRect(rect) for rect in self._rects]
        for fill in self.look.fills:
            painter.setBrush(fill)
            painter.drawRects(rects)
        painter.restore()
        painter.setPen(self.look.line)
        painter.drawLines(self._lines)


def in_order(key: Floats, before: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return the indices that sort ``key`` upwards, NaN last; equals stay as they were.

    Starting from the order ``before`` a tick sorts what is nearly sorted, which is many times
    faster; an order of another length is not used.
    """
    if len(before) != len(key):
        before = np.arange(len(key))
    return before[np.argsort(key[before], kind="stable")]
