"""What the window shows, as independent frozen slices. Nothing is computed here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QObject, Signal

SLICES: Final = (
    "book",
    "network",
    "evaluation",
    "history",
    "sources",
    "plan",
    "power",
    "indicators",
    "standing",
    "past",
)


@dataclass(frozen=True, slots=True)
class Slice:
    """One slice: a frozen value and the number of times it was replaced (0: never set)."""

    value: object | None = None
    revision: int = 0


class DeskState(QObject):
    """Holds the slices by name. Only the GUI thread sets them.

    Slices: ``book`` (`domain.book.Book`), ``network`` (`domain.readings.NetworkState`),
    ``evaluation``, ``history``, ``indicators``, ``standing``, ``past`` and ``sources`` (frozen
    values of `services`). A value that was made from other slices carries their revisions itself,
    so that a page never mixes two of them.

    Signals:
        changed(str): the name of the slice that was replaced.
    """

    changed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._slices: dict[str, Slice] = dict.fromkeys(SLICES, Slice())

    def set_slice(self, name: str, value: object | None) -> None:
        """Replace the slice ``name`` and say so; the very same object again is no change.

        Raises:
            KeyError: there is no such slice.
        """
        held = self._slices[name]
        if held.revision and held.value is value:
            return
        self._slices[name] = Slice(value, held.revision + 1)
        self.changed.emit(name)

    def slice(self, name: str) -> object | None:
        """Return the value of the slice ``name``, or None while it was never set.

        Raises:
            KeyError: there is no such slice.
        """
        return self._slices[name].value

    def revision(self, name: str) -> int:
        """Return how often the slice ``name`` was replaced."""
        return self._slices[name].revision
