"""Tells of coming moves, and remembers over restarts what was told."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from minerdesk.domain.errors import WorldError
from minerdesk.storage.reminder_file import ReminderFile

if TYPE_CHECKING:
    from minerdesk.services.evaluation import Evaluation
    from minerdesk.services.planning.reminders import Notice, Told


class Reminding:
    """One book at a time; its calls block on the disk and may come from any thread.

    Attributes:
        problem: why it could not be remembered what was told, a sentence, or empty.
    """

    def __init__(self, file: ReminderFile) -> None:
        self._file = file
        self._lock = threading.Lock()
        self._book: str | None = None
        self._told: tuple[Told, ...] = ()
        self.problem = ""

    def look(
        self, evaluation: Evaluation, book: str, now: datetime, lead: timedelta
    ) -> tuple[Notice, ...]:
        """Return what is to be told now, each thing once.

        What is due already when a book is opened stands at the head of the Dashboard; it is told
        only where it becomes due later.

        Args:
            evaluation: with its plan; nothing is told of an example, old numbers or a what-if.
            book: the book's lasting key, empty while it has no file.
            now: UTC.
            lead: how long before its time a move is told.

        A disk that refuses is in `problem`: what was told is told, and once more after a restart.
        """
        # There is nothing to tell before the first plan, and the start does not wait for this.
        from minerdesk.services.planning.reminders import Told, look, plan_to_tell_of

        plan = plan_to_tell_of(evaluation)
        if plan is None:
            return ()
        with self._lock:
            first = book != self._book
            if first and not plan.finished:
                return ()
            if first:
                self._book, self._told = book, self._file.load(book, Told) if book else ()
            told, notices = look(self._told, plan, now, lead, first=first)
            changed, self._told = told != self._told, told
            if changed and book:
                self._keep(book)
        return notices

    def _keep(self, book: str) -> None:
        try:
            self._file.save(book, self._told)
            self.problem = ""
        except WorldError as error:
            self.problem = str(error)
