"""What the operator can do with the book: open, save, undo. The work is the services'."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from minerdesk.domain.book import Book
from minerdesk.domain.errors import MinerdeskError
from minerdesk.domain.text import _
from minerdesk.ui.actions import Action
from minerdesk.ui.contracts import BookDoor, Change
from minerdesk.ui.errors import Errors

ENDING = ".minerdesk"


class BookActions(QObject):
    """Handlers of the File and Edit menus, and their rows of the action table."""

    def __init__(self, book: BookDoor, errors: Errors, window: QWidget) -> None:
        super().__init__(window)
        self._book = book
        self._errors = errors
        self._window = window

    def actions(self) -> list[Action]:
        """Return the rows of the action table."""
        book, file, edit = self._book, _("File"), _("Edit")
        return [
            Action("book.new", _("New book"), self.new, "Ctrl+N", "new", menu=file),
            Action("book.open", _("Open…"), self.ask_open, "Ctrl+O", "open", menu=file),
            Action(
                "book.save",
                _("Save"),
                self.save,
                "Ctrl+S",
                "save",
                lambda: book.dirty and not book.read_only,
                menu=file,
            ),
            Action("book.save_as", _("Save as…"), self.ask_save_as, "Ctrl+Shift+S", menu=file),
            Action(
                "edit.undo",
                _("Undo"),
                self.undo,
                "Ctrl+Z",
                "undo",
                lambda: book.can_undo,
                menu=edit,
            ),
            Action(
                "edit.redo",
                _("Redo"),
                self.redo,
                "Ctrl+Shift+Z",
                "redo",
                lambda: book.can_redo,
                menu=edit,
            ),
        ]

    def run_command(self, text: str, change: Change) -> None:
        """Make an edit; the one door for pages.

        Raises:
            UserError: the change is refused; say it where it was typed.
        """
        self._book.apply(text, change)

    def new(self) -> None:
        """Begin an empty book, after asking about unsaved edits."""
        self.after_saving(lambda: self._try(lambda: self._book.new(Book())))

    def ask_open(self) -> None:
        """Let the operator choose a book's file."""
        self.after_saving(self._choose_file)

    def open_path(self, path: Path) -> None:
        """Open a book's file, after asking about unsaved edits."""
        self.after_saving(lambda: self._try(lambda: self._book.open(path)))

    def save(self) -> None:
        """Write the book to its file, or ask for one where it has none."""
        if self._book.path is None or self._book.read_only:
            self.ask_save_as()
        else:
            self._try(self._book.save)

    def ask_save_as(self, then: Callable[[], object] | None = None) -> None:
        """Let the operator choose where to write the book."""
        dialog = self._dialog(_("Save book as"), QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(ENDING.removeprefix("."))

        def chosen(path: str) -> None:
            if self._try(lambda: self._book.save_as(Path(path))) and then is not None:
                then()

        dialog.fileSelected.connect(chosen)
        dialog.open()

    def undo(self) -> None:
        """Take the last edit back."""
        self._try(self._book.undo)

    def redo(self) -> None:
        """Make the edit again that was taken back."""
        self._try(self._book.redo)

    def after_saving(self, then: Callable[[], object]) -> None:
        """Run ``then`` at once, or after the operator decided about unsaved edits."""
        if not self._book.dirty or self._book.read_only:
            then()
            return
        question = QMessageBox(self._window)
        question.setIcon(QMessageBox.Icon.Question)
        question.setText(_("The book has edits that are not in its file yet."))
        keep = question.addButton(_("Save"), QMessageBox.ButtonRole.AcceptRole)
        drop = question.addButton(_("Do not save"), QMessageBox.ButtonRole.DestructiveRole)
        question.addButton(_("Cancel"), QMessageBox.ButtonRole.RejectRole)
        question.setDefaultButton(keep)

        def decided(_result: int) -> None:
            pressed = question.clickedButton()
            question.deleteLater()
            if pressed is keep:
                self._save_then(then)
            elif pressed is drop:
                then()

        question.finished.connect(decided)
        question.open()

    def _save_then(self, then: Callable[[], object]) -> None:
        if self._book.path is None:
            self.ask_save_as(then)
        elif self._try(self._book.save):
            then()

    def _choose_file(self) -> None:
        dialog = self._dialog(_("Open book"), QFileDialog.AcceptMode.AcceptOpen)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda path: self._try(lambda: self._book.open(Path(path))))
        dialog.open()

    def _dialog(self, title: str, mode: QFileDialog.AcceptMode) -> QFileDialog:
        dialog = QFileDialog(self._window, title)
        dialog.setAcceptMode(mode)
        dialog.setNameFilter(_("Books (*{ending})").format(ending=ENDING))
        if self._book.path is not None:
            dialog.setDirectory(str(self._book.path.parent))
        dialog.finished.connect(dialog.deleteLater)
        return dialog

    def _try(self, work: Callable[[], object]) -> bool:
        try:
            work()
        except MinerdeskError as error:
            self._errors.handle(error)
            return False
        return True
