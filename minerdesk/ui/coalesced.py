"""A task that never runs twice at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from PySide6.QtCore import QObject

from minerdesk.domain.cancel import CancelToken
from minerdesk.ui.tasks import TaskRunner

T = TypeVar("T")


class Coalesced(QObject, Generic[T]):
    """A task that runs once at a time; asked again meanwhile, it runs once more at the end."""

    def __init__(
        self,
        name: str,
        tasks: TaskRunner,
        begin: Callable[[], Callable[[CancelToken], T] | None],
        done: Callable[[T], None],
        parent: QObject | None = None,
    ) -> None:
        """Describe the task.

        Args:
            name: as `TaskRunner.start` takes it.
            tasks: where it runs.
            begin: called in the GUI thread just before each run; returns the work over the newest
                values, or None where there is nothing to do.
            done: gets each result, in the GUI thread.
            parent: as of any object.
        """
        super().__init__(parent)
        self._name = name
        self._tasks = tasks
        self._begin = begin
        self._done = done
        self._busy = False
        self._again = False

    @property
    def busy(self) -> bool:
        """Whether a run has not delivered yet."""
        return self._busy

    def ask(self) -> None:
        """Run now, or once more after the present run."""
        if self._busy:
            self._again = True
            return
        work = self._begin()
        if work is None:
            return
        self._busy = True
        self._tasks.start(self._name, work, done=self._finish, failed=self._fail)

    def _finish(self, result: T) -> None:
        self._busy = False
        self._done(result)
        self._next()

    def _fail(self, error: BaseException) -> None:
        self._busy = False
        self._tasks.failed.emit(self._name, error)
        self._next()

    def _next(self) -> None:
        if self._again:
            self._again = False
            self.ask()
