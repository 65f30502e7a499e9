"""A whole file that the operator chose, within a limit."""

from __future__ import annotations

from pathlib import Path

from minerdesk.domain.errors import UserError
from minerdesk.domain.text import _
from minerdesk.storage.raw_table import MAX_BYTES


def read_bytes(path: Path, most: int = MAX_BYTES) -> bytes:
    """Return a file's content.

    Args:
        path: of a file, or of what can be read like one, such as a pipe.
        most: bytes; no more are read, whatever size the system tells.

    Raises:
        UserError: it is missing, cannot be read, or is too large.
    """
    try:
        with path.open("rb") as file:
            data = file.read(most + 1)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else _("no file can have that name")
        sentence = _("{name} cannot be read: {why}.")
        raise UserError(sentence.format(name=path, why=why), where=str(path)) from error
    if len(data) > most:
        sentence = _("{name} is larger than {n} MB; split it.")
        raise UserError(sentence.format(name=path.name, n=most // 2**20), where=str(path))
    return data
