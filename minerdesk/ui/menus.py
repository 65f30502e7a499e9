"""Builds the menu bar out of the action table."""

from __future__ import annotations

from PySide6.QtWidgets import QMenu, QMenuBar

from minerdesk.ui.actions import ActionTable


def build_menus(bar: QMenuBar, table: ActionTable) -> dict[str, QMenu]:
    """Fill ``bar`` with one menu per heading, entries in the table's order.

    Args:
        bar: an empty menu bar.
        table: the actions; those without a menu are left to the palette.

    Returns:
        The menus by heading.
    """
    menus: dict[str, QMenu] = {}
    for action in table:
        if not action.menu:
            continue
        menu = menus.get(action.menu)
        if menu is None:
            menu = QMenu(action.menu, bar)
            menu.aboutToShow.connect(table.refresh)
            bar.addMenu(menu)
            menus[action.menu] = menu
        menu.addAction(table.qaction(action.id))
    return menus
