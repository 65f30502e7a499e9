"""The history: every reading and every evaluation, so that margins can be drawn over time."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Row, and_, func, insert, select
from sqlalchemy.exc import DatabaseError

from minerdesk.domain.readings import Provenance, Quantity, Reading
from minerdesk.storage import history_file, history_prune
from minerdesk.storage.history_days import HistoryDays
from minerdesk.storage.history_rows import Summary, from_us, to_us
from minerdesk.storage.history_tables import books, points, series, summaries

T = TypeVar("T")
Series = tuple[NDArray[np.float64], NDArray[np.float64]]

_Key = tuple[str, str, str, str, float]


def _utc_now() -> datetime:
    return datetime.now(UTC)


class History:
    """A SQLite database in WAL mode.

    Its calls block on the disk and belong into a worker, one at a time; they may come from
    different threads. A file found damaged, at the start or later, is set aside and a new one is
    begun; the call that found it goes on with the new one.

    Attributes:
        set_aside: where an unusable earlier file is now, or None.
        days: the daily series, which `prune` leaves alone.
    """

    def __init__(self, path: Path, clock: Callable[[], datetime]) -> None:
        self.path = path
        self._clock = clock
        self._engine, self.set_aside = history_file.open_or_begin(path, clock)
        self._series_ids: dict[_Key, int] = {}
        self._book_ids: dict[str, int] = {}
        self.days = HistoryDays(self._do)

    @classmethod
    def open(cls, path: Path, clock: Callable[[], datetime] = _utc_now) -> History:
        """Open the history, or begin one.

        Args:
            path: `Profile.history_file`.
            clock: gives the time, UTC aware; it dates the name of a file set aside.

        Raises:
            WorldError: the disk refuses.
        """
        return cls(path, clock)

    def close(self) -> None:
        """Close the file; again is no fault."""
        self._engine.dispose()

    def add_readings(self, readings: Iterable[Reading]) -> None:
        """Add readings. The same reading again changes nothing.

        Raises:
            WorldError: the disk refuses.
        """
        rows = [(_key_of(each), to_us(each.taken_at), each.value) for each in readings]
        if not rows:
            return

        def work(connection: Connection) -> None:
            connection.execute(
                insert(points).prefix_with("OR REPLACE"),
                [
                    {"series": self._series_id(connection, key), "at_us": at_us, "value": value}
                    for key, at_us, value in rows
                ],
            )

        self._do(work)

    def last_readings(self) -> tuple[Reading, ...]:
        """Return the newest live reading of each quantity, source, currency and window.

        Raises:
            WorldError: the disk refuses.
        """
        newest = (
            select(points.c.series, func.max(points.c.at_us).label("at_us"))
            .group_by(points.c.series)
            .subquery()
        )
        query = (
            select(series, points.c.at_us, points.c.value)
            .join(points, points.c.series == series.c.id)
            .join(
                newest,
                and_(newest.c.series == points.c.series, newest.c.at_us == points.c.at_us),
            )
            .where(series.c.provenance == Provenance.LIVE.value)
            .order_by(series.c.id)
        )
        rows = self._do(lambda connection: connection.execute(query).all())
        known = {quantity.value for quantity in Quantity}
        return tuple(_reading(row) for row in rows if row.quantity in known)

    def series(
        self,
        name: str,
        since: datetime,
        until: datetime,
        *,
        source: str | None = None,
        currency: str | None = None,
        window_days: float | None = None,
    ) -> Series:
        """Return the live points of a quantity, in the order of their times.

        Args:
            name: a value of `Quantity`.
            since: first time, UTC aware.
            until: last time, UTC aware.
            source: one source alone; None takes all.
            currency: one currency alone; None takes all.
            window_days: one averaging window alone; None takes all.

        Returns:
            Times in seconds since 1970 and values, both float64 of shape (points,).

        Raises:
            WorldError: the disk refuses.
        """
        query = (
            select(points.c.at_us, points.c.value)
            .join(series, points.c.series == series.c.id)
            .where(
                series.c.quantity == name,
                series.c.provenance == Provenance.LIVE.value,
                points.c.at_us.between(to_us(since), to_us(until)),
            )
            .order_by(points.c.at_us, series.c.id)
        )
        for column, wanted in (
            (series.c.source, source),
            (series.c.currency, currency),
            (series.c.window_days, window_days),
        ):
            if wanted is not None:
                query = query.where(column == wanted)
        rows = self._do(lambda connection: connection.execute(query).all())
        table = np.array([tuple(row) for row in rows], dtype=np.float64).reshape(-1, 2)
        return table[:, 0] / 1e6, table[:, 1].copy()

    def add_summary(self, summary: Summary) -> None:
        """Add one evaluation. One of the same book and moment is replaced.

        Raises:
            WorldError: the disk refuses.
        """
        columns = [c.name for c in summaries.c if c.name not in {"series", "at_us"}]
        row = {name: getattr(summary, name) for name in columns}

        def work(connection: Connection) -> None:
            book = self._book_id(connection, summary.book)
            connection.execute(
                insert(summaries).prefix_with("OR REPLACE"),
                {"series": book, "at_us": to_us(summary.at), **row},
            )

        self._do(work)

    def summaries(
        self, since: datetime, until: datetime, book: str | None = None
    ) -> tuple[Summary, ...]:
        """Return the evaluations between two times, in their order.

        Args:
            since: first time, UTC aware.
            until: last time, UTC aware.
            book: one book alone; None takes all.

        Raises:
            WorldError: the disk refuses.
        """
        query = (
            select(summaries, books.c.key)
            .join(books, summaries.c.series == books.c.id)
            .where(summaries.c.at_us.between(to_us(since), to_us(until)))
            .order_by(summaries.c.at_us, books.c.id)
        )
        if book is not None:
            query = query.where(books.c.key == book)
        return tuple(_summary(row) for row in self._do(lambda c: c.execute(query).all()))

    def prune(self, now: datetime) -> int:
        """Thin out what is old (`history_prune.TIERS`) and give the room back to the disk.

        About once a day is often enough.

        Returns:
            How many rows were deleted.

        Raises:
            WorldError: the disk refuses.
        """
        deleted = self._do(lambda connection: history_prune.prune(connection, now))
        if deleted:
            self._do(history_file.shrink)
        return deleted

    def _series_id(self, connection: Connection, key: _Key) -> int:
        found = self._series_ids.get(key)
        if found is None:
            names = ("quantity", "source", "provenance", "currency", "window_days")
            row = dict(zip(names, key, strict=True))
            connection.execute(insert(series).prefix_with("OR IGNORE"), row)
            query = select(series.c.id).where(*(series.c[n] == value for n, value in row.items()))
            found = self._series_ids[key] = connection.execute(query).scalar_one()
        return found

    def _book_id(self, connection: Connection, key: str) -> int:
        found = self._book_ids.get(key)
        if found is None:
            connection.execute(insert(books).prefix_with("OR IGNORE"), {"key": key})
            query = select(books.c.id).where(books.c.key == key)
            found = self._book_ids[key] = connection.execute(query).scalar_one()
        return found

    def _do(self, work: Callable[[Connection], T]) -> T:
        try:
            try:
                return self._transact(work)
            except DatabaseError as error:
                if not history_file.is_damaged(error):
                    raise
                self._begin_anew()
                return self._transact(work)
        except DatabaseError as error:
            raise history_file.as_world_error(error, self.path) from error

    def _transact(self, work: Callable[[Connection], T]) -> T:
        try:
            with self._engine.begin() as connection:
                return work(connection)
        except BaseException:
            # Ids given in a transaction that was rolled back are not in the file.
            self._series_ids.clear()
            self._book_ids.clear()
            raise

    def _begin_anew(self) -> None:
        self._engine.dispose()
        self.set_aside = history_file.set_aside(self.path, self._clock(), "damaged")
        self._engine = history_file.connect(self.path)


def _key_of(reading: Reading) -> _Key:
    return (
        reading.quantity.value,
        reading.source,
        reading.provenance.value,
        reading.currency,
        reading.window_days or 0.0,
    )


def _reading(row: Row[Any]) -> Reading:
    return Reading(
        quantity=Quantity(row.quantity),
        value=row.value,
        source=row.source,
        taken_at=from_us(row.at_us),
        provenance=Provenance(row.provenance),
        currency=row.currency,
        window_days=row.window_days or None,
    )


def _summary(row: Row[Any]) -> Summary:
    fields = dict(row._mapping)  # noqa: SLF001 - its public name, in spite of the underscore
    book, at_us = fields.pop("key"), fields.pop("at_us")
    del fields["series"]
    return Summary(at=from_us(at_us), book=book, **fields)
