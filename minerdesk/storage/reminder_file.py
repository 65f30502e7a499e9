"""What the operator was told of coming moves, in a small file of this computer for each book."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

import msgspec

from minerdesk.domain.errors import WorldError
from minerdesk.domain.text import _
from minerdesk.storage import atomic

T = TypeVar("T")


class ReminderFile:
    """Keeps a list of plain dataclasses by book.

    Args:
        folder: of the computer's state.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def load(self, book: str, kind: type[T]) -> tuple[T, ...]:
        """Return what is kept of a book; nothing where the file is missing or cannot be read.

        What is lost here is told once more; it must never keep the program from starting.
        """
        try:
            return tuple(msgspec.json.decode(self._path(book).read_bytes(), type=list[kind]))  # type: ignore[valid-type] # a type as a value
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
            return ()

    def save(self, book: str, told: Sequence[object]) -> None:
        """Keep exactly these.

        Raises:
            WorldError: the disk refuses; the file is what it was.
        """
        path = self._path(book)
        try:
            atomic.write(path, msgspec.json.encode(list(told)))
        except OSError as error:
            raise WorldError(
                _("{path} cannot be written: {why}.").format(path=path, why=error)
            ) from error

    def _path(self, book: str) -> Path:
        # The name of a book's file may hold what another file's name may not.
        return self._folder / f"told-{hashlib.sha256(book.encode()).hexdigest()[:16]}.json"
