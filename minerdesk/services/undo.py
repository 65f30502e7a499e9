"""The undo list: whole books, which share what did not change between them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from minerdesk.domain.book import Book

_STEPS: Final = 200


@dataclass(frozen=True, slots=True)
class Step:
    """One edit: what it is called, and the book on its other side."""

    text: str
    book: Book


@dataclass(slots=True)
class UndoList:
    """The edits that can be taken back, and those that can be made again."""

    _done: list[Step] = field(default_factory=list)
    _undone: list[Step] = field(default_factory=list)

    @property
    def can_back(self) -> bool:
        """Whether there is an edit to take back."""
        return bool(self._done)

    @property
    def can_forth(self) -> bool:
        """Whether there is an edit to make again."""
        return bool(self._undone)

    @property
    def back_text(self) -> str:
        """What `back` would take back; empty where there is nothing."""
        return self._done[-1].text if self._done else ""

    @property
    def forth_text(self) -> str:
        """What `forth` would make again; empty where there is nothing."""
        return self._undone[-1].text if self._undone else ""

    def note(self, text: str, before: Book) -> None:
        """Take note of an edit that is being made."""
        self._done.append(Step(text, before))
        del self._done[:-_STEPS]
        self._undone.clear()

    def back(self, now: Book) -> Step | None:
        """Take the last edit back; the step holds the book before it."""
        return _move(self._done, self._undone, now)

    def forth(self, now: Book) -> Step | None:
        """Make the edit again that was taken back last; the step holds the book after it."""
        return _move(self._undone, self._done, now)


def _move(source: list[Step], target: list[Step], now: Book) -> Step | None:
    if not source:
        return None
    step = source.pop()
    target.append(Step(step.text, now))
    return step
