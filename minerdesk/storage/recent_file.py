"""The books that were open lately, newest first; a small file of this computer."""

from __future__ import annotations

from pathlib import Path

import msgspec

from minerdesk.storage import atomic

_MOST = 10


def read(path: Path) -> tuple[Path, ...]:
    """Return the books, newest first; a file that cannot be read holds none."""
    try:
        names = msgspec.json.decode(path.read_bytes(), type=list[str])
    except (OSError, msgspec.MsgspecError):
        return ()
    return tuple(Path(name) for name in names)


def put_first(path: Path, book: Path) -> tuple[Path, ...]:
    """Put ``book`` first and keep the ten newest.

    Raises:
        OSError: the file cannot be written.
    """
    others = [each for each in read(path) if each != book]
    kept = (book, *others)[:_MOST]
    atomic.write(path, msgspec.json.encode([str(each) for each in kept]))
    return kept
