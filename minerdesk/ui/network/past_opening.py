"""Opens the dialogs of the past, over the window or over each other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Protocol

from PySide6.QtWidgets import QFileDialog, QWidget

from minerdesk.services.network_history.door import PastDoor
from minerdesk.services.refresh import RefreshService
from minerdesk.services.words import Formats
from minerdesk.ui.network.past_dialog import PastDialog
from minerdesk.ui.network.past_files import ask_history_file
from minerdesk.ui.network.past_import import PastImportDialog
from minerdesk.ui.page import PageContext
from minerdesk.ui.state import DeskState
from minerdesk.ui.tasks import TaskRunner


class Services(Protocol):
    """What of the desk is needed."""

    @property
    def past(self) -> PastDoor:
        """The network's past."""
        ...

    @property
    def refresh(self) -> RefreshService:
        """Knows whether every call is forbidden."""
        ...


@dataclass(frozen=True, slots=True)
class PastOpener:
    """Opens dialogs that are given all they need.

    Attributes:
        services: the desk. state: the slices. tasks: the one way off the GUI thread.
        formats: the operator's locale. now: UTC.
        taken: called with a sentence after an import.
        ask_now: asks the sources that are due.
    """

    services: Services
    state: DeskState
    tasks: TaskRunner
    formats: Formats
    now: Callable[[], datetime]
    taken: Callable[[str], object]
    ask_now: Callable[[], object]

    def history(self, window: QWidget) -> PastDialog:
        """Show what is known of the past."""
        dialog = PastDialog(
            self.services.past,
            self.state,
            tasks=self.tasks,
            formats=self.formats,
            now=self.now,
            offline=lambda: self.services.refresh.offline,
            ask_now=self.ask_now,
            parent=window,
        )

        def wanted(path: Path | None) -> None:
            if path is None:
                self.choose_file(dialog)
            else:
                self.import_file(dialog, path)

        dialog.import_wanted.connect(wanted)
        dialog.open()
        return dialog

    def choose_file(self, window: QWidget) -> QFileDialog:
        """Let the operator choose a file, then show its dry run."""
        return ask_history_file(window, partial(self.import_file, window))

    def import_file(self, window: QWidget, path: Path) -> PastImportDialog:
        """Show the dry run of a file."""
        dialog = PastImportDialog(
            path,
            self.services.past,
            tasks=self.tasks,
            formats=self.formats,
            now=self.now,
            taken=self.taken,
            parent=window,
        )
        dialog.open()
        return dialog


def import_over(page: QWidget, context: PageContext, path: Path) -> PastImportDialog:
    """Show the dry run of a file over a page."""
    opener = PastOpener(
        context.services,
        context.state,
        context.tasks,
        context.formats,
        context.now,
        taken=lambda text: context.toast(text, "done"),
        ask_now=lambda: context.run_action("network.poll"),
    )
    return opener.import_file(page, path)
