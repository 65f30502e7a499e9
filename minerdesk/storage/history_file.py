"""The history's database file: opened, checked, and set aside where it is damaged."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DatabaseError

from minerdesk.domain.errors import WorldError
from minerdesk.domain.text import _
from minerdesk.storage.history_tables import VERSION, metadata
from minerdesk.storage.paths import make_private_dir

_BUSY_S = 10
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


def connect(path: Path) -> Engine:
    """Return an engine over the database file, made where it lacks.

    One connection is kept and lent to one thread at a time, whichever it is.

    Raises:
        WorldError: the file cannot be opened or made.
        DatabaseError: `is_damaged` tells whether the file is.
        Unusable: the file is damaged inside, or a newer program made it.
    """
    make_private_dir(path.parent)
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        pool_size=1,
        max_overflow=0,
        connect_args={"timeout": _BUSY_S, "check_same_thread": False},
    )
    event.listen(engine, "connect", _prepare)
    try:
        _make(engine)
    except BaseException:
        engine.dispose()
        raise
    return engine


class Unusable(Exception):  # noqa: N818 - a state of the file, handled here
    """The file opens but cannot be used. Its text is why: a word for the name it is given."""


def is_damaged(error: DatabaseError) -> bool:
    """Tell whether an error means that the file itself is no sound database."""
    code = getattr(error.orig, "sqlite_errorcode", None)
    return code is not None and code & 0xFF in _DAMAGED


def as_world_error(error: DatabaseError, path: Path) -> WorldError:
    """Return the sentence for a disk that is full, locked or read-only."""
    return WorldError(
        _("The history {path} cannot be used: {why}.").format(path=path, why=error.orig)
    )


def set_aside(path: Path, now: datetime, word: str) -> Path:
    """Rename the file, with what belongs to it, to a name with the date.

    Args:
        path: the database file.
        now: UTC.
        word: why, a part of the new name.

    Returns:
        The new name.

    Raises:
        WorldError: it cannot be renamed.
    """
    aside = path.with_name(f"{path.stem}-{word}-{now:%Y%m%d-%H%M%S}{path.suffix}")
    try:
        for tail in ("", "-wal", "-shm"):
            part = path.with_name(path.name + tail)
            if part.exists():
                part.replace(aside.with_name(aside.name + tail))
    except OSError as error:
        raise WorldError(
            _("The damaged history {path} cannot be set aside: {why}.").format(
                path=path, why=error.strerror
            )
        ) from error
    return aside


def open_or_begin(path: Path, clock: Callable[[], datetime]) -> tuple[Engine, Path | None]:
    """Open the file; set it aside and begin a new one where it is damaged or too new.

    Returns:
        The engine, and where the earlier file is now or None.

    Raises:
        WorldError: neither the file nor a new one can be used.
    """
    try:
        try:
            return connect(path), None
        except Unusable as error:
            aside = set_aside(path, clock(), str(error))
        except DatabaseError as error:
            if not is_damaged(error):
                raise
            aside = set_aside(path, clock(), "damaged")
        return connect(path), aside
    except DatabaseError as error:
        raise as_world_error(error, path) from error


def shrink(connection: Connection) -> None:
    """Give the room of deleted rows back to the disk."""
    # A script, because a single statement would be stepped once and free one page.
    driver: Any = connection.connection.driver_connection
    driver.executescript("PRAGMA incremental_vacuum")


def _prepare(connection: Any, _record: object) -> None:  # noqa: ANN401 - any driver's connection
    cursor = connection.cursor()
    try:
        cursor.execute("PRAGMA auto_vacuum = INCREMENTAL")
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = NORMAL")
    finally:
        cursor.close()


def _make(engine: Engine) -> None:
    with engine.begin() as connection:
        version = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
        if version > VERSION:
            raise Unusable("newer")
        if connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one() != "ok":
            raise Unusable("damaged")
        metadata.create_all(connection)
        connection.exec_driver_sql(f"PRAGMA user_version = {VERSION}")
