"""Three kinds of error: the operator's, the world's, and ours (reported once per traceback)."""

from __future__ import annotations

import logging
import platform
import sys
import threading
import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from types import TracebackType

from PySide6.QtCore import QObject, Qt, Signal, Slot

import minerdesk
from minerdesk.domain.errors import Cancelled, UserError, WorldError
from minerdesk.services.redact import redact

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Report:
    """A fault of ours, ready to be copied.

    Attributes:
        title: the exception in one line, redacted.
        text: version, system, what was being done, and the traceback, redacted.
    """

    title: str
    text: str


class Errors(QObject):
    """The place where every exception ends that nobody else handled.

    Signals:
        sentence(str, str): what to tell the operator, and its tone (``warn`` or ``error``).
        reported(object): a `Report`, once for each distinct traceback.
    """

    sentence = Signal(str, str)
    reported = Signal(object)
    _caught = Signal(object, str)

    def __init__(
        self, secrets: Callable[[], Iterable[str]] = tuple, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._secrets = secrets
        self._seen: set[tuple[str, ...]] = set()
        self._before: tuple[object, object] | None = None
        self._caught.connect(self.handle, Qt.ConnectionType.AutoConnection)

    def install(self) -> None:
        """Take what no one caught, in any thread."""
        self._before = (sys.excepthook, threading.excepthook)
        sys.excepthook = self._hook
        threading.excepthook = self._thread_hook

    def uninstall(self) -> None:
        """Give the hooks back; harmless when not installed."""
        if self._before is not None:
            sys.excepthook, threading.excepthook = self._before  # type: ignore[assignment] # as taken
            self._before = None

    @Slot(object, str)
    def handle(self, error: BaseException, doing: str = "") -> None:
        """Treat an exception by its kind.

        Args:
            error: what was raised.
            doing: what was being done, such as the name of a task.
        """
        if isinstance(error, Cancelled):
            return
        if isinstance(error, UserError):
            self.sentence.emit(error.sentence, "error")
        elif isinstance(error, WorldError):
            self.sentence.emit(str(error), "warn")
        else:
            self._report(error, doing)

    def task_failed(self, name: str, error: object) -> None:
        """Receive `TaskRunner.failed`."""
        if isinstance(error, BaseException):
            self.handle(error, name)

    def _report(self, error: BaseException, doing: str) -> None:
        lines = traceback.format_exception(error)
        where = tuple(
            f"{frame.filename}:{frame.lineno}"
            for frame in traceback.extract_tb(error.__traceback__)
        )
        key = (type(error).__name__, *where)
        if key in self._seen:
            return
        self._seen.add(key)
        head = (
            f"minerdesk {minerdesk.__version__}, Python {platform.python_version()}, "
            f"{platform.system()} {platform.release()}"
        )
        secrets = tuple(self._secrets())
        text = redact("\n".join(filter(None, (head, doing, "".join(lines)))), secrets)
        title = redact(traceback.format_exception_only(error)[-1].strip(), secrets)
        log.error("%s", text)
        self.reported.emit(Report(title, text))

    def _hook(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        self._caught.emit(error, "")

    def _thread_hook(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            name = args.thread.name if args.thread else ""
            self._caught.emit(args.exc_value, name)
