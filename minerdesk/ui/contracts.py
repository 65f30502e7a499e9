"""What the window asks of the layers below, as protocols; it builds none of it.

The real classes live in `services` and are handed in by the composition root.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from minerdesk.domain.book import Book
from minerdesk.domain.cancel import CancelToken
from minerdesk.domain.readings import NetworkState, Quantity

Change = Callable[[Book], Book]


class Formats(Protocol):
    """Numbers, money and ages in the operator's locale (`services.words.Formats`)."""

    def number(self, value: float | None, digits: int = 0) -> str:
        """Return a number; None is an en dash."""
        ...

    def money(self, value: float | None, currency: str, digits: int | None = None) -> str:
        """Return an amount with its currency's code."""
        ...

    def percent(self, fraction: float | None, digits: int = 1) -> str:
        """Return a fraction as percent."""
        ...

    def age(self, age: timedelta) -> str:
        """Return an age in words, such as ``12 min``."""
        ...


class Clock(Protocol):
    """The time now."""

    def __call__(self) -> datetime:
        """Return the time now, UTC and aware."""
        ...


class BookDoor(Protocol):
    """The book and its undo (`services.book.BookService`); used in the GUI thread alone."""

    @property
    def book(self) -> Book:
        """The book in force."""
        ...

    @property
    def revision(self) -> int:
        """Grows with each change of the book."""
        ...

    @property
    def path(self) -> Path | None:
        """Its file, or None while it has none."""
        ...

    @property
    def dirty(self) -> bool:
        """Whether the file lacks an edit."""
        ...

    @property
    def read_only(self) -> bool:
        """Whether another window holds the file."""
        ...

    @property
    def can_undo(self) -> bool:
        """Whether there is an edit to undo."""
        ...

    @property
    def can_redo(self) -> bool:
        """Whether there is an edit to redo."""
        ...

    @property
    def undo_text(self) -> str:
        """What undo would undo."""
        ...

    @property
    def redo_text(self) -> str:
        """What redo would redo."""
        ...

    def apply(self, text: str, change: Change) -> object:
        """Make an edit."""
        ...

    def undo(self) -> object:
        """Take the last edit back."""
        ...

    def redo(self) -> object:
        """Make the edit again."""
        ...

    def new(self, book: Book) -> object:
        """Begin another book."""
        ...

    def open(self, path: Path) -> object:
        """Open a book's file."""
        ...

    def save(self) -> object:
        """Write the book to its file."""
        ...

    def save_as(self, path: Path) -> object:
        """Write the book to another file and go on with that."""
        ...

    def subscribe(self, callback: Callable[[], None]) -> object:
        """Call ``callback`` after each change of the above."""
        ...


class SettingRow(Protocol):
    """How one setting is declared."""

    @property
    def key(self) -> str:
        """Stable name, such as ``window.theme``."""
        ...

    @property
    def label(self) -> str:
        """What it is called, translated."""
        ...

    @property
    def help(self) -> str:
        """One sentence on what it does."""
        ...

    @property
    def choices(self) -> tuple[str, ...]:
        """What it may be, where that is a short list."""
        ...


class Settings(Protocol):
    """The settings table and its values."""

    def rows(self) -> tuple[SettingRow, ...]:
        """Return every declared setting, in the order to show."""
        ...

    def get(self, key: str) -> object:
        """Return a value."""
        ...

    def set(self, key: str, value: object) -> object:
        """Set and keep a value.

        Raises:
            UserError: it is outside its limits.
        """
        ...


class Desk(Protocol):
    """What `minerdesk.assembly.build` made. Methods with a token run off the GUI thread."""

    @property
    def book(self) -> BookDoor:
        """The book and its undo."""
        ...

    @property
    def formats(self) -> Formats:
        """Numbers, money and ages in the operator's locale."""
        ...

    @property
    def network(self) -> NetworkState:
        """The newest state, before the first poll the one kept from last time."""
        ...

    @property
    def sources(self) -> object:
        """How each source stands, a frozen value for the slice ``sources``."""
        ...

    @property
    def profile(self) -> Path:
        """The directory everything the program keeps is in."""
        ...

    @property
    def recent_books(self) -> tuple[Path, ...]:
        """Files opened lately, newest first."""
        ...

    @property
    def settings(self) -> Settings:
        """The settings, each declared once."""
        ...

    def parse_number(self, text: str) -> float:
        """Return a number typed in the operator's style.

        Raises:
            UserError: it is none.
        """
        ...

    def poll(self, token: CancelToken) -> NetworkState:
        """Ask the sources that are due and return the state after it; offline is no error."""
        ...

    def evaluate(
        self, book: Book, book_revision: int, network: NetworkState, token: CancelToken
    ) -> object:
        """Evaluate the whole fleet; the answer is a frozen value for the slice ``evaluation``."""
        ...

    def read_history(self, token: CancelToken) -> object:
        """Read what was kept; the answer is a frozen value for the slice ``history``."""
        ...

    def hashprice_per_ph_day(self, network: NetworkState) -> float | None:
        """Return money for 1 PH/s and day before costs, or None where a number lacks."""
        ...

    def type_value(self, quantity: Quantity, value: float | None) -> NetworkState:
        """Put a typed value over the live one; None releases it."""
        ...

    def close(self) -> None:
        """Release locks and files."""
        ...
