"""Starts the program as a process of its own and waits for what it says."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
LIMIT_S = 60


@dataclass(frozen=True, slots=True)
class Ended:
    """How a process ended.

    Attributes:
        noise: lines on standard error.
    """

    code: int
    out: str
    noise: list[str]


def environment(**changes: str) -> dict[str, str]:
    return {**os.environ, "QT_QPA_PLATFORM": "offscreen", **changes}


def run(module: str, *options: object, **changes: str) -> Ended:
    """Run ``python -m module`` to its end."""
    done = subprocess.run(
        [sys.executable, "-m", module, *map(str, options)],
        cwd=ROOT,
        env=environment(**changes),
        capture_output=True,
        encoding="utf-8",
        timeout=LIMIT_S,
        check=False,
    )
    return Ended(done.returncode, done.stdout, done.stderr.splitlines())


class Running:
    """A window in a process of its own, under the operator's hand."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def wait_for(self, word: str) -> None:
        """Wait until the hand says ``word``."""
        assert self.process.stdout is not None
        alarm = threading.Timer(LIMIT_S, self.process.kill)
        alarm.start()
        try:
            for line in self.process.stdout:
                if line.strip() == word:
                    return
        finally:
            alarm.cancel()
            alarm.join()
        raise AssertionError(f"ended before it said {word!r}: {self.end()}")

    def end(self, number: int | None = None) -> Ended:
        """Send a signal, or none, and wait for the end."""
        if number is not None:
            self.process.send_signal(number)
        out, errors = self.process.communicate(timeout=LIMIT_S)
        return Ended(self.process.returncode, out, errors.splitlines())


@contextlib.contextmanager
def running(act: str, *options: object) -> Iterator[Running]:
    """Start the program under a hand that does ``act``; whatever is left at the end is killed."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.end_to_end.hand", act, *map(str, options)],
        cwd=ROOT,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        try:
            yield Running(process)
        finally:
            if process.poll() is None:
                process.kill()
