"""The base of every chart: theme, axes in words, cursor, text summary, copying, and a clock."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFont,
    QGuiApplication,
    QHideEvent,
    QKeyEvent,
    QKeySequence,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QLabel, QMenu, QWidget

from minerdesk.domain.text import _
from minerdesk.ui.charts.axes import Axis, make_axis
from minerdesk.ui.theme import Theme, Tokens

_RATE_HZ = 20
PER_PIXEL = 2.0
"""Parts of a pixel of each of which a curve keeps the lowest and highest point.

The library's 5 look no different and take twice as long.
"""


@dataclass(frozen=True, slots=True)
class Table:
    """A chart's numbers as text: a heading per column, then the rows."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def tsv(self) -> str:
        """Return the table with tabs, as spreadsheets paste it."""
        return "\n".join("\t".join(row) for row in (self.heads, *self.rows)) + "\n"


class Chart(pg.PlotWidget):  # type: ignore[misc] # pyqtgraph ships no types
    """A themed plot that draws on its own clock and can be read without being seen.

    Subclasses keep frozen data, call `redraw` when it changed, and override `paint_data`,
    `recolour_items`, `summary`, `table`, `words_at` and `cursor_stops`.

    Attributes:
        paints: how often `paint_data` ran, for tests of the clock.
        words_inside: the words under the cursor stand in the chart's corner; a frame that shows
            them beside the chart takes them out.

    Signals:
        cursor_moved(object): x under the cursor as float, or None when it left.
        words_changed(str): what stands under the cursor, in words.
    """

    cursor_moved = Signal(object)
    words_changed = Signal(str)

    def __init__(
        self,
        theme: Theme,
        *,
        name: str,
        x: Axis,
        y: Axis,
        parent: QWidget | None = None,
    ) -> None:
        """Build an empty chart.

        Args:
            theme: its tokens colour the chart, now and after each change.
            name: accessible name, such as ``Margin per group``.
            x: the bottom axis.
            y: the left axis.
            parent: as of any widget.
        """
        super().__init__(
            parent=parent,
            axisItems={"bottom": make_axis("bottom", x), "left": make_axis("left", y)},
        )
        self.theme = theme
        self.paints = 0
        self.words_inside = True
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._due = True
        self._clock = QTimer(self, singleShot=True, interval=1000 // _RATE_HZ)
        self._clock.timeout.connect(self.draw_now)
        self._set_up_plot(x, y)
        self._cursor = pg.InfiniteLine(angle=90, movable=False)
        self._cursor.setVisible(False)
        self.addItem(self._cursor, ignoreBounds=True)
        self._cursor_x: float | None = None
        self._words = QLabel(self)
        self._words.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._words.setProperty("role", "words")
        self._words.hide()
        self.scene().sigMouseMoved.connect(self._mouse_moved)
        theme.changed.connect(self._recolour)
        self._recolour()

    # What a chart is made of; override these.

    def paint_data(self) -> None:
        """Bring the plot's items to the data in hand."""

    def recolour_items(self, tokens: Tokens) -> None:
        """Give the subclass's own items the colours of ``tokens``."""

    def summary(self) -> str:
        """Return what the chart shows in one or two sentences, for who does not see it."""
        return ""

    def table(self) -> Table:
        """Return the chart's numbers in words."""
        return Table((), ())

    def words_at(self, x: float) -> str:
        """Return what stands at ``x`` in words, empty where nothing does."""
        del x
        return ""

    def cursor_stops(self) -> Sequence[float]:
        """Return the x at which the arrow keys stop, rising."""
        return ()

    # Drawing.

    def redraw(self) -> None:
        """Draw soon: many calls make one drawing, and a hidden chart waits until it is shown."""
        self._due = True
        if self.isVisible() and not self._clock.isActive():
            self._clock.start()

    @Slot()
    def draw_now(self) -> None:
        """Draw at once if anything is due."""
        self._clock.stop()
        if not self._due:
            return
        self._due = False
        self.paints += 1
        self.paint_data()
        self.setAccessibleDescription(self.summary())
        if self._cursor_x is not None:
            self.set_cursor(self._cursor_x)

    def curve(self, pen: object, **options: object) -> pg.PlotDataItem:
        """Add a line; as all of the plot's, it is down-sampled by peaks and clipped to view.

        Args:
            pen: colour or pen.
            options: as `pyqtgraph.PlotDataItem` takes them.
        """
        item = pg.PlotDataItem(pen=pen, autoDownsampleFactor=PER_PIXEL, **options)
        self.addItem(item)
        return item

    # Cursor.

    def set_cursor(self, x: float | None) -> None:
        """Put the cursor at ``x`` and say what stands there; None takes it away."""
        moved = x != self._cursor_x
        self._cursor_x = x
        words = "" if x is None else self.words_at(x)
        self._cursor.setVisible(x is not None)
        if x is not None:
            self._cursor.setPos(x)
        self._words.setText(words)
        self._words.setVisible(bool(words) and self.words_inside)
        self._place_words()
        self.words_changed.emit(words)
        if moved:
            self.cursor_moved.emit(x)

    @property
    def cursor_x(self) -> float | None:
        """Where the cursor is, or None."""
        return self._cursor_x

    @property
    def cursor_words(self) -> str:
        """What stands under the cursor now."""
        return self._words.text()

    # Copying.

    def copy_picture(self) -> None:
        """Put the chart as it looks onto the clipboard."""
        QGuiApplication.clipboard().setPixmap(self.grab())

    def copy_table(self) -> None:
        """Put the chart's numbers onto the clipboard, tab-separated."""
        QGuiApplication.clipboard().setText(self.table().tsv())

    def context_actions(self) -> list[tuple[str, Callable[[], None]]]:
        """Return the entries of the context menu; a subclass may add its own."""
        return [
            (_("Copy as picture"), self.copy_picture),
            (_("Copy as table"), self.copy_table),
            (_("Show everything"), self.autoRange),
        ]

    # Qt's own.

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Show the chart's menu; the Menu key works too."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for text, handler in self.context_actions():
            menu.addAction(text).triggered.connect(handler)
        menu.popup(event.globalPos())
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrow keys move the cursor, Escape takes it away, Ctrl+C copies the table."""
        key = event.key()
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_table()
        elif key in {Qt.Key.Key_Left, Qt.Key.Key_Right}:
            self._step(-1 if key == Qt.Key.Key_Left else 1)
        elif key == Qt.Key.Key_Escape and self._cursor_x is not None:
            self.set_cursor(None)
        else:
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        """Draw what became due while hidden."""
        super().showEvent(event)
        self.draw_now()

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop the clock: what is not seen is not drawn."""
        self._clock.stop()
        super().hideEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the words under the cursor in their corner."""
        super().resizeEvent(event)
        if hasattr(self, "_words"):
            self._place_words()

    def leaveEvent(self, event: object) -> None:
        """Take the cursor away with the mouse."""
        super().leaveEvent(event)
        self.set_cursor(None)

    def _set_up_plot(self, x: Axis, y: Axis) -> None:
        plot = self.getPlotItem()
        plot.setMenuEnabled(False)
        # The library makes menus nobody sees and no window owns; they go with the chart.
        self.destroyed.connect(plot.ctrlMenu.deleteLater)
        plot.hideButtons()
        # On the plot, because it gives its own manner to every curve that is added.
        plot.setDownsampling(auto=True, mode="peak")
        plot.setClipToView(True)
        plot.showGrid(x=False, y=True, alpha=0.25)
        plot.setLabel("bottom", x.label)
        plot.setLabel("left", y.label)
        box = plot.getViewBox()
        box.setMouseEnabled(x=x.movable, y=y.movable)
        box.sigRangeChanged.connect(self._place_items)
        self.setFrameShape(self.Shape.NoFrame)

    @Slot()
    def _place_items(self, *_range: object) -> None:
        """Move the items to the new view now; done while painting it asks for another painting."""
        if self.isVisible():
            self.scene().prepareForPaint()

    def _step(self, by: int) -> None:
        stops = self.cursor_stops()
        if not stops:
            return
        if self._cursor_x is None:
            index = 0 if by > 0 else len(stops) - 1
        else:
            near = _nearest(stops, self._cursor_x)
            index = min(max(near + by, 0), len(stops) - 1)
        self.set_cursor(stops[index])

    def _mouse_moved(self, position: QPointF) -> None:
        box = self.getPlotItem().getViewBox()
        if box.sceneBoundingRect().contains(position):
            self.set_cursor(float(box.mapSceneToView(position).x()))
        else:
            self.set_cursor(None)

    def _place_words(self) -> None:
        self._words.adjustSize()
        right = self.width() - self._words.width() - self.theme.tokens.space
        self._words.move(max(right, 0), self.theme.tokens.space // 2)

    @Slot()
    def _recolour(self) -> None:
        tokens = self.theme.tokens
        self.setBackground(QColor(tokens.surface))
        font = QFont(self.font())
        font.setPointSizeF(tokens.small_pt)
        for side in ("bottom", "left"):
            axis = self.getPlotItem().getAxis(side)
            axis.setPen(QColor(tokens.hairline))
            axis.setTextPen(QColor(tokens.text_muted))
            axis.setStyle(tickFont=font)
        self._cursor.setPen(pg.mkPen(tokens.text_muted, style=Qt.PenStyle.DashLine))
        self.recolour_items(tokens)


def _nearest(stops: Sequence[float], x: float) -> int:
    """Return the index of the stop that is nearest to ``x``."""
    after = bisect_left(stops, x)
    near = [i for i in (after - 1, after) if 0 <= i < len(stops)]
    return min(near, key=lambda i: abs(stops[i] - x))
