"""The fixtures that find leaks must find them."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from tests.support.leaks import (
    LeakError,
    active_timers,
    check_leaks,
    running_threads,
    unexpected_messages,
    windows,
)


def test_a_thread_is_found() -> None:
    before = running_threads(), active_timers(), windows()
    release = threading.Event()
    thread = threading.Thread(target=release.wait, name="left-over")
    thread.start()
    with pytest.raises(LeakError, match="left-over"):
        check_leaks(*before)
    release.set()
    thread.join()


def test_a_timer_is_found() -> None:
    before = running_threads(), active_timers(), windows()
    timer = QTimer(interval=10_000)
    timer.start()
    with pytest.raises(LeakError, match="1 active timers"):
        check_leaks(*before)
    timer.stop()


def test_a_window_is_found() -> None:
    before = running_threads(), active_timers(), windows()
    widget = QWidget()
    widget.setObjectName("left-over")
    with pytest.raises(LeakError, match="left-over"):
        check_leaks(*before)
    widget.deleteLater()


def test_messages_need_a_reason() -> None:
    said = ["This plugin does not support propagateSizeHints()", "QObject::connect: no such signal"]
    assert unexpected_messages(said) == said[1:]
