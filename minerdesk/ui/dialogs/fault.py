"""A fault of ours: what happened, and a report that can be copied."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from minerdesk.domain.text import _
from minerdesk.ui.errors import Report
from minerdesk.ui.widgets.basics import button, label


class FaultDialog(QDialog):
    """Shows one `Report`. The program goes on."""

    def __init__(self, report: Report, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("A fault in minerdesk"))
        self._report = report
        box = QVBoxLayout(self)
        box.setContentsMargins(24, 24, 24, 24)
        box.setSpacing(16)
        box.addWidget(label(_("Something went wrong inside minerdesk."), "title"))
        box.addWidget(
            label(
                _(
                    "Your book and every edit are safe. The report below holds no secrets "
                    "and no names of your folders; nothing is sent unless you send it."
                ),
                wrap=True,
            )
        )
        text = QPlainTextEdit(report.text)
        text.setReadOnly(True)
        text.setAccessibleName(_("Report"))
        text.setTabChangesFocus(True)
        box.addWidget(text, 1)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(button(_("Copy report"), self.copy))
        row.addWidget(button(_("Go on"), self.reject, primary=True))
        box.addLayout(row)
        self.resize(640, 440)

    def copy(self) -> None:
        """Put the report onto the clipboard."""
        QGuiApplication.clipboard().setText(self._report.text)
