"""The program's log: what went wrong and was no reason to disturb the operator."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Final

MAX_BYTES: Final = 256 * 1024


def keep_log(path: Path) -> Callable[[], None]:
    """Write warnings and errors of the whole process to ``path`` from now on.

    The file holds 256 kB at most, with one older file beside it; it is made with the first entry.

    Returns:
        What ends it.
    """
    handler = RotatingFileHandler(
        path, maxBytes=MAX_BYTES, backupCount=1, encoding="utf-8", delay=True
    )
    form = logging.Formatter("%(asctime)sZ %(levelname)s %(name)s: %(message)s")
    form.converter = time.gmtime
    handler.setFormatter(form)
    handler.setLevel(logging.WARNING)
    root = logging.getLogger()
    root.addHandler(handler)

    def end() -> None:
        root.removeHandler(handler)
        handler.close()

    return end
