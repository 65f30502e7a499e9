"""Civil time at a site, as arrays: what a wall clock there says at the start of every step."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo, available_timezones

import numpy as np
from numpy.typing import NDArray

from minerdesk.domain.calendar import DayKind
from minerdesk.domain.errors import UserError
from minerdesk.domain.sites import Event, QuietHours, Site
from minerdesk.domain.tariff import Holidays
from minerdesk.domain.text import _
from minerdesk.engine.tariff.times import StepTimes

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

_EPOCH_DAY: Final = date(1970, 1, 1).toordinal()
_LOOK_S: Final = 43_200  # no zone changes its clocks twice in half a day


class WallClock(NamedTuple):
    """What a wall clock says at given moments, each of shape (T,).

    Attributes:
        day: number of the local day (proleptic ordinal). minute: since local midnight, 0 to 1439.
        billing_month: year x 12 + month - 1.
    """

    day: Ints
    minute: Ints
    billing_month: Ints

    @property
    def weekday(self) -> Ints:
        """Day of the week, Monday is 0, shape (T,)."""
        return (self.day + 6) % 7


def zone_of(name: str) -> ZoneInfo:
    """Return a time zone by its IANA name.

    Raises:
        UserError: there is no such zone; the sentence names near ones.
    """
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        near = _near(name, sorted(available_timezones()), ("America/Chicago", "UTC"))
        sentence = _("There is no time zone “{name}”; write one such as {near}.")
        raise UserError(sentence.format(name=name, near=near), value=name) from None


def wall_clock(zone: ZoneInfo, start_s: Floats) -> WallClock:
    """Return what a wall clock in ``zone`` says.

    Args:
        zone: the time zone.
        start_s: seconds since 1970 UTC, rising, shape (T,).
    """
    local = np.floor(start_s + _offsets(zone, start_s)).astype(np.int64)
    day, second = np.divmod(local, 86_400)
    months = day.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    return WallClock(day + _EPOCH_DAY, second // 60, months + 1970 * 12)


def step_times(
    site: Site, holidays: Holidays | None, start: datetime, count: int, step_minutes: int
) -> StepTimes:
    """Return ``count`` steps from ``start`` on, in the site's civil time.

    A day on which clocks change has 23 or 25 hours, and its repeated hour is told twice.

    Args:
        site: gives the time zone.
        holidays: of the site's tariff; None means there are none.
        start: aware.
        count: number of steps.
        step_minutes: 15, 30 or 60.

    Raises:
        UserError: the zone, country or subdivision is unknown.
    """
    start_s = start.timestamp() + np.arange(count, dtype=np.float64) * (step_minutes * 60)
    clock = wall_clock(zone_of(site.time_zone), start_s)
    weekday = clock.weekday
    kind = np.where(weekday >= 5, int(DayKind.WEEKEND), int(DayKind.WEEKDAY))
    if holidays is not None and count:
        first, last = int(clock.day[0]), int(clock.day[-1])
        kind = np.where(
            np.isin(clock.day, holiday_days(holidays, first, last)), int(DayKind.HOLIDAY), kind
        )
    return StepTimes(
        hours=step_minutes / 60,
        start_s=start_s,
        month=clock.billing_month % 12 + 1,
        hour=clock.minute // 60,
        minute=clock.minute % 60,
        weekday=weekday,
        kind=kind,
        day=clock.day,
        billing_month=clock.billing_month,
    )


def check_holidays(country: str, subdivision: str) -> None:
    """Let only such codes pass as holidays are known of; empty ones do.

    Raises:
        UserError: the country or subdivision is unknown; the sentence names near ones.
    """
    holiday_days(Holidays(country, subdivision), _EPOCH_DAY, _EPOCH_DAY)


def holiday_days(holidays: Holidays, first: int, last: int) -> Ints:
    """Return the ordinals of the holidays from the day ``first`` to ``last``, both inside.

    Raises:
        UserError: the country or subdivision is unknown; the sentence names near ones.
    """
    days = {day.toordinal() for day in holidays.dates}
    if holidays.country:
        for year in range(date.fromordinal(first).year, date.fromordinal(last).year + 1):
            days |= _holidays_of(holidays.country, holidays.subdivision, year)
    elif holidays.subdivision:
        sentence = _("Holidays of “{part}” need the country they lie in, such as US.")
        raise UserError(sentence.format(part=holidays.subdivision), value=holidays.subdivision)
    return np.array(sorted(day for day in days if first <= day <= last), dtype=np.int64)


def billing_month(site: Site, month: str) -> tuple[datetime, datetime]:
    """Return the start and end, UTC, of a local month such as ``2026-01``.

    Raises:
        UserError: it is no month, or the zone is unknown.
    """
    zone = zone_of(site.time_zone)
    try:
        first = datetime.strptime(month, "%Y-%m")  # noqa: DTZ007 - the zone is given below
        after = (first + timedelta(days=32)).replace(day=1)
        # In a zone that skips this midnight, the offset before it gives the moment of the jump.
        return (
            first.replace(tzinfo=zone).astimezone(UTC),
            after.replace(tzinfo=zone).astimezone(UTC),
        )
    except (ValueError, OverflowError):
        sentence = _("“{month}” is no month; write one such as 2026-01.")
        raise UserError(sentence.format(month=month), value=month) from None


def month_of(site: Site, moment: datetime) -> str:
    """Return the local month a moment lies in, such as ``2026-01``."""
    return f"{moment.astimezone(zone_of(site.time_zone)):%Y-%m}"


def may_start(quiet: tuple[QuietHours, ...], times: StepTimes) -> Bools:
    """Tell in which steps a rig may start, shape (T,)."""
    allowed = np.ones(times.count, dtype=np.bool_)
    for hours in quiet:
        days = np.array(hours.days or range(7))
        today = np.isin(times.weekday, days)
        if hours.to_hour > hours.from_hour:
            inside = today & (times.hour >= hours.from_hour) & (times.hour < hours.to_hour)
        else:
            yesterday = np.isin((times.weekday - 1) % 7, days)
            inside = (today & (times.hour >= hours.from_hour)) | (
                yesterday & (times.hour < hours.to_hour)
            )
        allowed &= ~inside
    return allowed


def during(times: StepTimes, start: datetime, end: datetime) -> Bools:
    """Tell which steps touch the span from ``start`` to ``end``, shape (T,)."""
    return (times.start_s < end.timestamp()) & (
        times.start_s + times.hours * 3600 > start.timestamp()
    )


def share_inside(times: StepTimes, spans: Iterable[tuple[datetime, datetime]]) -> Floats:
    """Return the part of each step that lies inside any of the spans, 0 to 1, (T,)."""
    length = times.hours * 3600
    seconds = np.zeros(times.count)
    covered = -np.inf
    for start, end in sorted((start.timestamp(), end.timestamp()) for start, end in spans):
        begin = max(start, covered)  # what spans share counts once
        if end > begin:
            inside = np.minimum(times.start_s + length, end) - np.maximum(times.start_s, begin)
            seconds += np.maximum(inside, 0.0)
            covered = end
    share: Floats = np.minimum(seconds / length, 1.0)
    return share


def event_limits(events: tuple[Event, ...], times: StepTimes) -> Floats:
    """Return the most kW the events allow in each step, infinite where there is none, (T,)."""
    most = np.full(times.count, np.inf)
    for event in events:
        inside = during(times, event.start, event.end)
        most[inside] = np.minimum(most[inside], event.most_kw)
    return most


def _offsets(zone: ZoneInfo, start_s: Floats) -> Floats:
    """Return the zone's offset from UTC in seconds at each moment, shape (T,)."""
    if not len(start_s):
        return np.zeros(0)
    first, last = int(np.floor(start_s[0])), int(np.ceil(start_s[-1]))
    changes, offsets = [first], [_offset(zone, first)]
    for right in range(first + _LOOK_S, last + _LOOK_S, _LOOK_S):
        if _offset(zone, right) != offsets[-1]:
            changes.append(_change(zone, right - _LOOK_S, right))
            offsets.append(_offset(zone, right))
    where = np.searchsorted(np.array(changes, dtype=np.float64), start_s, side="right") - 1
    found: Floats = np.array(offsets)[np.maximum(where, 0)]
    return found


