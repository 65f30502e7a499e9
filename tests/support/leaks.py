"""Fixtures by which a test that leaks fails itself: threads, timers, windows and Qt warnings."""

from __future__ import annotations

import gc
import itertools
import re
import threading
import time
from collections.abc import Callable, Iterator

import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, QTimer
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

# Each entry: a pattern, and why the message is no fault of ours.
ALLOWED_MESSAGES = (
    # The offscreen platform has no window manager to tell a size to.
    re.compile(r"This plugin does not support (propagateSizeHints|raise|grabbing)"),
    # Nor has it a tray, whose window could change.
    re.compile(r"No such signal QPlatformNativeInterface::systemTrayWindowChanged"),
    # Bare machines have no font that holds every script; Qt says so once.
    re.compile(r"Populating font family aliases took"),
)
_GRACE_S = 20.0
_TESTS_BETWEEN_SWEEPS = 50


_NUMBERS = pytest.StashKey[Iterator[int]]()


class LeakError(AssertionError):
    """A test left something behind."""


def settle() -> None:
    """Deliver what is queued, deletions included."""
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QCoreApplication.processEvents()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def running_threads() -> set[threading.Thread]:
    """Return the threads that run now."""
    return {thread for thread in threading.enumerate() if thread.is_alive()}


def active_timers() -> set[int]:
    """Return the addresses of the timers that run now and were made since the last `set_apart`."""
    return {
        shiboken6.getCppPointer(found)[0]
        for found in gc.get_objects()
        if isinstance(found, QTimer) and shiboken6.isValid(found) and found.isActive()
    }


def windows() -> set[int]:
    """Return the addresses of the top-level widgets that exist now."""
    return {
        shiboken6.getCppPointer(widget)[0]
        for widget in QApplication.topLevelWidgets()
        if shiboken6.isValid(widget)
    }


def _describe_windows(addresses: set[int]) -> str:
    found: list[QWidget] = [
        widget
        for widget in QApplication.topLevelWidgets()
        if shiboken6.getCppPointer(widget)[0] in addresses
    ]
    return ", ".join(
        f"{type(widget).__name__}({widget.objectName()!r}, {widget.windowTitle()!r})"
        for widget in found
    )


def _wait_for(done: Callable[[], bool]) -> None:
    until = time.monotonic() + _GRACE_S
    while not done() and time.monotonic() < until:
        time.sleep(0.01)


def set_apart(tests_so_far: int) -> None:
    """Take all that is there now out of the collector's sight.

    Looking through the objects of the whole session after each test costs more than the tests.
    """
    if tests_so_far % _TESTS_BETWEEN_SWEEPS == 0:
        gc.unfreeze()
        gc.collect()
    gc.freeze()


def check_leaks(threads: set[threading.Thread], timers: set[int], shown: set[int]) -> None:
    """Compare with what was there before.

    Raises:
        LeakError: something new is still there.
    """
    settle()
    if (windows() - shown) or (active_timers() - timers):
        gc.collect()
        settle()
    left = windows() - shown
    if left:
        raise LeakError(f"leaked windows: {_describe_windows(left)}")
    ticking = active_timers() - timers
    if ticking:
        raise LeakError(f"leaked {len(ticking)} active timers")
    _wait_for(lambda: running_threads() <= threads)
    still = running_threads() - threads
    if still:
        raise LeakError(f"leaked threads: {', '.join(thread.name for thread in still)}")


def unexpected_messages(messages: list[str]) -> list[str]:
    """Return the messages no entry of the allow-list explains."""
    return [
        message
        for message in messages
        if not any(pattern.search(message) for pattern in ALLOWED_MESSAGES)
    ]


@pytest.fixture(autouse=True)
def no_leaks(qapp: QApplication, request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test that leaves a thread, an active timer or a window behind."""
    numbers = request.session.stash.setdefault(_NUMBERS, itertools.count())
    set_apart(next(numbers))
    threads, timers, shown = running_threads(), active_timers(), windows()
    yield
    del qapp
    check_leaks(threads, timers, shown)


@pytest.fixture(autouse=True)
def no_qt_warnings(qtbot: QtBot, request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test in which Qt warned of something the allow-list does not explain."""
    del qtbot
    log = request.getfixturevalue("qtlog")
    yield
    found = unexpected_messages(
        [record.message for record in log.records if record.log_type_name != "QtDebugMsg"]
    )
    assert not found, f"Qt warned: {found}"
