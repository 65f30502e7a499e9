from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from minerdesk.domain.calendar import DayKind
from minerdesk.domain.errors import UserError
from minerdesk.domain.sites import Event, QuietHours, Site
from minerdesk.domain.tariff import Holidays
from minerdesk.services.power import calendar

CHICAGO = Site("a", "A", "t", time_zone="America/Chicago")


def at(zone: str) -> Site:
    return Site("a", "A", "t", time_zone=zone)


ZONES = [
    "America/Chicago",
    "Europe/Berlin",
    "Australia/Lord_Howe",  # changes by half an hour
    "Asia/Kathmandu",  # 5:45 from UTC
    "Africa/Casablanca",
    "America/Sao_Paulo",
    "Pacific/Apia",  # skipped a whole day in 2011
    "UTC",
]


@given(
    zone=st.sampled_from(ZONES),
    hour=st.integers(0, 21 * 8760),
    step=st.sampled_from([15, 30, 60]),
)
@settings(deadline=None, max_examples=40)
def test_every_step_says_what_the_wall_clock_says(zone: str, hour: int, step: int) -> None:
    start = datetime(2009, 1, 1, tzinfo=UTC) + timedelta(hours=hour)
    times = calendar.step_times(at(zone), None, start, 400, step)
    for i in range(0, 400, 7):
        local = (start + i * timedelta(minutes=step)).astimezone(ZoneInfo(zone))
        assert times.start_s[i] == local.timestamp()
        assert (times.month[i], times.hour[i], times.minute[i]) == (
            local.month,
            local.hour,
            local.minute,
        )
        assert times.weekday[i] == local.weekday()
        assert times.day[i] == local.date().toordinal()
        assert times.billing_month[i] == local.year * 12 + local.month - 1
        assert times.kind[i] == (DayKind.WEEKEND if local.weekday() >= 5 else DayKind.WEEKDAY)
    assert times.hours == step / 60


@pytest.mark.parametrize(("day", "hours"), [("2026-03-08", 23), ("2026-11-01", 25)])
def test_a_day_on_which_clocks_change_has_23_or_25_hours(day: str, hours: int) -> None:
    start = datetime.fromisoformat(day).replace(tzinfo=ZoneInfo("America/Chicago"))
    times = calendar.step_times(CHICAGO, None, start, 26, 60)
    assert int(np.count_nonzero(times.day == times.day[0])) == hours
    assert times.hour[:4].tolist() == ([0, 1, 3, 4] if hours == 23 else [0, 1, 1, 2])


def test_a_year_of_quarters_is_exact_at_both_changes_of_clocks() -> None:
    times = calendar.step_times(CHICAGO, None, datetime(2026, 1, 1, 6, tzinfo=UTC), 35_040, 15)
    assert times.day[-1] - times.day[0] == 364
    per_day = np.bincount(times.day - times.day[0])
    assert sorted(set(per_day.tolist())) == [92, 96, 100]


def test_no_steps_are_no_steps() -> None:
    times = calendar.step_times(CHICAGO, Holidays("US"), datetime(2026, 1, 1, tzinfo=UTC), 0, 60)
    assert times.count == 0


def test_a_holiday_beats_a_weekend_and_typed_dates_join_the_countrys() -> None:
    holidays = Holidays("US", "TX", (date(2026, 7, 6),))
    start = datetime(2026, 7, 3, 5, tzinfo=UTC)
    times = calendar.step_times(CHICAGO, holidays, start, 24 * 5, 60)
    kinds = {int(d) - int(times.day[0]): int(k) for d, k in zip(times.day, times.kind, strict=True)}
    # 4 July 2026 is a Saturday; the Friday before it is kept as the day off.
    assert kinds == {0: 2, 1: 2, 2: 1, 3: 2, 4: 0}


def test_holidays_over_new_year_are_those_of_both_years() -> None:
    start = datetime(2026, 12, 25, 6, tzinfo=UTC)
    times = calendar.step_times(CHICAGO, Holidays("US"), start, 24 * 8, 60)
    assert set(times.kind[times.hour == 12].tolist()) == {0, 1, 2}
    assert times.kind[-1] == DayKind.HOLIDAY


