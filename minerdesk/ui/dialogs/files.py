"""Questions about files and unsaved edits. They answer through callbacks and block nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from minerdesk.domain.text import _

ENDING = ".minerdesk"


def ask_open_file(window: QWidget, near: Path | None, then: Callable[[Path], object]) -> None:
    """Let the operator choose a book to open."""
    dialog = _dialog(window, _("Open book"), near, then)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptOpen)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.open()


def ask_save_file(window: QWidget, near: Path | None, then: Callable[[Path], object]) -> None:
    """Let the operator choose where to write the book."""
    dialog = _dialog(window, _("Save book as"), near, then)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix(ENDING.removeprefix("."))
    dialog.open()


def ask_about_edits(
    window: QWidget, save: Callable[[], object], drop: Callable[[], object]
) -> None:
    """Ask what to do with edits that are not in the file; cancelling does nothing."""
    question = QMessageBox(window)
    question.setWindowTitle("minerdesk")
    question.setText(_("The book has edits that are not in its file yet."))
    keep = question.addButton(_("Save"), QMessageBox.ButtonRole.AcceptRole)
    leave = question.addButton(_("Do not save"), QMessageBox.ButtonRole.DestructiveRole)
    question.addButton(_("Cancel"), QMessageBox.ButtonRole.RejectRole)
    question.setDefaultButton(keep)

    def decided(_result: int) -> None:
        pressed = question.clickedButton()
        question.deleteLater()
        if pressed is keep:
            save()
        elif pressed is leave:
            drop()

    question.finished.connect(decided)
    question.open()


def _dialog(
    window: QWidget, title: str, near: Path | None, then: Callable[[Path], object]
) -> QFileDialog:
    dialog = QFileDialog(window, title)
    dialog.setNameFilter(_("Books (*{ending})").format(ending=ENDING))
    if near is not None:
        dialog.setDirectory(str(near.parent))
    dialog.fileSelected.connect(lambda path: then(Path(path)))
    dialog.finished.connect(dialog.deleteLater)
    return dialog
