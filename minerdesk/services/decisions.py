"""The decision log of a profile: written in order behind the window's back, read for its dialog."""

from __future__ import annotations

import threading
from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from minerdesk.domain.book import Book
from minerdesk.domain.decisions import Decision, Outcome
from minerdesk.domain.errors import WorldError
from minerdesk.domain.text import _
from minerdesk.services.planning.move import OFF
from minerdesk.services.serial import SerialWorker

if TYPE_CHECKING:
    from minerdesk.storage.decision_file import DecisionFile

_REMEMBERED: Final = 200


@dataclass(slots=True)
class _Link:
    """An edit of the book and the decisions it was made with; the ids come from the worker."""

    before: Book
    after: Book
    ids: list[int] = field(default_factory=list)


class Decisions:
    """The log. `record` and `book_changed` return at once; `read` and `starts_since` block.

    The file is opened at first use, because that loads the database library.
    """

    def __init__(
        self,
        path: Path,
        clock: Callable[[], datetime],
        on_error: Callable[[BaseException], None],
    ) -> None:
        """Describe the log.

        Args:
            path: of the database.
            clock: UTC.
            on_error: gets what a write ended with, on the writing thread.
        """
        self._path, self._clock = path, clock
        self._worker = SerialWorker("minerdesk-decisions", on_error)
        self._file: DecisionFile | None = None
        self._lock = threading.Lock()
        self._links: deque[_Link] = deque(maxlen=_REMEMBERED)
        self._book: Book | None = None

    @property
    def problem(self) -> str:
        """Why the last decision could not be kept, a sentence, or empty."""
        return self._worker.problem

    @property
    def set_aside(self) -> Path | None:
        """Where a damaged file was put, or None."""
        return None if self._file is None else self._file.set_aside

    def record(self, taken: Sequence[Decision], edit: tuple[Book, Book] | None = None) -> None:
        """Keep decisions, all or none.

        Args:
            taken: what was decided.
            edit: the book before and after the edit that marked them done. Undoing that edit takes
                the decisions back, doing it again puts them in force; neither removes a line.
        """
        if not taken:
            return
        link = None if edit is None else _Link(*edit)
        if link is not None:
            self._links.append(link)

        def write() -> None:
            ids = self._opened().add(taken)
            if link is not None:
                link.ids.extend(ids)

        self._worker.submit(write)

    def book_changed(self, book: Book, _revision: int = 0) -> None:
        """Follow the open book's edits; see `record`."""
        was, self._book = self._book, book
        for link in list(self._links):
            if was is link.after and book is link.before:
                self._withdraw(link, self._clock())
            elif was is link.before and book is link.after:
                self._withdraw(link, None)

    def read(
        self, *, since: datetime | None = None, until: datetime | None = None
    ) -> tuple[Decision, ...]:
        """Return decisions of every book, the newest first.

        Args:
            since: first time, UTC; None for all.
            until: before this time, UTC; None for all.

        Raises:
            WorldError: the disk refuses.
        """
        return self._after_writes(lambda: self._opened().read(since=since, until=until))

    def starts_since(self, begins: Mapping[str, datetime], book: str) -> dict[str, int]:
        """Return how often rigs of groups were started since then, by what was marked done.

        It is the most starts that any one rig of a group can have had, as ``most_starts_per_day``
        counts them: which rigs of a group were started is not known.

        Args:
            begins: by the group's id, when its local day began.
            book: the book's lasting key.

        Raises:
            WorldError: the disk refuses.
        """
        if not begins:
            return {}
        first = min(begins.values()).astimezone(UTC)
        found = self._after_writes(lambda: self._opened().read(since=first, book=book))
        return Counter(
            each.group
            for each in found
            if each.group in begins and each.at >= begins[each.group] and _is_start(each)
        )

    def close(self) -> None:
        """Write what is queued and close the file; again is no fault."""
        self._worker.close()
        with self._lock:
            if self._file is not None:
                self._file.close()

    def _withdraw(self, link: _Link, at: datetime | None) -> None:
        self._worker.submit(lambda: self._opened().withdraw(link.ids, at) if link.ids else None)

    def _after_writes(self, work: Callable[[], tuple[Decision, ...]]) -> tuple[Decision, ...]:
        future = self._worker.submit(lambda: None)
        if future is None:
            raise WorldError(_("The decision log is closed."))
        future.result()
        return work()

    def _opened(self) -> DecisionFile:
        with self._lock:
            if self._file is None:
                from minerdesk.storage.decision_file import DecisionFile

                self._file = DecisionFile(self._path, self._clock)
            return self._file


def _is_start(decision: Decision) -> bool:
    return (
        decision.in_force
        and decision.outcome is Outcome.DONE
        and decision.before == OFF
        and decision.after != OFF
    )
