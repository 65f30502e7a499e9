"""Writing what a chart or a table shows to a CSV file."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget

from minerdesk.domain.cancel import CancelToken
from minerdesk.domain.text import _
from minerdesk.services.power.files import save_rows
from minerdesk.ui.charts.base import Table
from minerdesk.ui.page import PageContext


class Shown(Protocol):
    """A widget whose numbers can be had as text."""

    def table(self) -> Table:
        """Return the numbers."""
        ...

    def accessibleName(self) -> str:
        """Return what it is called."""
        ...


def ask_where(shown: Shown, window: QWidget, context: PageContext) -> QFileDialog:
    """Let the operator choose a file, then write the numbers there."""
    dialog = QFileDialog(window, _("Save as CSV"))
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilter(_("CSV (*.csv)"))
    dialog.setDefaultSuffix("csv")
    documents = QStandardPaths.StandardLocation.DocumentsLocation
    dialog.setDirectory(QStandardPaths.writableLocation(documents))
    dialog.selectFile(f"{shown.accessibleName()}.csv")
    dialog.fileSelected.connect(lambda path: write(shown, Path(path), context))
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
    return dialog


def write(shown: Shown, path: Path, context: PageContext) -> None:
    """Write the numbers off the GUI thread, and say so."""
    found = shown.table()
    comma = context.formats.number_style.decimal == ","

    def work(token: CancelToken) -> Path:
        token.check()
        save_rows(path, found.heads, found.rows, decimal_comma=comma)
        return path

    def done(written: Path) -> None:
        context.toast(_("Saved as {path}.").format(path=written), "done")

    context.tasks.start("save csv", work, done=done)
