"""The rail on the left: the pages, and the settings at its foot."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QHBoxLayout,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from minerdesk.domain.text import _
from minerdesk.ui.icons import Icons
from minerdesk.ui.page_table import PageEntry
from minerdesk.ui.widgets.basics import label

_WIDTH = 176


class Navigation(QWidget):
    """One button per page.

    Signals:
        chosen(str): the name of the page asked for.
    """

    chosen = Signal(str)

    def __init__(
        self,
        pages: Sequence[PageEntry],
        icons: Icons,
        tools: Sequence[QAction],
        settings: Callable[[], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("navigation")
        self.setAccessibleName(_("Pages"))
        self.setFixedWidth(_WIDTH)
        self._icons = icons
        self._icon_of: dict[QToolButton, str] = {}
        self._buttons: dict[str, QToolButton] = {}
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 16, 0, 16)
        box.setSpacing(0)
        box.addWidget(self._head(tools))
        box.addSpacing(16)
        for entry in pages:
            made = self._button(entry.title, entry.icon)
            made.setCheckable(True)
            made.clicked.connect(lambda _on=False, name=entry.name: self.chosen.emit(name))
            self._buttons[entry.name] = made
            box.addWidget(made)
        box.addStretch(1)
        foot = self._button(_("Settings"), "settings")
        foot.clicked.connect(lambda _on=False: settings())
        box.addWidget(foot)
        icons.changed.connect(self._tint)

    def mark(self, name: str) -> None:
        """Show which page is open."""
        # No exclusive group: Qt would then reach only the marked button with the Tab key.
        for other, made in self._buttons.items():
            made.setChecked(other == name)

    def button(self, name: str) -> QToolButton:
        """Return the button of a page."""
        return self._buttons[name]

    def _head(self, tools: Sequence[QAction]) -> QWidget:
        head = QWidget()
        row = QHBoxLayout(head)
        row.setContentsMargins(16, 0, 8, 0)
        row.setSpacing(0)
        row.addWidget(label("minerdesk", "title"))
        row.addStretch(1)
        for action in tools:
            tool = QToolButton()
            tool.setDefaultAction(action)
            tool.setAccessibleName(action.text())
            tool.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
            tool.setProperty("tight", "true")
            tool.setIconSize(QSize(16, 16))
            row.addWidget(tool)
        return head

    def _button(self, title: str, icon: str) -> QToolButton:
        made = QToolButton()
        made.setText(title)
        made.setAccessibleName(title)
        made.setIcon(self._icons.icon(icon))
        made.setIconSize(QSize(20, 20))
        made.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        made.setProperty("nav", "true")
        made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        made.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._icon_of[made] = icon
        return made

    @Slot()
    def _tint(self) -> None:
        for made, icon in self._icon_of.items():
            made.setIcon(self._icons.icon(icon))
