"""Paints the cells of the table and opens their editors."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import (
    QEvent,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QFont, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QCompleter,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from minerdesk.ui.fleet.cell_editor import CellEditor
from minerdesk.ui.fleet.columns import IF_RUN, is_off, origin_of, verdict_of
from minerdesk.ui.fleet.glow import Glow
from minerdesk.ui.theme import Theme
from minerdesk.ui.widgets.shapes import draw_origin, draw_verdict, tone_of

if TYPE_CHECKING:
    from minerdesk.ui.fleet.table_model import GroupsModel, Index

ROW_HEIGHT: Final = 28
_PAD: Final = 8
_SHAPE: Final = 10
_CENTRE: Final = int(Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine)
_RIGHT: Final = int(Qt.AlignmentFlag.AlignRight) | _CENTRE
_LEFT: Final = int(Qt.AlignmentFlag.AlignLeft) | _CENTRE
# As numbers, for joining and asking flags takes longer than painting the cell's background.
_SELECTED: Final = QStyle.StateFlag.State_Selected.value
_FOCUSED: Final = QStyle.StateFlag.State_HasFocus.value
_SIGNED: Final = frozenset({"gain_per_day", "margin_per_day", "margin_per_rig_day"})
_NOT_ZERO: Final = frozenset("123456789")
_ORIGINS: Final = frozenset({"hashrate_ths", "power_w"})


class CellDelegate(QStyledItemDelegate):
    """Paints straight from the model, one question a cell, so that large tables scroll.

    Args:
        model: the model of the view it paints for.
        theme: its colours.
        glow: which cells changed.
        completer: makes the suggestions of a column, or None.
    """

    def __init__(
        self,
        model: GroupsModel,
        theme: Theme,
        glow: Glow,
        completer: Callable[[str], QCompleter | None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._model = model
        self._glow = glow
        self._theme = theme
        self._completer = completer
        self._open: set[CellEditor] = set()
        theme.changed.connect(self._recolour)
        self._recolour()

    @property
    def editing(self) -> bool:
        """Whether an editor is open."""
        return bool(self._open)

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        """Return one height for all rows."""
        return QSize(80, ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one cell."""
        model, rect = self._model, option.rect
        row, place = index.row(), index.column()
        column = model.columns[place]
        text = model.text(row, place)
        self._background(painter, option, rect, row, place)
        inner = rect.adjusted(_PAD, 0, -_PAD, 0)
        colour, font = self._text, None
        if column.key in IF_RUN and is_off(model.rows, int(model.order[row])):
            colour, font = self._muted, painter.font()
            slanted = QFont(font)
            slanted.setItalic(True)
            painter.setFont(slanted)
        elif column.key in _SIGNED and text[:1] == "−":
            colour = self._lose
        elif column.key in _ORIGINS:
            origin = origin_of(model.rows, int(model.order[row]), column.key)
            draw_origin(painter, QPointF(inner.left(), inner.center().y() + 1), origin, self._muted)
        elif column.key == "verdict":
            colour, inner = self._verdict(painter, inner, int(model.order[row]))
        elif column.key == "gain_per_day" and not any(sign in _NOT_ZERO for sign in text):
            colour = self._muted
        painter.setPen(colour)
        if not column.number and option.fontMetrics.horizontalAdvance(text) > inner.width():
            # The end of a model's name tells its bin.
            middle = column.key == "model"
            side = Qt.TextElideMode.ElideMiddle if middle else Qt.TextElideMode.ElideRight
            text = option.fontMetrics.elidedText(text, side, inner.width())
        painter.drawText(inner, _RIGHT if column.number else _LEFT, text)
        if font is not None:
            painter.setFont(font)

    def _background(
        self, painter: QPainter, option: QStyleOptionViewItem, rect: QRect, row: int, place: int
    ) -> None:
        state = option.state.value
        if state & _SELECTED:
            painter.fillRect(rect, self._selection)
        elif self._glow.cells:
            strength = self._glow.strength((self._model.group_id(row), place))
            if strength > 0:
                colour = QColor(self._accent)
                colour.setAlphaF(0.35 * strength)
                painter.fillRect(rect, colour)
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, self._hairline)
        if state & _FOCUSED:
            painter.setPen(self._accent)
            painter.drawRect(rect.adjusted(0, 0, -1, -1))

    def _verdict(self, painter: QPainter, inner: QRect, place: int) -> tuple[QColor, QRect]:
        verdict = verdict_of(self._model.rows, place)
        if verdict is None:
            return self._muted, inner
        advice = self._model.rows.is_advice
        colour = QColor(tone_of(verdict, self._theme.tokens))
        top = inner.center().y() - _SHAPE / 2 + 1
        box = QRectF(inner.left(), top, _SHAPE, _SHAPE)
        draw_verdict(painter, box, verdict, colour, advice=advice)
        return (colour if advice else self._muted), inner.adjusted(_SHAPE + _PAD, 0, 0, 0)

    def createEditor(self, parent: QWidget, _option: QStyleOptionViewItem, index: Index) -> QWidget:
        """Open the editor of a cell."""
        column = self._model.columns[index.column()]
        editor = CellEditor(self._completer(column.key), parent)
        editor.setAccessibleName(f"{column.title} {column.unit(self._model.rows)}".strip())
        editor.setAccessibleDescription(column.help)
        if column.number:
            editor.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._open.add(editor)
        where = QPersistentModelIndex(index)
        editor.textEdited.connect(
            lambda text: editor.ask(self._model.question(where, text)) if where.isValid() else None
        )
        return editor

    def destroyEditor(self, editor: QWidget, index: Index) -> None:
        """Forget an editor that was closed."""
        if isinstance(editor, CellEditor):
            editor.finish()
        self._open.discard(editor)
        super().destroyEditor(editor, index)

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """Put the cell's text into its editor once: what is being typed is the operator's."""
        if isinstance(editor, CellEditor) and not editor.filled:
            editor.fill(str(index.data(Qt.ItemDataRole.EditRole) or ""))

    def setModelData(self, editor: QWidget, _model: object, index: Index) -> None:
        """Make the edit, or say in the editor what is wrong with it."""
        if isinstance(editor, CellEditor):
            editor.say(self._model.try_edit(index, editor.text()))

    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, index: Index
    ) -> None:
        """Lay the editor over its cell, wider where the cell is narrow."""
        rect = QRect(option.rect)
        wider = editor.sizeHint().width() - rect.width()
        if wider > 0 and self._model.columns[index.column()].number:
            rect.setLeft(max(0, rect.left() - wider))
        elif wider > 0:
            rect.setRight(rect.right() + wider)
        editor.setGeometry(rect)
        if isinstance(editor, CellEditor):
            editor.place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Close an editor only once its text was accepted; Escape drops it."""
        if not isinstance(watched, CellEditor):
            return super().eventFilter(watched, event)
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            hint = _hint_of(event)
            if hint is not None:
                self._commit(watched, hint)
                return True
        elif event.type() == QEvent.Type.FocusOut:
            if not watched.completing:
                self._commit(watched, QAbstractItemDelegate.EndEditHint.NoHint)
            return False
        return super().eventFilter(watched, event)

    def _commit(self, editor: CellEditor, hint: QAbstractItemDelegate.EndEditHint) -> None:
        if editor.leaving:
            return
        self.commitData.emit(editor)
        if not editor.complaint:
            editor.leaving = True
            self.closeEditor.emit(editor, hint)

    def _recolour(self) -> None:
        tokens = self._theme.tokens
        self._text, self._muted = QColor(tokens.text), QColor(tokens.text_muted)
        self._lose, self._accent = QColor(tokens.lose), QColor(tokens.accent)
        self._selection, self._hairline = QColor(tokens.selection), QColor(tokens.hairline)


def _hint_of(event: QKeyEvent) -> QAbstractItemDelegate.EndEditHint | None:
    """Return how a key ends an edit, or None where it does not."""
    if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
        return QAbstractItemDelegate.EndEditHint.NoHint
    if event.key() == Qt.Key.Key_Tab:
        return QAbstractItemDelegate.EndEditHint.EditNextItem
    if event.key() == Qt.Key.Key_Backtab:
        return QAbstractItemDelegate.EndEditHint.EditPreviousItem
    return None
