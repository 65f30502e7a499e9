"""The one way off the GUI thread."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot

from minerdesk.domain.cancel import CancelToken
from minerdesk.ui.sweeping import Sweeper

T = TypeVar("T")
# The plan of the desk, and the one that the sliders ask for.
_SLOW_WORKERS: Final = 2
# A frame hands the interpreter to Qt and takes it back some fifty times, and may wait so long for a
# worker each time. Python's own 5 ms double it beside a worker that only computes in Python; with
# much less than 1 ms the worker takes it from the frame as often.
_SWITCH_S: Final = 0.001


@dataclass(frozen=True, slots=True)
class _Outcome:
    name: str
    token: CancelToken
    future: Future[Any]
    done: Callable[[Any], None] | None
    failed: Callable[[BaseException], None] | None


class TaskRunner(QObject):
    """Runs work in a few threads and hands results back in the GUI thread, which owns it.

    As long as there are such threads, garbage is collected in the GUI thread alone. From the first
    runner on Python takes turns between threads more often than by itself.

    Work gets a `CancelToken`, checks it between steps and sleeps with ``token.wait``. It may read
    frozen values only; what it returns is delivered by one queued signal. After a cancel, nothing
    is delivered.

    Signals:
        failed(str, object): name of the task and its exception, where ``start`` was given no
            ``failed``.
    """

    failed = Signal(str, object)
    _outcome = Signal(object)

    def __init__(self, parent: QObject | None = None, workers: int = 3) -> None:
        super().__init__(parent)
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="minerdesk-task")
        # What takes long waits for its like alone, so that nothing quick ever waits for it.
        self._slow = ThreadPoolExecutor(_SLOW_WORKERS, thread_name_prefix="minerdesk-slow")
        self._running: dict[CancelToken, str] = {}
        self._closing = False
        sys.setswitchinterval(_SWITCH_S)
        self._sweeper = Sweeper(self)
        self._sweeper.start()
        self._outcome.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    @property
    def running(self) -> tuple[str, ...]:
        """Names of the tasks whose outcome was not delivered yet."""
        return tuple(self._running.values())

    def start(
        self,
        name: str,
        work: Callable[[CancelToken], T],
        *,
        done: Callable[[T], None] | None = None,
        failed: Callable[[BaseException], None] | None = None,
        slow: bool = False,
    ) -> CancelToken:
        """Run ``work`` off the GUI thread.

        Args:
            name: what it is called in reports.
            work: gets the token; runs in a worker thread.
            done: gets the result, in the GUI thread.
            failed: gets the exception, in the GUI thread; without it the signal `failed` is sent.
            slow: it may take seconds, such as a plan; it runs beside what is quick.

        Returns:
            The token; ``cancel()`` it to drop the task.

        Raises:
            RuntimeError: the program is shutting down.
        """
        if self._closing:
            raise RuntimeError(f"task {name!r} started during shutdown")
        token = CancelToken()
        self._running[token] = name
        future = (self._slow if slow else self._pool).submit(work, token)

        def report(finished: Future[Any]) -> None:
            if not self._closing:
                self._outcome.emit(_Outcome(name, token, finished, done, failed))

        future.add_done_callback(report)
        return token

    def shutdown(self, timeout: float = 5.0) -> bool:
        """Cancel every task, refuse new ones and wait.

        Args:
            timeout: seconds to wait at most.

        Returns:
            False where a task ignored its token and still runs.
        """
        self._closing = True
        for token in self._running:
            token.cancel()
        pools = (self._pool, self._slow)
        for pool in pools:
            pool.shutdown(wait=False, cancel_futures=True)

        def wait() -> None:
            for pool in pools:
                pool.shutdown()

        waiter = threading.Thread(target=wait, daemon=True, name="minerdesk-wait")
        waiter.start()
        waiter.join(timeout)
        self._sweeper.stop()
        self._running.clear()
        return not waiter.is_alive()

    @Slot(object)
    def _deliver(self, outcome: _Outcome) -> None:
        self._running.pop(outcome.token, None)
        if self._closing or outcome.token.cancelled or outcome.future.cancelled():
            return
        error = outcome.future.exception()
        if error is None:
            if outcome.done is not None:
                outcome.done(outcome.future.result())
        elif outcome.failed is not None:
            outcome.failed(error)
        else:
            self.failed.emit(outcome.name, error)
