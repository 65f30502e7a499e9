"""Writing a chart's numbers to a CSV file."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget

from minerdesk.domain.cancel import CancelToken
from minerdesk.domain.text import _
from minerdesk.services.exchange import RawTable, write_table
from minerdesk.ui.charts.base import Chart
from minerdesk.ui.page import PageContext


def ask_where(chart: Chart, window: QWidget, context: PageContext) -> QFileDialog:
    """Let the operator choose a file, then write the chart's numbers there."""
    dialog = QFileDialog(window, _("Save as CSV"))
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilter(_("CSV (*.csv)"))
    dialog.setDefaultSuffix("csv")
    documents = QStandardPaths.StandardLocation.DocumentsLocation
    dialog.setDirectory(QStandardPaths.writableLocation(documents))
    dialog.selectFile(f"{chart.accessibleName()}.csv")
    dialog.fileSelected.connect(lambda path: write(chart, Path(path), context))
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
    return dialog


def write(chart: Chart, path: Path, context: PageContext) -> None:
    """Write the chart's numbers off the GUI thread, and say so."""
    found = chart.table()
    table = RawTable(found.heads, found.rows, path.name)

    def work(token: CancelToken) -> Path:
        token.check()
        write_table(path, table, decimal_comma=False)
        return path

    def done(written: Path) -> None:
        context.toast(_("Saved as {path}.").format(path=written), "done")

    context.tasks.start("chart csv", work, done=done)
