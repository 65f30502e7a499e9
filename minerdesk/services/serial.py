"""One thread that does things one after the other, for work that must not overtake itself."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from minerdesk.domain.errors import WorldError

T = TypeVar("T")


class SerialWorker:
    """Runs callables in the order in which they were given, on one thread of its own.

    The thread starts with the first callable. An error goes to ``on_error`` (on that thread) and
    does not stop what stands behind it.
    """

    def __init__(self, name: str, on_error: Callable[[BaseException], None]) -> None:
        self._pool = ThreadPoolExecutor(1, thread_name_prefix=name)
        self._on_error = on_error
        self._lock = threading.Lock()
        self._closed = False
        self._problem = ""

    @property
    def problem(self) -> str:
        """Why the last work failed for the world's sake, a sentence; empty where it went well."""
        return self._problem

    def submit(self, work: Callable[[], T]) -> Future[T] | None:
        """Queue ``work``; None after `close`."""
        with self._lock:
            if self._closed:
                return None
            future = self._pool.submit(work)
        future.add_done_callback(self._report)
        return future

    def close(self) -> None:
        """Finish what is queued, then end the thread; again is no fault."""
        with self._lock:
            self._closed = True
        self._pool.shutdown(wait=True)

    def _report(self, future: Future[T]) -> None:
        error = None if future.cancelled() else future.exception()
        self._problem = str(error) if isinstance(error, WorldError) else ""
        if error is not None:
            self._on_error(error)
