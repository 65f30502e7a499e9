"""Pictures of the window, made by the program itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QElapsedTimer, QEventLoop, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from minerdesk.domain.errors import WorldError
from minerdesk.domain.text import _

_PAINT_MS = 400


def wait_until(done: Callable[[], bool], limit_ms: int) -> bool:
    """Let events run until ``done()`` or the limit; tell which of the two it was."""
    clock = QElapsedTimer()
    clock.start()
    while not done() and clock.elapsed() < limit_ms:
        _run_events(20)
    return done()


def take_picture(window: QWidget, path: Path) -> None:
    """Save the window as it looks.

    Raises:
        WorldError: the file cannot be written.
    """
    focused = window.focusWidget()
    if focused is not None:
        focused.clearFocus()
    _run_events(_PAINT_MS)
    QApplication.sendPostedEvents()
    if not window.grab().save(str(path)):
        raise WorldError(_("The picture cannot be written to {path}.").format(path=path))


def _run_events(milliseconds: int) -> None:
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()
