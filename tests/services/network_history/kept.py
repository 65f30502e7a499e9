"""What the tests of the network's past share."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime

import numpy as np

from minerdesk.domain.network_days import DayQuantity, RetargetRow
from minerdesk.storage.history_day_rows import KeptSeries, KeptSource

NOW = datetime(2026, 1, 19, 12, tzinfo=UTC)
UNTIL = date(2026, 1, 18)
DAY = date(2026, 1, 1).toordinal()
UNIX_DAY = 719_163


def unix(day: int, hour: float = 0.0) -> float:
    return (day - UNIX_DAY) * 86_400.0 + hour * 3_600


def series(
    quantity: DayQuantity,
    days: Mapping[int, float],
    currency: str | None = None,
    doubles: tuple[tuple[int, float], ...] = (),
) -> KeptSeries:
    first, last = min(days), max(days)
    value = np.full(last - first + 1, np.nan)
    for day, each in days.items():
        value[day - first] = each
    if currency is None:
        currency = "USD" if quantity is DayQuantity.PRICE else ""
    return KeptSeries(quantity, currency, first, value, NOW, doubles)


def source(
    name: str,
    *kept: KeptSeries,
    retargets: tuple[RetargetRow, ...] = (),
    from_file: bool = False,
    retargets_at: datetime | None = None,
) -> KeptSource:
    return KeptSource(name, from_file, NOW, kept, retargets, retargets_at)


def run(first: int, values: list[float]) -> dict[int, float]:
    return {first + i: value for i, value in enumerate(values) if np.isfinite(value)}
