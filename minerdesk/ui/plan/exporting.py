"""Files and clipboard: moves as CSV, calendar and text, and the charts' numbers as CSV."""

from __future__ import annotations

from collections.abc import Callable
from datetime import tzinfo
from pathlib import Path

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from minerdesk.domain.cancel import CancelToken
from minerdesk.domain.errors import MinerdeskError
from minerdesk.domain.text import _
from minerdesk.services.planning import exports
from minerdesk.services.planning.plan import Plan
from minerdesk.ui.charts.base import Table
from minerdesk.ui.page import PageContext


class Exporting:
    """Asks where to write, writes off the GUI thread, and says what was written.

    Attributes:
        every_move: also those too close to call.
    """

    def __init__(self, context: PageContext, window: QWidget) -> None:
        self._context, self._window = context, window
        self.every_move = False

    def ask_csv(self, plan: Plan) -> QFileDialog:
        """Let the operator choose where the moves go as CSV."""
        return self._ask(
            _("Export moves"), "moves.csv", lambda path: self.write(path, self._csv(plan))
        )

    def ask_calendar(self, plan: Plan) -> QFileDialog:
        """Let the operator choose where the moves go as a calendar."""
        return self._ask(
            _("Export moves as a calendar"),
            "moves.ics",
            lambda path: self.write(path, self._calendar(plan)),
        )

    def ask_text(self, plan: Plan, zone: tzinfo | None) -> QFileDialog:
        """Let the operator choose where the moves go as text."""
        return self._ask(
            _("Export moves as text"),
            "moves.txt",
            lambda path: self.write(path, lambda: self._text(plan, zone).encode()),
        )

    def ask_table(self, title: str, name: str, table: Table) -> QFileDialog:
        """Let the operator choose where the numbers of a chart go as CSV."""
        comma = self._comma
        return self._ask(
            title,
            name,
            lambda path: self.write(
                path, lambda: exports.table_csv(table.heads, table.rows, decimal_comma=comma)
            ),
        )

    def copy_text(self, plan: Plan, zone: tzinfo | None) -> None:
        """Put the moves onto the clipboard as text."""
        QGuiApplication.clipboard().setText(self._text(plan, zone))
        self._context.toast(_("The moves are on the clipboard."), "done")

    def write(self, path: Path, make: Callable[[], bytes]) -> None:
        """Write what ``make`` makes, off the GUI thread."""

        def work(token: CancelToken) -> Path:
            data = make()
            token.check()
            exports.write_export(path, data)
            return path

        self._context.tasks.start("export", work, done=self._written, failed=self._failed)

    @property
    def _comma(self) -> bool:
        return self._context.formats.number_style.decimal == ","

    def _text(self, plan: Plan, zone: tzinfo | None) -> str:
        return exports.moves_text(
            plan,
            self._context.formats,
            self._context.now(),
            zone=zone,
            every_move=self.every_move,
        )

    def _csv(self, plan: Plan) -> Callable[[], bytes]:
        formats, every, comma = self._context.formats, self.every_move, self._comma
        return lambda: exports.moves_csv(plan, formats, every_move=every, decimal_comma=comma)

    def _calendar(self, plan: Plan) -> Callable[[], bytes]:
        formats, every = self._context.formats, self.every_move
        return lambda: exports.moves_calendar(plan, formats, every_move=every)

    def _ask(self, title: str, name: str, then: Callable[[Path], None]) -> QFileDialog:
        ending = name.rpartition(".")[2]
        dialog = QFileDialog(self._window, title)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(f"{ending.upper()} (*.{ending})")
        dialog.setDefaultSuffix(ending)
        dialog.selectFile(name)
        dialog.finished.connect(dialog.deleteLater)
        dialog.fileSelected.connect(lambda path: then(Path(path)))
        dialog.open()
        return dialog

    def _written(self, path: Path) -> None:
        self._context.toast(_("{file} was written.").format(file=path.name), "done")

    def _failed(self, error: BaseException) -> None:
        if isinstance(error, MinerdeskError):
            self._context.toast(str(error), "error")
        else:
            self._context.tasks.failed.emit("export", error)
