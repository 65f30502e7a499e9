"""The daily series of the history: from the first block as far as sources go, never thinned."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, Protocol, TypeVar

import numpy as np
from sqlalchemy import Connection, Table, delete, insert, select, update

from minerdesk.domain.network_days import DayQuantity, DayRows, RetargetRow
from minerdesk.storage.history_day_rows import Ask, DayBatch, Floats, KeptSeries, KeptSource
from minerdesk.storage.history_day_tables import (
    BLOCK_DAYS,
    day_asks,
    day_blocks,
    day_doubles,
    day_retargets,
    day_series,
    day_sources,
)
from minerdesk.storage.history_rows import from_us, to_us

T = TypeVar("T")

_LE: Final = np.dtype("<f8")


class Transact(Protocol):
    """Does work in one transaction (`History`)."""

    def __call__(self, work: Callable[[Connection], T]) -> T:
        """Do the work whole or not at all.

        Raises:
            WorldError: the disk refuses.
        """
        ...


class HistoryDays:
    """Daily values and retargets of each source, and how asking for them stands.

    Each method is one transaction and raises `WorldError` where the disk refuses.
    """

    def __init__(self, transact: Transact) -> None:
        self._do = transact

    def keep(self, batch: DayBatch) -> None:
        """Keep what a source said; the same again changes nothing.

        A later value of a day stands in place of an earlier one. Where one batch has several values
        for a day, the last is kept and those that differ from it are kept beside it as doubles.
        """

        def work(connection: Connection) -> None:
            if batch.series or batch.retargets:
                source = _source_id(connection, batch)
                for rows in batch.series:
                    _put(connection, source, rows, to_us(batch.taken_at))
                _put_retargets(connection, source, batch)
            if batch.ask is not None:
                _put_ask(connection, batch.ask)

        self._do(work)

    def read(self) -> tuple[KeptSource, ...]:
        """Return everything, the sources in the order they were first heard."""
        return self._do(_read)

    def asks(self) -> tuple[Ask, ...]:
        """Return how asking stands, by endpoint."""

        def work(connection: Connection) -> tuple[Ask, ...]:
            rows = connection.execute(select(day_asks).order_by(day_asks.c.endpoint))
            return tuple(
                Ask(
                    endpoint=row.endpoint,
                    source=row.source,
                    asked_at=from_us(row.asked_at_us),
                    due_at=from_us(row.due_at_us),
                    answered_at=None if row.answered_at_us is None else from_us(row.answered_at_us),
                    failures=row.failures,
                    cursor=row.cursor,
                    problem=row.problem,
                )
                for row in rows
            )

        return self._do(work)

    def remove(self, source: str) -> bool:
        """Forget a source and how asking it stands; return whether there was one."""

        def work(connection: Connection) -> bool:
            connection.execute(delete(day_asks).where(day_asks.c.source == source))
            query = select(day_sources.c.id).where(day_sources.c.name == source)
            found = connection.execute(query).scalar_one_or_none()
            if found is None:
                return False
            series = select(day_series.c.id).where(day_series.c.source == found)
            for table in (day_blocks, day_doubles):
                connection.execute(delete(table).where(table.c.series.in_(series)))
            for table in (day_series, day_retargets):
                connection.execute(delete(table).where(table.c.source == found))
            connection.execute(delete(day_sources).where(day_sources.c.id == found))
            return True

        return self._do(work)


def _source_id(connection: Connection, batch: DayBatch) -> int:
    row = {
        "name": batch.source,
        "from_file": batch.from_file,
        "added_at_us": to_us(batch.taken_at),
    }
    connection.execute(insert(day_sources).prefix_with("OR IGNORE"), row)
    query = select(day_sources.c.id).where(day_sources.c.name == batch.source)
    return int(connection.execute(query).scalar_one())


def _put(connection: Connection, source: int, rows: DayRows, taken_at_us: int) -> None:
    if not rows.day:
        return
    key = {"source": source, "quantity": rows.quantity.value, "currency": rows.currency}
    connection.execute(
        insert(day_series).prefix_with("OR IGNORE"), {**key, "taken_at_us": taken_at_us}
    )
    mine = [day_series.c[name] == value for name, value in key.items()]
    series = int(connection.execute(select(day_series.c.id).where(*mine)).scalar_one())
    connection.execute(
        update(day_series).where(day_series.c.id == series).values(taken_at_us=taken_at_us)
    )
    last = dict(zip(rows.day, rows.value, strict=True))
    by_block = itertools.groupby(sorted(last), key=lambda day: day // BLOCK_DAYS)
    for block, days in by_block:
        _put_block(connection, series, block, {day: last[day] for day in days})
    _put_doubles(connection, series, rows, last)


def _put_block(
    connection: Connection, series: int, block: int, values: Mapping[int, float]
) -> None:
    query = select(day_blocks.c.value).where(
        day_blocks.c.series == series, day_blocks.c.block == block
    )
    held = connection.execute(query).scalar_one_or_none()
    held_values = np.full(BLOCK_DAYS, np.nan) if held is None else np.frombuffer(held, _LE).copy()
    held_values[np.array(list(values)) - block * BLOCK_DAYS] = list(values.values())
    row = {"series": series, "block": block, "value": held_values.astype(_LE).tobytes()}
    connection.execute(insert(day_blocks).prefix_with("OR REPLACE"), row)


def _put_doubles(
    connection: Connection, series: int, rows: DayRows, last: Mapping[int, float]
) -> None:
    said_again = day_doubles.c.series == series, day_doubles.c.day.between(min(last), max(last))
    earlier = connection.execute(select(day_doubles.c.day).where(*said_again)).scalars().all()
    for day in set(earlier) & last.keys():
        connection.execute(
            delete(day_doubles).where(day_doubles.c.series == series, day_doubles.c.day == day)
        )
    doubles = {
        (day, value) for day, value in zip(rows.day, rows.value, strict=True) if value != last[day]
    }
    _insert(
        connection,
        day_doubles,
        ({"series": series, "day": day, "value": value} for day, value in sorted(doubles)),
    )


def _put_retargets(connection: Connection, source: int, batch: DayBatch) -> None:
    if not batch.retargets:
        return
    mine = update(day_sources).where(day_sources.c.id == source)
    connection.execute(mine.values(retargets_at_us=to_us(batch.taken_at)))
    _insert(
        connection,
        day_retargets,
        (
            {
                "source": source,
                "height": row.height,
                "time_s": row.time_s,
                "difficulty": row.difficulty,
                "exact": row.exact,
            }
            for row in batch.retargets
        ),
    )


def _put_ask(connection: Connection, ask: Ask) -> None:
    row = {
        "endpoint": ask.endpoint,
        "source": ask.source,
        "asked_at_us": to_us(ask.asked_at),
        "answered_at_us": None if ask.answered_at is None else to_us(ask.answered_at),
        "due_at_us": to_us(ask.due_at),
        "failures": ask.failures,
        "cursor": ask.cursor,
        "problem": ask.problem,
    }
    _insert(connection, day_asks, [row])


def _insert(connection: Connection, table: Table, rows: Iterable[dict[str, Any]]) -> None:
    taken = list(rows)
    if taken:
        connection.execute(insert(table).prefix_with("OR REPLACE"), taken)


def _read(connection: Connection) -> tuple[KeptSource, ...]:
    blocks: dict[int, list[tuple[int, bytes]]] = {}
    query = select(day_blocks).order_by(day_blocks.c.series, day_blocks.c.block)
    for series, block, value in connection.execute(query):
        blocks.setdefault(series, []).append((block, value))
    doubles: dict[int, list[tuple[int, float]]] = {}
    for series, day, value in connection.execute(
        select(day_doubles).order_by(*day_doubles.primary_key)
    ):
        doubles.setdefault(series, []).append((day, value))
    by_source: dict[int, list[KeptSeries]] = {}
    known = {quantity.value for quantity in DayQuantity}
    for row in connection.execute(select(day_series).order_by(day_series.c.id)):
        if row.quantity not in known:  # of a newer program
            continue
        first_day, values = _joined(blocks[row.id])
        by_source.setdefault(row.source, []).append(
            KeptSeries(
                DayQuantity(row.quantity),
                row.currency,
                first_day,
                values,
                from_us(row.taken_at_us),
                tuple(doubles.get(row.id, ())),
            )
        )
    retargets: dict[int, list[RetargetRow]] = {}
    for source, height, time_s, difficulty, exact in connection.execute(
        select(day_retargets).order_by(day_retargets.c.source, day_retargets.c.height)
    ):
        retargets.setdefault(source, []).append(RetargetRow(height, time_s, difficulty, exact))
    return tuple(
        KeptSource(
            row.name,
            row.from_file,
            from_us(row.added_at_us),
            tuple(by_source.get(row.id, ())),
            tuple(retargets.get(row.id, ())),
            None if row.retargets_at_us is None else from_us(row.retargets_at_us),
        )
        for row in connection.execute(select(day_sources).order_by(day_sources.c.id))
    )


def _joined(blocks: list[tuple[int, bytes]]) -> tuple[int, Floats]:
    first, last = blocks[0][0], blocks[-1][0]
    values = np.full((last - first + 1) * BLOCK_DAYS, np.nan)
    for block, data in blocks:
        at = (block - first) * BLOCK_DAYS
        values[at : at + BLOCK_DAYS] = np.frombuffer(data, _LE)
    (known,) = np.nonzero(np.isfinite(values))
    begin, end = int(known[0]), int(known[-1]) + 1
    return first * BLOCK_DAYS + begin, values[begin:end].copy()
