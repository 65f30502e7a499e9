"""Questions about files and unsaved edits. They answer through callbacks and block nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from minerdesk.domain.text import _

ENDING = ".minerdesk"
# What some system refuses in the name of a file.
_REFUSED = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')


def proposed_file(book_name: str) -> Path:
    """Return a file for a book that has none: its name, in the operator's documents."""
    name = " ".join(_REFUSED.sub(" ", book_name).split()).strip(" .") or _("Untitled")
    documents = QStandardPaths.StandardLocation.DocumentsLocation
    folder = Path(QStandardPaths.writableLocation(documents))
    return (folder if folder.is_dir() else Path.home()) / f"{name}{ENDING}"


def ask_open_file(window: QWidget, near: Path | None, then: Callable[[Path], object]) -> None:
    """Let the operator choose a book to open."""
    dialog = _dialog(window, _("Open book"), near, then)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptOpen)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    _open_over(dialog, window)


def ask_save_file(window: QWidget, near: Path, then: Callable[[Path], object]) -> None:
    """Let the operator choose where to write the book; ``near`` is proposed."""
    dialog = _dialog(window, _("Save book as"), near, then)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix(ENDING.removeprefix("."))
    dialog.selectFile(near.name)
    _open_over(dialog, window)


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


def _open_over(dialog: QFileDialog, window: QWidget) -> None:
    """Open the system's own dialog; where there is none, Qt's in the middle of the window."""
    dialog.open()
    place = dialog.frameGeometry()
    place.moveCenter(window.frameGeometry().center())
    dialog.move(place.topLeft())


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
