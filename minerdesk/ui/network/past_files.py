"""Files of the past: which are taken when dropped, and choosing one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QEvent, QObject, QStandardPaths
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QFileDialog, QWidget

from minerdesk.domain.text import _

ENDINGS: Final = (".csv", ".tsv", ".txt", ".json")


def dropped_history(event: QDropEvent) -> Path | None:
    """Return the first local file of a known ending in what is dropped, or None."""
    for url in event.mimeData().urls():
        path = Path(url.toLocalFile())
        if url.isLocalFile() and path.suffix.lower() in ENDINGS:
            return path
    return None


def ask_history_file(window: QWidget, then: Callable[[Path], object]) -> QFileDialog:
    """Let the operator choose a file of the past."""
    dialog = QFileDialog(window, _("Import history of the network"))
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptOpen)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    patterns = " ".join(f"*{ending}" for ending in ENDINGS)
    dialog.setNameFilters(
        [
            _("Coin Metrics, blockchain.com or plain CSV ({patterns})").format(patterns=patterns),
            _("Any file (*)"),
        ]
    )
    documents = QStandardPaths.StandardLocation.DocumentsLocation
    dialog.setDirectory(QStandardPaths.writableLocation(documents))
    dialog.fileSelected.connect(lambda path: then(Path(path)))
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
    return dialog


class HistoryDrops(QObject):
    """Lets a widget take files of the past that are dropped on it.

    Args:
        widget: where they may be dropped.
        take: gets the path.
    """

    def __init__(self, widget: QWidget, take: Callable[[Path], object]) -> None:
        super().__init__(widget)
        self._take = take
        widget.setAcceptDrops(True)
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take what is dragged in and dropped, where it is such a file."""
        if isinstance(event, QDropEvent) and event.type() in {
            QEvent.Type.DragEnter,
            QEvent.Type.Drop,
        }:
            path = dropped_history(event)
            if path is not None:
                event.acceptProposedAction()
                if event.type() == QEvent.Type.Drop:
                    self._take(path)
                return True
        return super().eventFilter(watched, event)