@pytest.mark.parametrize(
    ("zone", "near"),
    [
        ("Chicago", "America/Chicago"),
        ("America/Chigago", "America/Chicago"),
        ("america/new york", "America/New_York"),
        ("", "UTC"),
        ("../etc/passwd", "UTC"),
        ("America", "America/"),
    ],
)
def test_an_unknown_zone_is_refused_with_near_ones(zone: str, near: str) -> None:
    with pytest.raises(UserError) as caught:
        calendar.step_times(at(zone), None, datetime(2026, 1, 1, tzinfo=UTC), 1, 60)
    assert near in caught.value.sentence
    assert caught.value.value == zone


@pytest.mark.parametrize(
    ("holidays", "words"),
    [
        (Holidays("USX"), "US"),
        (Holidays("US", "TXX"), "TX"),
        (Holidays("VA", "RM"), "leave it empty"),
        (Holidays("", "TX"), "need the country"),
    ],
)
def test_unknown_holidays_are_refused_with_near_ones(holidays: Holidays, words: str) -> None:
    with pytest.raises(UserError, match=words):
        calendar.step_times(CHICAGO, holidays, datetime(2026, 1, 1, tzinfo=UTC), 1, 60)


def test_a_billing_month_is_the_sites_own() -> None:
    start, end = calendar.billing_month(CHICAGO, "2026-03")
    assert (start, end) == (
        datetime(2026, 3, 1, 6, tzinfo=UTC),
        datetime(2026, 4, 1, 5, tzinfo=UTC),
    )
    assert calendar.billing_month(at("UTC"), "2026-12")[1] == datetime(2027, 1, 1, tzinfo=UTC)
    assert calendar.month_of(CHICAGO, start - timedelta(seconds=1)) == "2026-02"
    assert calendar.month_of(CHICAGO, start) == "2026-03"


def test_a_month_whose_first_midnight_does_not_exist_begins_at_the_jump() -> None:
    start, _end = calendar.billing_month(at("America/Asuncion"), "2017-10")
    assert start == datetime(2017, 10, 1, 4, tzinfo=UTC)
    assert start.astimezone(ZoneInfo("America/Asuncion")).hour == 1


@pytest.mark.parametrize("month", ["2026-13", "January", "", "2026"])
def test_what_is_no_month_is_refused(month: str) -> None:
    with pytest.raises(UserError, match="such as 2026-01"):
        calendar.billing_month(CHICAGO, month)


def test_nothing_starts_in_quiet_hours() -> None:
    # Monday 5 January 2026, midnight in Chicago.
    times = calendar.step_times(CHICAGO, None, datetime(2026, 1, 5, 6, tzinfo=UTC), 48, 60)
    night = calendar.may_start((QuietHours(22, 6, (0,)),), times)
    assert np.flatnonzero(~night).tolist() == [22, 23, 24, 25, 26, 27, 28, 29]
    both = calendar.may_start((QuietHours(22, 6, (0,)), QuietHours(12, 14)), times)
    assert np.flatnonzero(night & ~both).tolist() == [12, 13, 36, 37]
    assert not calendar.may_start((QuietHours(0, 24),), times).any()
    assert not calendar.may_start((QuietHours(7, 7),), times).any()
    assert calendar.may_start((), times).all()


def test_an_event_binds_every_step_it_touches() -> None:
    start = datetime(2026, 1, 5, 6, tzinfo=UTC)
    times = calendar.step_times(CHICAGO, None, start, 6, 60)
    events = (
        Event("a", start + timedelta(minutes=90), start + timedelta(hours=3), most_kw=500.0),
        Event("b", start + timedelta(hours=2), start + timedelta(hours=4), most_kw=100.0),
    )
    assert calendar.event_limits(events, times).tolist() == [
        np.inf,
        500.0,
        100.0,
        100.0,
        np.inf,
        np.inf,
    ]
