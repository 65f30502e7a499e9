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
    """Return the page's actions."""
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
        Action(
            "fleet.edit",
            _("Edit selected groups…"),
            commands.edit_selected,
            "Ctrl+Return",
            enabled=has_selection,
            tip=_("Set one value of all selected groups at once"),
            menu=menu,
            words="bulk",
        ),
        Action(
            "fleet.duplicate",
            _("Duplicate groups"),
            commands.duplicate,
            "Ctrl+D",
            "copy",
            has_selection,
            menu=menu,
        ),
        Action(
            "fleet.remove",
            _("Remove groups"),
            commands.remove,
            "Del",
            "remove",
            has_selection,
            menu=menu,
        ),
        Action(
            "fleet.running",
            _("They run now"),
            lambda: commands.set_running(""),
            "Ctrl+R",
            "power-on",
            has_selection,
            tip=_("Note that the selected groups run in their first mode"),
            menu=menu,
        ),
        Action(
            "fleet.off",
            _("They are off now"),
            lambda: commands.set_running(None),
            "Ctrl+Shift+R",
            "power-off",
            has_selection,
            tip=_("Note that the selected groups are powered down"),
            menu=menu,
        ),
        Action("fleet.add_site", _("Add site…"), commands.add_site, menu=menu),
        Action("fleet.edit_site", _("Edit site…"), commands.edit_site, enabled=has_site, menu=menu),
        Action(
            "fleet.remove_site", _("Remove site"), commands.remove_site, enabled=has_site, menu=menu
        ),
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
