"""What the Help menu offers to who has a problem."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl, qVersion
from PySide6.QtGui import QDesktopServices, QGuiApplication

from minerdesk.domain.text import _
from minerdesk.ui.actions import Action

if TYPE_CHECKING:
    from minerdesk.ui.main_window import MainWindow


def help_actions(window: MainWindow) -> list[Action]:
    """Return the rows of the action table that help to report a problem."""
    heading = _("Help")
    return [
        Action(
            "help.log_folder",
            _("Show log folder"),
            lambda: show_log_folder(window),
            menu=heading,
            words=_("error trace"),
        ),
        Action(
            "help.diagnostics",
            _("Copy diagnostics"),
            lambda: copy_diagnostics(window),
            tip=_("Versions, system and chosen settings, without secrets, for a report"),
            menu=heading,
            words=_("version about report"),
        ),
    ]


def show_log_folder(window: MainWindow) -> None:
    """Open the folder of the log; where nothing can show folders, say where it is."""
    folder = window.desk.log_file.parent
    if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))):
        window.toasts.show_toast(_("The log is in {folder}.").format(folder=folder))


def copy_diagnostics(window: MainWindow) -> None:
    """Put versions, system and settings onto the clipboard."""
    from minerdesk.services.diagnostics import diagnostics

    desk, screen = window.desk, window.screen()
    size = f"{screen.size().width()}x{screen.size().height()}"
    more = (
        f"Qt {qVersion()} on {QGuiApplication.platformName()}",
        f"screen {size} at {screen.devicePixelRatio():g}, locale {window.context.formats.locale}",
        f"theme {window.theme.choice}, polling: {desk.why_not_polling or 'yes'}",
    )
    text = diagnostics(desk.settings, desk.book.book, desk.problems, desk.known_secrets, more)
    QGuiApplication.clipboard().setText(text)
    window.toasts.show_toast(_("The diagnostics are on the clipboard."), "done")
