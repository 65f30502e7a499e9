"""The button that takes something out of the window."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QMenu, QToolButton

from minerdesk.domain.text import _
from minerdesk.ui.icons import Icons


def copy_button(
    icons: Icons,
    title: str,
    picture: Callable[[], None],
    table: Callable[[], None],
) -> QToolButton:
    """Make the button whose menu copies what is shown as a picture or as a table."""
    made = QToolButton()
    made.setIcon(icons.icon("copy"))
    made.setToolTip(_("Copy as picture or as table"))
    made.setAccessibleName(_("Copy: {what}").format(what=title))
    made.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    menu = QMenu(made)
    menu.addAction(_("Copy as picture")).triggered.connect(picture)
    menu.addAction(_("Copy as table")).triggered.connect(table)
    made.setMenu(menu)
    return made
