"""Shutdown is a list, run in reverse, once, and bounded in time."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

log = logging.getLogger(__name__)


class Shutdown:
    """Steps that undo what start-up built. What was built last ends first.

    Args:
        limit_s: seconds all steps have together.
        monotonic: a clock that never goes back, in s.
    """

    def __init__(
        self, limit_s: float = 8.0, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._limit_s = limit_s
        self._monotonic = monotonic
        self._steps: list[tuple[str, Callable[[float], object]]] = []
        self._ran = False
        self._clean = True

    def add(self, name: str, step: Callable[[float], object]) -> None:
        """Add a step.

        Args:
            name: what it ends, for the log.
            step: gets the seconds that are left and must not wait longer. It returns False where
                something still runs; an exception is logged and does not stop the others.
        """
        self._steps.append((name, step))

    def run(self) -> bool:
        """Run the steps in reverse; a second call does nothing.

        Returns:
            False where a step failed or left something running.
        """
        if self._ran:
            return self._clean
        self._ran = True
        until = self._monotonic() + self._limit_s
        for name, step in reversed(self._steps):
            left = max(until - self._monotonic(), 0.0)
            try:
                ended = step(left)
            except Exception:
                log.exception("shutting down %s failed", name)
                ended = False
            if ended is False:
                log.warning("%s did not end in time", name)
                self._clean = False
        return self._clean
