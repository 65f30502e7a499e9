"""The dialog that says how a figure is computed, and the small button that asks for it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QHeaderView,
    QScrollArea,
    QTableWidget,
    QTableWidgetItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from minerdesk.domain.text import _
from minerdesk.services.network_reading.explanation import Explanation, Listed
from minerdesk.ui.icons import Icons
from minerdesk.ui.widgets.basics import button, label
from minerdesk.ui.widgets.padded import Padded

_SIZE = QSize(660, 560)
_BUTTON = QSize(22, 20)
_ICON = QSize(14, 14)
_ROW_PX = 22


class ExplainButton(QToolButton):
    """Asks how a figure is computed.

    Args:
        what: name of the figure, translated.
        icons: of the page.
        ask: called on a press.
    """

    def __init__(self, what: str, icons: Icons, ask: Callable[[], object]) -> None:
        super().__init__()
        self._icons = icons
        self.setProperty("tight", "true")
        self.setFixedSize(_BUTTON)
        self.setIconSize(_ICON)
        self.setToolTip(_("How is this computed: {what}").format(what=what))
        self.setAccessibleName(_("How is this computed: {what}").format(what=what))
        self.clicked.connect(lambda _on=False: ask())
        icons.changed.connect(self._tint)
        self._tint()

    @Slot()
    def _tint(self) -> None:
        self.setIcon(self._icons.icon("how"))


class ExplainDialog(QDialog):
    """Formula, inputs with source and age, notes; all of it can be copied."""

    def __init__(self, found: Explanation, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("How is this computed?"))
        self._text = found.text()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(24, 24, 24, 24)
        outer.setSpacing(12)
        outer.addWidget(label(found.title, "title"))
        outer.addWidget(_content(found), 1)
        row = QHBoxLayout()
        row.addWidget(button(_("Copy"), self.copy))
        row.addStretch(1)
        close = button(_("Close"), self.accept, primary=True)
        close.setDefault(True)
        row.addWidget(close)
        outer.addLayout(row)
        self.resize(_SIZE)

    @property
    def text(self) -> str:
        """What copying gives."""
        return self._text

    def copy(self) -> None:
        """Put all of it onto the clipboard."""
        QGuiApplication.clipboard().setText(self._text)


def _content(found: Explanation) -> QScrollArea:
    inside = QWidget()
    box = QVBoxLayout(inside)
    box.setContentsMargins(8, 4, 8, 4)
    box.setSpacing(12)
    formula = label(found.formula, wrap=True, name=_("Formula"))
    formula.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse
        | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    box.addWidget(formula)
    if found.inputs:
        box.addWidget(label(_("With the numbers of this moment"), "small"))
        box.addLayout(_inputs(found))
    if found.listed is not None:
        box.addWidget(label(found.listed.title, "small"))
        box.addWidget(_table(found.listed))
    for note in found.notes:
        box.addWidget(label(note, "muted", wrap=True))
    box.addStretch(1)
    scroll = QScrollArea()
    scroll.setWidgetResizable(True)
    scroll.setWidget(inside)
    scroll.setAccessibleName(_("Formula and inputs"))
    return scroll


def _inputs(found: Explanation) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(4)
    grid.setColumnStretch(1, 1)
    top = Qt.AlignmentFlag.AlignTop
    for row, each in enumerate(found.inputs):
        grid.addWidget(label(each.name, "muted"), row * 2, 0, top)
        grid.addWidget(label(each.value, wrap=True), row * 2, 1)
        whence = " · ".join(part for part in (each.source, each.age) if part)
        if whence:
            grid.addWidget(label(whence, "small", wrap=True), row * 2 + 1, 1)
    return grid


def _table(listed: Listed) -> QTableWidget:
    """Return the rows at full height: what is around them scrolls."""
    made = QTableWidget(len(listed.rows), len(listed.heads))
    made.setAccessibleName(listed.title)
    made.setItemDelegate(Padded(made))
    made.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    made.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
    made.setShowGrid(False)
    made.setTabKeyNavigation(False)
    made.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    made.verticalHeader().hide()
    made.verticalHeader().setAccessibleName(_("Rows"))
    made.verticalHeader().setDefaultSectionSize(_ROW_PX)
    header = made.horizontalHeader()
    header.setAccessibleName(_("Columns"))
    header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
    for column in range(len(listed.heads)):
        side = Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag.AlignLeft
        head = QTableWidgetItem(listed.heads[column])
        made.setHorizontalHeaderItem(column, head)
        items = [QTableWidgetItem(row[column]) for row in listed.rows]
        for row, item in enumerate(items):
            made.setItem(row, column, item)
        for item in (head, *items):
            item.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
    frame = header.sizeHint().height() + 2 * made.frameWidth()
    made.setFixedHeight(frame + _ROW_PX * len(listed.rows))
    return made
