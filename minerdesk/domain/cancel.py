"""The token by which a task is told to stop."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from minerdesk.domain.errors import Cancelled


class CancelToken:
    """Given to each task off the GUI thread, which checks it between steps and sleeps with it."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def cancel(self) -> None:
        """Ask the task to stop; safe from any thread, and again."""
        self._event.set()

    @property
    def cancelled(self) -> bool:
        """Whether the task was asked to stop."""
        return self._event.is_set()

    def wait(self, seconds: float) -> bool:
        """Sleep up to ``seconds``; return True at once when cancelled."""
        return self._event.wait(seconds)

    def check(self) -> None:
        """Raise `Cancelled` where the task was asked to stop."""
        if self._event.is_set():
            raise Cancelled


@contextmanager
def cancelled_after(seconds: float) -> Iterator[CancelToken]:
    """Give a token that is cancelled when the seconds are over, if the block still runs then."""
    token = CancelToken()
    timer = threading.Timer(seconds, token.cancel)
    timer.daemon = True
    timer.start()
    try:
        yield token
    finally:
        timer.cancel()
