"""The second band: a row per group, a bar per state."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, Signal, Slot
from PySide6.QtGui import (
    QFontMetrics,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QScrollBar, QToolTip, QWidget

from minerdesk.domain.text import _, ngettext
from minerdesk.services.planning.plan import Move
from minerdesk.services.words import Formats
from minerdesk.ui.charts.axes import Axis
from minerdesk.ui.charts.base import Table
from minerdesk.ui.plan.band import Band
from minerdesk.ui.plan.bars_item import BarsItem, Marked
from minerdesk.ui.plan.row_list import Row
from minerdesk.ui.plan.scene import Scene
from minerdesk.ui.theme import Theme, Tokens
from minerdesk.ui.widgets.tips import wrapped

ROW_PX: Final = 24
_WHEEL_ROWS: Final = 2
_LABEL_ROOM_PX: Final = 14
_SUMMED_ROWS: Final = 20
_MEASURED: Final = 20
_SAMPLED: Final = 200


class GanttBand(Band):
    """Rows of groups, scrolled up and down; rows out of sight cost nothing.

    Signals:
        picked(object, object): place of a group in the book, or None; the move under the mouse or
            the cursor, or None.
    """

    picked = Signal(object, object)

    def __init__(self, theme: Theme, formats: Formats, parent: QWidget | None = None) -> None:
        self._row: int | None = None
        self._hovered: int | None = None
        self._pressed = QPoint()
        self._menu_actions: Callable[[], list[tuple[str, Callable[[], None]]]] = list
        super().__init__(
            theme,
            formats,
            name=_("States of the groups"),
            y=Axis(_("groups"), movable=False),
            parent=parent,
        )
        self.bars = BarsItem(theme)
        # Beneath the lines of now, cursor and retarget.
        self.bars.setZValue(-10)
        self.addItem(self.bars)
        plot = self.getPlotItem()
        plot.showGrid(x=True, y=False, alpha=0.25)
        plot.setLabel("left", "")
        plot.getAxis("left").setStyle(tickLength=0)
        box = plot.getViewBox()
        box.invertY(True)
        box.disableAutoRange()
        box.sigResized.connect(self._fit)
        self.rows_bar = QScrollBar(Qt.Orientation.Vertical, self)
        self.rows_bar.setAccessibleName(_("Scroll the groups"))
        self.rows_bar.valueChanged.connect(self._scrolled)
        self.recolour_items(theme.tokens)

    @property
    def row(self) -> int | None:
        """The selected row."""
        return self._row

    @property
    def rows_in_sight(self) -> float:
        """How many rows there is room for."""
        return max(float(self.getPlotItem().getViewBox().height()) / ROW_PX, 1.0)

    def offer(self, actions: Callable[[], list[tuple[str, Callable[[], None]]]]) -> None:
        """Put entries of the page above those of every chart into the context menu."""
        self._menu_actions = actions

    def show_scene(self, scene: Scene) -> None:
        """Show another plan; what is in sight stays there."""
        super().show_scene(scene)
        self.bars.show_scene(scene)
        self._hovered = None
        self._fit()

    def name_px(self, scene: Scene) -> int:
        """Return how much room the names of a scene's rows take."""
        names = sorted({_named(row) for row in scene.rows.longest(_SAMPLED)}, key=len)[-_MEASURED:]
        advance = self._metrics().horizontalAdvance
        return max(map(advance, names), default=0) + _LABEL_ROOM_PX

    def set_left(self, pixels: int) -> None:
        """Cut the names anew where there is more or less room for them."""
        super().set_left(pixels)
        if hasattr(self, "rows_bar"):
            self._fit()

    def choose(self, row: int | None, move: Move | None) -> None:
        """Frame a row, and a move within it, and bring both into sight."""
        self._row = row
        self.bars.mark(Marked(row, move))
        if row is not None:
            self._bring(row)
        if move is not None:
            self._bring_time(move)

    def context_actions(self) -> list[tuple[str, Callable[[], None]]]:
        """Return what the page offers for the row, then what every chart offers."""
        return [*self._menu_actions(), *super().context_actions()]

    def recolour_items(self, tokens: Tokens) -> None:
        """Draw the bars in other colours."""
        super().recolour_items(tokens)
        if hasattr(self, "bars"):
            self.bars.update()

    def step_words(self, scene: Scene, step: int) -> str:
        """Return what the row under the mouse, or the selected one, does at a step."""
        row = self._hovered if self._hovered is not None else self._row
        if row is None or row >= len(scene.rows) or not scene.rows[row].groups:
            return ""
        bar = scene.bar_at(row, float(scene.edges_s[step]))
        return "" if bar is None else scene.bar_words(row, bar)

    def words_at(self, x: float) -> str:
        """Return the words of the row; nothing where no row is meant."""
        words = super().words_at(x)
        return "" if words.endswith(": ") else words

    def summary(self) -> str:
        """Return what the groups do, those that change among the first."""
        scene = self.scene_shown
        if scene is None:
            return _("No plan to show.")
        heads = set(scene.rows.headings.tolist())
        count = len(scene.rows) - len(heads)
        places = [
            p for p in range(min(len(scene.rows), _SUMMED_ROWS + len(heads))) if p not in heads
        ]
        # More would be read by nobody; the table has all.
        changing = [place for place in places[:_SUMMED_ROWS] if len(scene.bars(place)) > 1]
        said = ngettext("{n} row of groups.", "{n} rows of groups.", count).format(
            n=self.formats.count(count)
        )
        for place in changing[:5]:
            bars = "; ".join(scene.bar_words(place, bar) for bar in scene.bars(place)[:4])
            said += f" {bars}."
        return said

    def table(self) -> Table:
        """Return a row per group and span of equal states."""
        scene = self.scene_shown
        heads = (_("site"), _("group"), _("from (UTC)"), _("until (UTC)"), _("state"), _("rigs"))
        if scene is None:
            return Table(heads, ())
        return Table(
            heads,
            tuple(
                (
                    scene.words.site_name(scene.plan.sites[row.site].site),
                    row.text,
                    scene.time(bar.first).strftime("%Y-%m-%d %H:%M"),
                    scene.time(bar.last).strftime("%Y-%m-%d %H:%M"),
                    scene.words.state_name(part.state),
                    str(part.count),
                )
                for place, row in enumerate(scene.rows)
                if row.groups
                for bar in scene.bars(place)
                for part in bar.parts
            ),
        )

    def pick(self, row: int, time_s: float) -> None:
        """Select the row, and what moves there at a time."""
        scene = self.scene_shown
        if scene is None or not 0 <= row < len(scene.rows) or not scene.rows[row].groups:
            self.picked.emit(None, None)
            return
        move = scene.move_at(row, time_s)
        index: int | None = scene.rows[row].groups[0]
        if move is not None:
            index = (
                scene.index_of(move.group) or index if len(scene.rows[row].groups) > 1 else index
            )
        self.picked.emit(index, move)

    def told_at(self, row: int, time_s: float) -> str:
        """Return what moves in a row at a time, why, and its worth; at a site its rules."""
        scene = self.scene_shown
        if scene is None or not 0 <= row < len(scene.rows):
            return ""
        if not scene.rows[row].groups:
            return scene.site_words(row, time_s)
        move = scene.move_at(row, time_s)
        return "" if move is None else "\n".join((scene.words.move(move), *scene.words.told(move)))

    # --- Qt's own

    def viewportEvent(self, event: QEvent) -> bool:
        """Tell of the move under a resting mouse."""
        if event.type() != QEvent.Type.ToolTip or not isinstance(event, QHelpEvent):
            return bool(super().viewportEvent(event))
        box = self.getPlotItem().getViewBox()
        at = self.mapToScene(event.pos())
        said = ""
        if box.sceneBoundingRect().contains(at):
            where = box.mapSceneToView(at)
            said = self.told_at(int(where.y()), float(where.x()))
        QToolTip.showText(event.globalPos(), wrapped(said), self.viewport())
        return True

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Remember where a press began: what is dragged picks nothing."""
        self._pressed = event.position().toPoint()
        if event.button() == Qt.MouseButton.RightButton:
            self._pick_at(event.position())
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Pick what was clicked."""
        super().mouseReleaseEvent(event)
        moved = event.position().toPoint() - self._pressed
        if event.button() == Qt.MouseButton.LeftButton and moved.manhattanLength() < 4:
            self._pick_at(event.position())

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll; zoom with Ctrl held."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier or not self.rows_bar.isVisible():
            super().wheelEvent(event)
        else:
            self.rows_bar.setValue(
                self.rows_bar.value() - round(event.angleDelta().y() / 120 * _WHEEL_ROWS)
            )
            event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and Down choose a row, Enter the move under the cursor; the rest is the chart's."""
        key = event.key()
        if key in {Qt.Key.Key_Up, Qt.Key.Key_Down}:
            self._step_row(1 if key == Qt.Key.Key_Down else -1)
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self._row is not None:
            scene = self.scene_shown
            first = 0.0 if scene is None else float(scene.edges_s[0])
            self.pick(self._row, first if self.cursor_x is None else self.cursor_x)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the scroll bar at the right edge."""
        super().resizeEvent(event)
        if hasattr(self, "rows_bar"):
            wide = self.rows_bar.sizeHint().width()
            self.rows_bar.setGeometry(self.width() - wide, 2, wide, self.height() - 4)
            self._fit()

    # --- inside

    def _mouse_moved(self, position: QPointF) -> None:
        box = self.getPlotItem().getViewBox()
        inside = box.sceneBoundingRect().contains(position)
        self._hovered = int(box.mapSceneToView(position).y()) if inside else None
        super()._mouse_moved(position)

    def _pick_at(self, position: QPointF) -> None:
        box = self.getPlotItem().getViewBox()
        at = self.mapToScene(position.toPoint())
        if box.sceneBoundingRect().contains(at):
            where = box.mapSceneToView(at)
            self.pick(int(where.y()), float(where.x()))
        elif self.getPlotItem().getAxis("left").sceneBoundingRect().contains(at):
            self._pick_row(int(box.mapSceneToView(at).y()))

    def _pick_row(self, row: int) -> None:
        scene = self.scene_shown
        if scene is not None and 0 <= row < len(scene.rows) and scene.rows[row].groups:
            self.picked.emit(scene.rows[row].groups[0], None)

    def _step_row(self, by: int) -> None:
        scene = self.scene_shown
        if scene is None:
            return
        row = -1 if self._row is None and by > 0 else len(scene.rows) if self._row is None else 0
        row = (self._row if self._row is not None else row) + by
        while 0 <= row < len(scene.rows) and not scene.rows[row].groups:
            row += by
        self._hovered = None
        self._pick_row(row)

    def _bring(self, row: int) -> None:
        top, sight = self.rows_bar.value(), self.rows_in_sight
        if row < top:
            self.rows_bar.setValue(row)
        elif row + 1 > top + sight:
            self.rows_bar.setValue(math.ceil(row + 1 - sight))

    def _bring_time(self, move: Move) -> None:
        box = self.getPlotItem().getViewBox()
        low, high = box.viewRange()[0]
        at = move.at.timestamp()
        if not low <= at < high:
            self.setXRange(at - (high - low) / 4, at + 3 * (high - low) / 4, padding=0)

    def _metrics(self) -> QFontMetrics:
        """Return those of the names at the left, which the axis writes small."""
        font = self.getPlotItem().getAxis("left").style["tickFont"]
        return QFontMetrics(self.font() if font is None else font)

    @Slot()
    def _fit(self) -> None:
        """Let the scroll bar reach every row, and none beyond."""
        scene = self.scene_shown
        if scene is None or not hasattr(self, "rows_bar"):
            return
        hidden = len(scene.rows) - self.rows_in_sight
        self.rows_bar.setRange(0, max(math.ceil(hidden), 0))
        self.rows_bar.setPageStep(int(self.rows_in_sight))
        self.rows_bar.setVisible(hidden > 0)
        self._scrolled(self.rows_bar.value())

    @Slot(int)
    def _scrolled(self, value: int) -> None:
        scene = self.scene_shown
        if scene is None:
            return
        top, sight = value, self.rows_in_sight
        self.setYRange(top, top + sight, padding=0)
        metrics = self._metrics()
        room = self.left_px - _LABEL_ROOM_PX
        names = [
            (
                place + 0.5,
                metrics.elidedText(_named(scene.rows[place]), Qt.TextElideMode.ElideRight, room),
            )
            for place in range(top, min(int(top + sight) + 1, len(scene.rows)))
        ]
        self.getPlotItem().getAxis("left").setTicks([names])


def _named(row: Row) -> str:
    return row.text if row.groups else row.text.upper()
