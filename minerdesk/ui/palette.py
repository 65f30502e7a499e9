"""The command palette: every action, found by a few of its letters."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, Qt, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence, QPainter, QPalette
from PySide6.QtWidgets import (
    QFrame,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from minerdesk.domain.text import _
from minerdesk.ui.actions import Action, ActionTable
from minerdesk.ui.fuzzy import ranked

_WIDTH = 560
_ROWS = 10
_EDGE_PX = 8
_KEYS = Qt.ItemDataRole.UserRole


class _WithKeys(QStyledItemDelegate):
    """Draws the shortcut of a command at the right edge, where the eye finds it in one column."""

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Draw the command, then its keys."""
        super().paint(painter, option, index)
        keys = index.data(_KEYS)
        if keys:
            painter.save()
            painter.setPen(option.palette.color(QPalette.ColorRole.PlaceholderText))
            edge = option.rect.adjusted(0, 0, -_EDGE_PX, 0)
            painter.drawText(
                edge, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, keys
            )
            painter.restore()


class Palette(QFrame):
    """Floats over the window while it is open. Up, Down and Enter choose, Escape closes."""

    def __init__(
        self,
        table: ActionTable,
        parent: QWidget,
        more: Callable[[], Iterable[Action]] = tuple,
    ) -> None:
        """Make it, hidden.

        Args:
            table: the actions there are.
            parent: what it floats over.
            more: gives actions that are not in the table yet, such as those of pages not built.
        """
        super().__init__(parent)
        self.setObjectName("palette")
        self._more = more
        self._table = table
        self._over = parent
        self._shown: list[Action] = []
        self._focus_before: QWidget | None = None
        self._query = QLineEdit()
        self._query.setAccessibleName(_("Find a command"))
        self._query.setPlaceholderText(_("Type a command"))
        self._list = QListWidget()
        self._list.setAccessibleName(_("Commands found"))
        self._list.setSpacing(2)
        self._list.setItemDelegate(_WithKeys(self._list))
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        box = QVBoxLayout(self)
        box.setContentsMargins(8, 8, 8, 8)
        box.addWidget(self._query)
        box.addWidget(self._list)
        self._query.textChanged.connect(self._fill)
        self._query.installEventFilter(self)
        self._list.itemActivated.connect(self._run_current)
        self._list.itemClicked.connect(self._run_current)
        self.hide()

    @property
    def query(self) -> QLineEdit:
        """The field one types into."""
        return self._query

    def shown(self) -> list[Action]:
        """The actions that fit what was typed, best first."""
        return list(self._shown)

    @property
    def lines(self) -> list[str]:
        """What the list says, line by line."""
        items = (self._list.item(row) for row in range(self._list.count()))
        return [f"{item.text()}    {item.data(_KEYS) or ''}".rstrip() for item in items]

    def open_palette(self) -> None:
        """Show it, empty and with the focus; again closes it."""
        if self.isVisible():
            self.close_palette()
            return
        self._focus_before = self.window().focusWidget()
        self._query.clear()
        self._fill("")
        self._place()
        self.show()
        self.raise_()
        self._query.setFocus()

    def close_palette(self) -> None:
        """Hide it and give the focus back."""
        self.hide()
        if self._focus_before is not None:
            self._focus_before.setFocus()
            self._focus_before = None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the keys that choose while the focus stays in the field."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            key = event.key()
            if key == Qt.Key.Key_Escape:
                self.close_palette()
                return True
            if key in {Qt.Key.Key_Down, Qt.Key.Key_Up}:
                self._move(1 if key == Qt.Key.Key_Down else -1)
                return True
            if key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
                self._run_current()
                return True
        if event.type() == QEvent.Type.FocusOut and self.isVisible():
            self.hide()
        return super().eventFilter(watched, event)

    @Slot(str)
    def _fill(self, query: str) -> None:
        possible = [action for action in (*self._table, *self._more()) if action.enabled()]
        texts = [f"{action.text} {action.words}".strip() for action in possible]
        self._shown = [possible[index] for index in ranked(query, texts)]
        self._list.clear()
        for action in self._shown:
            keys = QKeySequence(action.shortcut).toString(QKeySequence.SequenceFormat.NativeText)
            item = QListWidgetItem(action.text)
            item.setData(_KEYS, keys)
            if keys:
                item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{action.text}, {keys}")
            self._list.addItem(item)
        if self._shown:
            self._list.setCurrentRow(0)
        else:
            nothing = QListWidgetItem(_("Nothing found for “{words}”").format(words=query.strip()))
            nothing.setFlags(Qt.ItemFlag.NoItemFlags)
            self._list.addItem(nothing)

    def _move(self, by: int) -> None:
        if self._shown:
            self._list.setCurrentRow((self._list.currentRow() + by) % len(self._shown))

    @Slot()
    def _run_current(self) -> None:
        row = self._list.currentRow()
        if not 0 <= row < len(self._shown):
            return
        action = self._shown[row]
        self.close_palette()
        action.run()

    def _place(self) -> None:
        over = self._over
        width = min(_WIDTH, over.width() - 32)
        row = self._list.sizeHintForRow(0) if self._shown else 24
        self.resize(width, self._query.sizeHint().height() + row * _ROWS + 40)
        self.move((over.width() - width) // 2, 64)
