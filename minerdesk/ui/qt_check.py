"""Refuses a Qt binding that loses references to None or True; it would end the program later."""

from __future__ import annotations

import sys
from collections.abc import Callable

from minerdesk.domain.text import _

_CALLS = 200
_TOLERATED = 20


def lost_references(call: Callable[[], object], calls: int = _CALLS) -> int:
    """Return how many references to None and True ``calls`` calls lose.

    Args:
        call: crosses into Qt once.
        calls: how often.
    """
    call()
    before = sys.getrefcount(None), sys.getrefcount(True)
    for _call in range(calls):
        call()
    after = sys.getrefcount(None), sys.getrefcount(True)
    return max(before[0] - after[0], before[1] - after[1], 0)


def fault_of_qt() -> str:
    """Return one sentence on why this PySide6 cannot be used, or the empty string."""
    import PySide6
    from PySide6.QtCore import QObject, Signal
    from PySide6.QtGui import QPainterPath

    class Sender(QObject):
        sent = Signal()

    path = QPainterPath()
    sender = Sender()
    lost = max(lost_references(lambda: path.moveTo(0, 0)), lost_references(sender.sent.emit))
    if lost <= _TOLERATED:
        return ""
    return _(
        "minerdesk cannot run on PySide6 {version}: it loses references to Python's own objects "
        "and would end the program within minutes; install PySide6-Essentials 6.11.3 instead."
    ).format(version=PySide6.__version__)
