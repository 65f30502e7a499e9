"""Steps for tests, as a site's clock says them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from minerdesk.domain.calendar import DayKind
from minerdesk.engine.tariff import StepTimes
from minerdesk.engine.tariff.times import Bools


def steps(start: str, count: int, minutes: int = 60, zone: str = "UTC") -> StepTimes:
    """Return steps from a local time such as ``2026-01-01T00:00``; no day is a holiday."""
    first = datetime.fromisoformat(start).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    moments = [first + timedelta(minutes=minutes * i) for i in range(count)]
    local = [moment.astimezone(ZoneInfo(zone)) for moment in moments]
    weekday = np.array([each.weekday() for each in local])
    return StepTimes(
        hours=minutes / 60,
        start_s=np.array([moment.timestamp() for moment in moments]),
        month=np.array([each.month for each in local]),
        hour=np.array([each.hour for each in local]),
        minute=np.array([each.minute for each in local]),
        weekday=weekday,
        kind=np.where(weekday >= 5, DayKind.WEEKEND, DayKind.WEEKDAY).astype(np.int64),
        day=np.array([each.toordinal() for each in local]),
        billing_month=np.array([each.year * 12 + each.month - 1 for each in local]),
    )


def month(name: str, minutes: int = 60, zone: str = "UTC") -> StepTimes:
    """Return every step of a month such as ``2026-01``."""
    year, number = (int(part) for part in name.split("-"))
    begin = datetime(year, number, 1, tzinfo=ZoneInfo(zone))
    end = datetime(year + number // 12, number % 12 + 1, 1, tzinfo=ZoneInfo(zone))
    span = end.astimezone(UTC) - begin.astimezone(UTC)
    return steps(f"{name}-01T00:00", int(span / timedelta(minutes=minutes)), minutes, zone)


def part_of(times: StepTimes, where: Bools) -> StepTimes:
    """Return some of the steps."""
    return replace(
        times,
        start_s=times.start_s[where],
        month=times.month[where],
        hour=times.hour[where],
        minute=times.minute[where],
        weekday=times.weekday[where],
        kind=times.kind[where],
        day=times.day[where],
        billing_month=times.billing_month[where],
    )
