"""What the history forgets, so that it stays small: the older, the coarser.

Readings and evaluations alone: the daily series (`history_days`) are kept whole.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, Table, and_, delete, exists, func

from minerdesk.storage.history_rows import to_us
from minerdesk.storage.history_tables import points, summaries

_US = 1_000_000

TIERS: tuple[tuple[timedelta, timedelta], ...] = (
    (timedelta(days=2), timedelta(minutes=10)),
    (timedelta(days=60), timedelta(hours=1)),
    (timedelta(days=730), timedelta(days=1)),
)
"""Older than the first, one row is kept in each of the second; newer than all, every row."""


def prune(connection: Connection, now: datetime) -> int:
    """Keep the last row of each step in each tier and delete the others.

    A row that is kept is one that was measured: nothing is averaged, so a height stays a height.

    Args:
        connection: in a transaction.
        now: UTC.

    Returns:
        How many rows were deleted.
    """
    ends = [to_us(now - age) for age, _step in TIERS]
    starts = [*ends[1:], 0]
    return sum(
        _thin(connection, table, start, end, int(step.total_seconds()) * _US)
        for table in (points, summaries)
        for start, end, (_age, step) in zip(starts, ends, TIERS, strict=True)
    )


def _thin(connection: Connection, table: Table, start_us: int, end_us: int, step_us: int) -> int:
    later = table.alias("later")
    step_end = (table.c.at_us // step_us + 1) * step_us
    has_later = exists().where(
        and_(
            later.c.series == table.c.series,
            later.c.at_us > table.c.at_us,
            later.c.at_us < func.min(step_end, end_us),
        )
    )
    found = connection.execute(
        delete(table).where(table.c.at_us >= start_us, table.c.at_us < end_us, has_later)
    )
    return found.rowcount
