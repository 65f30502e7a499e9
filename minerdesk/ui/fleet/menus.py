"""The menu of the selected groups, and the page's actions as data."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QMenu, QWidget

from minerdesk.domain.text import _
from minerdesk.ui.actions import Action
from minerdesk.ui.fleet.commands import FleetCommands


def fleet_actions(
    commands: FleetCommands,
    *,
    has_selection: Callable[[], bool],
    has_site: Callable[[], bool],
    filter_: Callable[[], object],
    has_groups: Callable[[], bool],
) -> list[Action]:
    """Return the page's actions: of all groups, of those selected, and of sites."""
    menu = _("Fleet")
    return [
        Action("fleet.add", _("Add rigs…"), commands.add_rigs, "Ins", "add", menu=menu),
        Action(
            "fleet.import",
            _("Import rigs…"),
            commands.ask_import,
            "Ctrl+I",
            "import",
            tip=_("Read rigs from a CSV or XLSX file; nothing changes before you accept"),
            menu=menu,
            words="csv xlsx spreadsheet",
        ),
        Action(
            "fleet.export",
            _("Export rigs…"),
            commands.ask_export,
            "Ctrl+E",
            "export",
            has_groups,
            menu=menu,
            words="csv xlsx spreadsheet",
        ),
        Action("fleet.filter", _("Filter groups"), filter_, "Ctrl+F", "search", menu=menu),
        *_of_selection(commands, has_selection, menu),
        Action("fleet.add_site", _("Add site…"), commands.add_site, menu=menu),
        Action("fleet.edit_site", _("Edit site…"), commands.edit_site, enabled=has_site, menu=menu),
        Action(
            "fleet.remove_site", _("Remove site"), commands.remove_site, enabled=has_site, menu=menu
        ),
    ]


def _of_selection(
    commands: FleetCommands, has_selection: Callable[[], bool], menu: str
) -> list[Action]:
    edit_tip = _("Set one value of all selected groups at once")
    run_tip = _("Note that the selected groups run in their first mode")
    off_tip = _("Note that the selected groups are powered down")
    run, off = partial(commands.set_running, ""), partial(commands.set_running, None)
    edit, copy, remove = commands.edit_selected, commands.duplicate, commands.remove
    rows = (
        ("fleet.edit", _("Edit selected groups…"), edit, "Ctrl+Return", "", edit_tip, "bulk"),
        ("fleet.duplicate", _("Duplicate groups"), copy, "Ctrl+D", "copy", "", ""),
        ("fleet.remove", _("Remove groups"), remove, "Del", "remove", "", ""),
        ("fleet.running", _("They run now"), run, "Ctrl+R", "power-on", run_tip, ""),
        ("fleet.off", _("They are off now"), off, "Ctrl+Shift+R", "power-off", off_tip, ""),
    )
    return [
        Action(name, text, do, key, icon, has_selection, tip, menu, words)
        for name, text, do, key, icon, tip, words in rows
    ]


def selection_menu(commands: FleetCommands, columns: QMenu, parent: QWidget) -> QMenu:
    """Make the context menu of the selected groups."""
    menu = QMenu(parent)
    menu.addAction(_("Edit selected groups…"), commands.edit_selected)
    menu.addAction(_("Duplicate"), commands.duplicate)
    menu.addAction(_("Remove"), commands.remove)
    menu.addSeparator()
    running = menu.addMenu(_("What runs now"))
    for mode in commands.modes_of_selection():
        running.addAction(mode, partial(commands.set_running, mode))
    running.addSeparator()
    running.addAction(_("off"), lambda: commands.set_running(None))
    menu.addAction(_("Starting and stopping…"), commands.edit_starts)
    menu.addSeparator()
    menu.addMenu(columns)
    menu.aboutToHide.connect(menu.deleteLater)
    return menu
