"""The decision log: a small SQLite database of its own, never pruned."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, Engine, Row, create_engine, event, insert, select, update
from sqlalchemy.exc import DatabaseError

from minerdesk.domain.decisions import Decision, Outcome
from minerdesk.domain.errors import WorldError
from minerdesk.domain.text import _
from minerdesk.storage.decision_tables import TIMES, VERSION, decisions, metadata
from minerdesk.storage.history_file import is_damaged, set_aside
from minerdesk.storage.history_rows import from_us, to_us
from minerdesk.storage.paths import make_private_dir

T = TypeVar("T")

_BUSY_S = 10
_NUMBERS = frozenset(
    {
        *("worth", "doubt", "price_per_btc", "difficulty", "hashprice_per_ph_day"),
        *("price_per_kwh", "break_even_per_kwh"),
    }
)
_NAMES = tuple(each.name for each in fields(Decision))


class DecisionFile:
    """Adds and reads decisions. Every process of the profile may; SQLite keeps them apart.

    Its calls block on the disk, one at a time. What `add` returned from is on the disk, whatever
    happens to the process or the computer afterwards. A file found damaged is set aside and a new
    one is begun.

    Attributes:
        set_aside: where an unusable earlier file is now, or None.
    """

    def __init__(self, path: Path, clock: Callable[[], datetime]) -> None:
        """Open the log, or begin one.

        Args:
            path: of the database.
            clock: UTC; it dates the name of a file set aside.

        Raises:
            WorldError: the disk refuses, or a newer program made the file.
        """
        self.path = path
        self.set_aside: Path | None = None
        try:
            try:
                self._engine = self._connect()
            except DatabaseError as error:
                if not is_damaged(error):
                    raise
                self.set_aside = set_aside(path, clock(), "damaged")
                self._engine = self._connect()
        except DatabaseError as error:
            raise self._refused(error) from error

    def close(self) -> None:
        """Close the file; again is no fault."""
        self._engine.dispose()

    def add(self, taken: Iterable[Decision]) -> tuple[int, ...]:
        """Keep decisions, all or none.

        Returns:
            Their ids, in order.

        Raises:
            WorldError: the disk refuses.
        """
        rows = [_row(each) for each in taken]

        def work(connection: Connection) -> tuple[int, ...]:
            adding = insert(decisions).returning(decisions.c.id)
            return tuple(connection.execute(adding.values(row)).scalar_one() for row in rows)

        return self._do(work)

    def withdraw(self, ids: Sequence[int], at: datetime | None) -> None:
        """Mark decisions as taken back at a time, or with None as in force again.

        Raises:
            WorldError: the disk refuses.
        """
        change = update(decisions).where(decisions.c.id.in_(ids))
        when = None if at is None else to_us(at)
        self._do(lambda connection: connection.execute(change.values(withdrawn_at=when)))

    def read(
        self,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        book: str | None = None,
        group: str | None = None,
    ) -> tuple[Decision, ...]:
        """Return decisions, the newest first.

        Args:
            since: first time, UTC aware; None for all.
            until: before this time; None for all.
            book: of one book alone; None for all.
            group: of one group alone; None for all.

        Raises:
            WorldError: the disk refuses.
        """
        query = select(decisions).order_by(decisions.c.at.desc(), decisions.c.id.desc())
        if since is not None:
            query = query.where(decisions.c.at >= to_us(since))
        if until is not None:
            query = query.where(decisions.c.at < to_us(until))
        if book is not None:
            query = query.where(decisions.c.book == book)
        if group is not None:
            query = query.where(decisions.c.group == group)
        rows = self._do(lambda connection: connection.execute(query).all())
        return tuple(_decision(row) for row in rows)

    def _connect(self) -> Engine:
        make_private_dir(self.path.parent)
        engine = create_engine(
            URL.create("sqlite", database=str(self.path)),
            pool_size=1,
            max_overflow=0,
            connect_args={"timeout": _BUSY_S, "check_same_thread": False},
        )
        event.listen(engine, "connect", _prepare)
        try:
            with engine.begin() as connection:
                self._check_version(connection)
                metadata.create_all(connection)
                connection.exec_driver_sql(f"PRAGMA user_version = {VERSION}")
        except BaseException:
            engine.dispose()
            raise
        return engine

    def _check_version(self, connection: Connection) -> None:
        if connection.exec_driver_sql("PRAGMA user_version").scalar_one() > VERSION:
            raise WorldError(
                _("The decision log {path} was made by a newer program.").format(path=self.path)
            )

    def _do(self, work: Callable[[Connection], T]) -> T:
        try:
            with self._engine.begin() as connection:
                return work(connection)
        except DatabaseError as error:
            raise self._refused(error) from error

    def _refused(self, error: DatabaseError) -> WorldError:
        return WorldError(
            _("The decision log {path} cannot be used: {why}.").format(
                path=self.path, why=error.orig
            )
        )


def _prepare(connection: Any, _record: object) -> None:  # noqa: ANN401 - any driver's connection
    cursor = connection.cursor()
    try:
        cursor.execute("PRAGMA journal_mode = WAL")
        # A decision is worth a wait for the disk: it must survive a power cut too.
        cursor.execute("PRAGMA synchronous = FULL")
    finally:
        cursor.close()


def _row(decision: Decision) -> dict[str, Any]:
    found = {name: getattr(decision, name) for name in _NAMES if name != "id"}
    for name in TIMES:
        found[name] = None if found[name] is None else to_us(found[name])
    for name in _NUMBERS:
        found[name] = found[name] if math.isfinite(found[name]) else None
    found["outcome"] = decision.outcome.value
    return found


def _decision(row: Row[Any]) -> Decision:
    found = {name: getattr(row, name) for name in _NAMES if name != "count"}
    # A row has a method of that name.
    found["count"] = row._mapping["count"]  # noqa: SLF001 - its public name
    for name in TIMES:
        found[name] = None if found[name] is None else from_us(found[name])
    for name in _NUMBERS:
        found[name] = math.nan if found[name] is None else found[name]
    found["outcome"] = Outcome(found["outcome"])
    return Decision(**found)
