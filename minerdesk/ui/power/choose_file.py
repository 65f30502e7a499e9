"""The system's own dialogs for files, which block nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget


def ask_open(
    window: QWidget, title: str, kinds: str, then: Callable[[Path], object]
) -> QFileDialog:
    """Let the operator choose a file to read; ``kinds`` is such as ``Tables (*.csv)``."""
    dialog = QFileDialog(window, title)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.setNameFilter(kinds)
    return _open(dialog, then)


def ask_save(
    window: QWidget, title: str, proposed: str, kinds: str, then: Callable[[Path], object]
) -> QFileDialog:
    """Let the operator choose where to write; ``proposed`` is a file's name with its ending."""
    dialog = QFileDialog(window, title)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilter(kinds)
    dialog.setDefaultSuffix(Path(proposed).suffix.removeprefix("."))
    dialog.selectFile(proposed)
    return _open(dialog, then)


def _open(dialog: QFileDialog, then: Callable[[Path], object]) -> QFileDialog:
    dialog.fileSelected.connect(lambda path: then(Path(path)))
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
    return dialog
