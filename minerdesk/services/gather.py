"""Asks several feeds at once and waits for them no longer than it may."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Sequence
from typing import Final

from minerdesk.domain.cancel import CancelToken
from minerdesk.domain.errors import Cancelled
from minerdesk.feeds.base import Feed, FeedAnswer

MAX_THREADS: Final = 8
_LOOK_S: Final = 0.02

Outcome = FeedAnswer | Exception


class Gatherer:
    """Runs feeds in a few threads of its own.

    The threads are daemons: a name look-up cannot be interrupted, and one that hangs must hold up
    neither the answer nor the program's end, which the threads of an executor would.
    """

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._busy: dict[str, threading.Thread] = {}
        self._stop = CancelToken()

    def busy(self) -> frozenset[str]:
        """Return the names of feeds that were given up and have not come back."""
        with self._lock:
            return frozenset(self._busy)

    def run(
        self,
        feeds: Sequence[Feed],
        token: CancelToken,
        deadline_s: float,
        deliver: Callable[[Feed, Outcome], None],
    ) -> tuple[Feed, ...]:
        """Ask ``feeds`` and deliver each outcome, in this thread, as it comes.

        Args:
            feeds: of different names, none of them busy.
            token: cancels the wait and the feeds.
            deadline_s: seconds after which those without an answer are given up.
            deliver: takes a feed and its answer, or the error it raised.

        Returns:
            The feeds given up.
        """
        stop = CancelToken()
        self._stop = stop
        waiting: queue.SimpleQueue[Feed] = queue.SimpleQueue()
        outcomes: queue.SimpleQueue[tuple[Feed, Outcome]] = queue.SimpleQueue()
        for feed in feeds:
            waiting.put(feed)
        threads = [
            threading.Thread(
                target=self._work, args=(waiting, outcomes, stop), name="feed", daemon=True
            )
            for _number in range(min(MAX_THREADS, len(feeds)))
        ]
        for thread in threads:
            thread.start()
        open_feeds = {feed.name: feed for feed in feeds}
        give_up_at = self._monotonic() + deadline_s
        try:
            while open_feeds and not token.cancelled and self._monotonic() < give_up_at:
                try:
                    feed, outcome = outcomes.get(timeout=_LOOK_S)
                except queue.Empty:
                    continue
                del open_feeds[feed.name]
                deliver(feed, outcome)
        finally:
            stop.cancel()
        if not open_feeds:
            for thread in threads:
                thread.join()
        return tuple(open_feeds.values())

    def close(self, wait_s: float = 1.0) -> None:
        """Cancel what still runs and wait for it, no longer than ``wait_s`` in all."""
        self._stop.cancel()
        give_up_at = self._monotonic() + wait_s
        with self._lock:
            threads = list(self._busy.values())
        for thread in threads:
            thread.join(max(give_up_at - self._monotonic(), 0.0))

    def _work(
        self,
        waiting: queue.SimpleQueue[Feed],
        outcomes: queue.SimpleQueue[tuple[Feed, Outcome]],
        stop: CancelToken,
    ) -> None:
        while not stop.cancelled:
            try:
                feed = waiting.get_nowait()
            except queue.Empty:
                return
            with self._lock:
                self._busy[feed.name] = threading.current_thread()
            try:
                outcome: Outcome = feed.fetch(stop)
            except Cancelled:
                outcome = Cancelled()
            except Exception as error:  # noqa: BLE001 - handed on to the thread that asked
                outcome = error
            with self._lock:
                del self._busy[feed.name]
            outcomes.put((feed, outcome))
