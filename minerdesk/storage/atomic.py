"""Writing a file so that whoever reads it finds all of the old content or all of the new."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import secrets
import sys
from pathlib import Path

PRIVATE = 0o600
ORDINARY = 0o666  # less what the operator's umask takes away


def write(path: Path, data: bytes, *, mode: int = PRIVATE) -> None:
    """Replace the content of ``path`` whole: temporary file beside it, fsync, rename, fsync.

    A symbolic link stays a link and its target is replaced; a file that exists keeps its rights.

    Args:
        path: the file; its folder must exist.
        data: the new content.
        mode: rights of a file that is new.

    Raises:
        OSError: the content on disk is what it was.
    """
    try:
        target = path.resolve()
    except RuntimeError as error:
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path)) from error
    _sweep(target)
    temporary = target.with_name(f".{target.name}.{secrets.token_hex(4)}.tmp")
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            temporary.chmod(target.stat().st_mode & 0o777)
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(target.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder survive a power cut, where the system can."""
    if sys.platform == "win32":  # pragma: no cover - a folder cannot be opened there
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sweep(target: Path) -> None:
    """Remove what a killed writer of the same file left behind."""
    left_behind = re.compile(rf"\.{re.escape(target.name)}\.[0-9a-f]{{8}}\.tmp")
    for path in target.parent.iterdir():
        if left_behind.fullmatch(path.name):
            with contextlib.suppress(OSError):
                path.unlink()