def _offset(zone: ZoneInfo, second: int) -> float:
    offset = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=second)).astimezone(zone)
    return (offset.utcoffset() or timedelta()).total_seconds()


def _change(zone: ZoneInfo, left: int, right: int) -> int:
    """Return the first second after ``left`` with the offset of ``right``."""
    after = _offset(zone, right)
    while right - left > 1:
        middle = (left + right) // 2
        if _offset(zone, middle) == after:
            right = middle
        else:
            left = middle
    return right


@lru_cache(maxsize=256)
def _holidays_of(country: str, subdivision: str, year: int) -> frozenset[int]:
    import holidays as library

    supported = library.list_supported_countries(include_aliases=True)
    if country not in supported:
        near = _near(country, sorted(supported), ("US", "CA", "DE"))
        sentence = _("No holidays are known for the country “{name}”; write a code such as {near}.")
        raise UserError(sentence.format(name=country, near=near), value=country)
    if subdivision and subdivision not in supported[country]:
        parts = sorted(supported[country])
        sentence = _("{country} has no subdivision “{name}”; {advice}.")
        advice = (
            _("write a code such as {near}").format(near=_near(subdivision, parts, tuple(parts)))
            if parts
            else _("leave it empty")
        )
        raise UserError(
            sentence.format(country=country, name=subdivision, advice=advice), value=subdivision
        )
    days = library.country_holidays(country, subdiv=subdivision or None, years=year)
    return frozenset(day.toordinal() for day in days)


def _near(name: str, known: list[str], else_: tuple[str, ...]) -> str:
    """Name up to three of ``known`` that look like ``name``, or else the ones given."""
    folded = {each.casefold(): each for each in known}
    wanted = name.strip().casefold().replace(" ", "_")
    found = [folded[each] for each in difflib.get_close_matches(wanted, folded, 3, 0.6)]
    # "Chicago" is far from "America/Chicago" by letters, and is what people type.
    ends = [each for each in known if wanted and each.casefold().rpartition("/")[2] == wanted]
    return ", ".join(list(dict.fromkeys([*ends, *found]))[:3] or else_[:3])
