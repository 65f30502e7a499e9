"""A whole file that the operator chose, within a limit."""

from __future__ import annotations

from pathlib import Path

from minerdesk.domain.errors import UserError
from minerdesk.domain.text import _
from minerdesk.storage.raw_table import MAX_BYTES


def read_bytes(path: Path) -> bytes:
    """Return a file's content.

    Raises:
        UserError: it is missing, cannot be read, or is too large.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            sentence = _("{name} is larger than {n} MB; split it.")
            raise UserError(sentence.format(name=path.name, n=MAX_BYTES // 2**20))
        return path.read_bytes()
    except OSError as error:
        sentence = _("{name} cannot be read: {why}.")
        raise UserError(sentence.format(name=path, why=error.strerror), where=str(path)) from error
