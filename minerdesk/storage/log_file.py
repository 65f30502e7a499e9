"""The program's log: a few files that follow each other, without secrets and without home paths."""

from __future__ import annotations

import contextlib
import logging
import time
from collections.abc import Callable
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Final

from minerdesk.domain.errors import WorldError
from minerdesk.domain.text import _

_LARGEST_BYTES: Final = 1_000_000
_KEPT: Final = 3
_FORM: Final = "%(asctime)s.%(msecs)03dZ %(levelname)s %(name)s: %(message)s"
_TIME_FORM: Final = "%Y-%m-%dT%H:%M:%S"


class _Redacted(logging.Formatter):
    """Writes UTC, and passes each line with its traceback through ``redact``."""

    def __init__(self, redact: Callable[[str], str]) -> None:
        super().__init__(_FORM, _TIME_FORM)
        self.converter = time.gmtime
        self._redact = redact

    def format(self, record: logging.LogRecord) -> str:
        """Return the line that is written."""
        return self._redact(super().format(record))


class _Handler(RotatingFileHandler):
    """Goes on in silence where the disk is full: a log is no reason to disturb anybody."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - its name there
        """Drop the record; the traceback that is printed otherwise helps nobody."""

    def close(self) -> None:
        """Close the file, whatever the disk says of what was not written yet."""
        with contextlib.suppress(OSError):
            super().close()


def open_log(path: Path, redact: Callable[[str], str], logger: str) -> Callable[[], None]:
    """Write into ``path`` what ``logger`` says from INFO on, and what others warn of.

    Args:
        path: `Profile.log_file`; the older ones stand beside it with a number behind their name.
        redact: takes out what nobody may read.
        logger: name of the logger, with everything below it.

    Returns:
        What ends it and closes the file; again is no fault.

    Raises:
        WorldError: the file cannot be written.
    """
    try:
        handler = _Handler(path, maxBytes=_LARGEST_BYTES, backupCount=_KEPT, encoding="utf-8")
    except OSError as error:
        raise WorldError(
            _("The log {path} cannot be written: {why}.").format(path=path, why=error.strerror)
        ) from error
    handler.setFormatter(_Redacted(redact))
    root, source = logging.getLogger(), logging.getLogger(logger)
    before = source.level
    source.setLevel(logging.INFO)
    root.addHandler(handler)

    def close() -> None:
        if handler in root.handlers:
            root.removeHandler(handler)
            source.setLevel(before)
            handler.close()

    return close
