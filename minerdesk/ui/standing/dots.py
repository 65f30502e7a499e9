"""Groups as dots: size by rigs, shape by verdict, filled where they earn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QBrush, QColor, QPen

from minerdesk.domain.text import _
from minerdesk.domain.verdicts import Verdict
from minerdesk.ui.charts.tones import line_pen
from minerdesk.ui.standing.scene import Scene
from minerdesk.ui.theme import Tokens

Floats = NDArray[np.float64]

DRAWN_MOST: Final = 500
_SIZES: Final = 6
_SMALLEST_PX, _LARGEST_PX = 8.0, 22.0
_SHAPES: Final = {
    Verdict.RUN: "o",
    Verdict.POWER_DOWN: "t",
    Verdict.START: "t1",
    Verdict.STAY_OFF: "s",
    Verdict.CHANGE_MODE: "d",
    Verdict.TOO_CLOSE: "star",
}


def shapes_words() -> str:
    """Return what the shapes mean."""
    return _(
        "● run  ▼ power down  ▲ start  ■ stay off  ◆ change mode  ★ too close; "
        "filled: earns, empty: loses; larger: more rigs"
    )


class Dots(QObject):
    """The dots of one chart.

    Signals:
        picked(str): the id of the group that was pressed.
    """

    picked = Signal(str)

    def __init__(
        self, tokens: Tokens, redraw: Callable[[], None], parent: QObject | None = None
    ) -> None:
        """Make no dots yet.

        Args:
            tokens: the colours.
            redraw: asks the chart to draw soon; it then calls `paint`.
            parent: as of any object.
        """
        super().__init__(parent)
        self._redraw = redraw
        self._due = False
        self.item = pg.ScatterPlotItem(pxMode=True)
        self.item.setZValue(10)
        self.item.sigClicked.connect(self._clicked)
        self._tokens = tokens
        self._scene: Scene | None = None
        self._group: NDArray[np.intp] = np.empty(0, np.intp)
        self._x = self._y = np.empty(0)
        self._earns = np.empty(0, np.bool_)
        self._chosen: int | None = None

    @property
    def groups(self) -> NDArray[np.intp]:
        """The groups that are drawn, by their place in the book."""
        return self._group

    @property
    def places(self) -> tuple[Floats, Floats]:
        """Where they are drawn."""
        return self._x, self._y

    def show_groups(self, scene: Scene, x: Floats, y: Floats, earns: NDArray[np.bool_]) -> int:
        """Show groups at (x, y), shape (G,); those without a place, and the smallest, are left out.

        Returns:
            How many with a place are left out because there are too many.
        """
        known = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
        rigs = scene.view.figures.fleet.count
        largest = known
        if len(known) > DRAWN_MOST:
            largest = known[np.argpartition(-rigs[known], DRAWN_MOST)[:DRAWN_MOST]]
        largest = largest[np.argsort(-rigs[largest], kind="stable")]
        # The largest first, so that the small ones lie on top and can be pressed.
        self._scene, self._group = scene, largest
        self._x, self._y, self._earns = x[largest], y[largest], earns[largest]
        self._ask()
        return len(known) - len(largest)

    def choose(self, group: int | None) -> None:
        """Mark a group."""
        if group != self._chosen:
            self._chosen = group
            self._ask()

    def recolour(self, tokens: Tokens) -> None:
        """Take other colours."""
        self._tokens = tokens
        self._ask()

    def near(self, x: float, y: float, width: float, height: float) -> int | None:
        """Return the drawn group nearest to a place, in units of the view; None without groups."""
        if not len(self._group):
            return None
        away = ((self._x - x) / width) ** 2 + ((self._y - y) / height) ** 2
        return int(self._group[int(away.argmin())])

    def paint(self) -> None:
        """Bring the dots to what was shown, if anything changed."""
        scene, due, self._due = self._scene, self._due, False
        if scene is None or not due:
            return
        fleet, verdict = scene.view.figures.fleet, scene.view.figures.decisions.verdict
        rigs = fleet.count[self._group]
        share = np.sqrt(rigs / max(float(rigs.max(initial=1.0)), 1.0))
        # Each look is drawn once and stamped; so few sizes, and the same pens for all.
        step = np.round(share * (_SIZES - 1)) / (_SIZES - 1)
        size = _SMALLEST_PX + (_LARGEST_PX - _SMALLEST_PX) * step
        looks = {earns: (self._pen(earns), self._brush(earns)) for earns in (False, True)}
        mine = line_pen(self._tokens.accent, 3.5)
        pens = [
            mine if group == self._chosen else looks[bool(earns)][0]
            for group, earns in zip(self._group, self._earns, strict=True)
        ]
        brushes = [looks[bool(earns)][1] for earns in self._earns]
        self.item.setData(
            x=self._x,
            y=self._y,
            size=size,
            symbol=[_SHAPES[Verdict(int(verdict[g]))] for g in self._group],
            pen=pens,
            brush=brushes,
            data=self._group,
        )

    def _ask(self) -> None:
        self._due = True
        self._redraw()

    def _pen(self, earns: bool) -> QPen:
        return line_pen(self._tokens.earn if earns else self._tokens.lose, 1.8)

    def _brush(self, earns: bool) -> QBrush:
        if not earns:
            return QBrush(Qt.BrushStyle.NoBrush)
        colour = QColor(self._tokens.earn)
        colour.setAlpha(130)
        return QBrush(colour)

    @Slot(object, object)
    def _clicked(self, _item: object, points: object, *_event: object) -> None:
        if self._scene is None or not isinstance(points, list | np.ndarray) or not len(points):
            return
        self.picked.emit(self._scene.group_id(int(points[0].data())))
