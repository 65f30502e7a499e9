"""Toasts about edits: they go when the edit is undone or saved, for then they hold no longer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot

from minerdesk.domain.book import Book
from minerdesk.ui.actions import Action
from minerdesk.ui.toasts import Toasts

if TYPE_CHECKING:
    from minerdesk.services.book import BookService


class EditToasts(QObject):
    """Shows toasts, and takes those away that speak of an edit which is undone or saved.

    A toast of the tone ``done`` that is shown in the same turn of the event loop as an edit speaks
    of that edit.
    """

    def __init__(self, book: BookService, toasts: Toasts, parent: QObject) -> None:
        super().__init__(parent)
        self._book = book
        self._toasts = toasts
        self._before = book.book
        self._edited_now = False
        self._of_edits: list[tuple[str, Book]] = []

    def show_toast(self, text: str, tone: str = "info", action: Action | None = None) -> None:
        """Show a toast; see `Toasts.show_toast`."""
        self._toasts.show_toast(text, tone, action)
        if self._edited_now and tone == "done":
            self._of_edits.append((text, self._book.book))

    def book_changed(self) -> None:
        """Take away what holds no longer; call it after each change of the book."""
        now, before, self._before = self._book.book, self._before, self._book.book
        if now is not before:
            self._edited_now = True
            QTimer.singleShot(0, self, self._settle)
        undone = before if self._book.can_redo and now is not before else None
        for text, edited in tuple(self._of_edits):
            if edited is undone or not self._book.dirty:
                self._toasts.withdraw(text)
                self._of_edits.remove((text, edited))

    @Slot()
    def _settle(self) -> None:
        self._edited_now = False
