"""What Qt says of itself belongs into the log; a window has no terminal to speak to."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

log = logging.getLogger("minerdesk.qt")
_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
}


def log_qt_messages() -> Callable[[], object]:
    """Send Qt's messages to the log from now on.

    Returns:
        What gives them back to whom they went before.
    """

    def take(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
        if kind is QtMsgType.QtFatalMsg:
            # Qt ends the process when this returns.
            sys.stderr.write(f"{message}\n")
        log.log(_LEVELS.get(kind, logging.ERROR), "%s%s", message, _where(context))

    before = qInstallMessageHandler(take)
    return lambda: qInstallMessageHandler(before)


def _where(context: QMessageLogContext) -> str:
    """Return file and line in brackets, where this build of Qt knows them."""
    return f" ({context.file}:{context.line})" if context.file else ""
