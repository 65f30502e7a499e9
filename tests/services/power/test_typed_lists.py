from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minerdesk.domain.errors import UserError
from minerdesk.domain.sites import ChargePeak
from minerdesk.services.power.typed_lists import (
    parse_dates,
    parse_days,
    parse_hour,
    parse_moment,
    parse_month,
    parse_months,
    parse_peaks,
    write_dates,
    write_days,
    write_moment,
    write_months,
    write_peaks,
)


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("", ()),
        ("6-9", (6, 7, 8, 9)),
        ("Jun–Sep, 12", (6, 7, 8, 9, 12)),
        ("nov-feb", (1, 2, 11, 12)),
        ("january", (1,)),
    ],
)
def test_months(text: str, months: tuple[int, ...]) -> None:
    assert parse_months(text) == months


@given(st.sets(st.integers(1, 12)))
def test_months_that_are_written_are_read_again(months: set[int]) -> None:
    assert parse_months(write_months(sorted(months))) == tuple(sorted(months))


@given(st.sets(st.integers(0, 6)))
def test_days_that_are_written_are_read_again(days: set[int]) -> None:
    assert parse_days(write_days(sorted(days))) == tuple(sorted(days))


@given(st.sets(st.dates(date(2020, 1, 1), date(2040, 1, 1))))
def test_dates_that_are_written_are_read_again(days: set[date]) -> None:
    assert parse_dates(write_dates(sorted(days))) == tuple(sorted(days))


@given(st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)))  # noqa: DTZ001 - made aware below
def test_moments_that_are_written_are_read_again(moment: datetime) -> None:
    at = moment.replace(second=0, microsecond=0, tzinfo=UTC)
    assert parse_moment(write_moment(at, "America/Chicago"), "America/Chicago") == at


def test_the_second_of_a_doubled_hour_is_told_by_its_offset() -> None:
    first = datetime(2026, 11, 1, 6, 30, tzinfo=UTC)
    second = datetime(2026, 11, 1, 7, 30, tzinfo=UTC)
    assert write_moment(first, "America/Chicago") == "2026-11-01 01:30"
    assert write_moment(second, "America/Chicago") == "2026-11-01 01:30-06:00"


@pytest.mark.parametrize(("text", "hour"), [("22", 22), ("6:00", 6), ("24:00", 24)])
def test_hours(text: str, hour: int) -> None:
    assert parse_hour(text) == hour


def peaks(text: str) -> tuple[ChargePeak, ...]:
    return parse_peaks(text, ("On-peak", "Base"), float)


def test_peaks_are_read_by_the_name_of_their_charge() -> None:
    found = peaks("on-peak: 4800;base:5200 ;")
    assert found == (ChargePeak("On-peak", 4800), ChargePeak("Base", 5200))
    assert write_peaks(found, "{:g}".format) == "On-peak: 4800; Base: 5200"
    assert peaks(write_peaks(found, "{:g}".format)) == found


@pytest.mark.parametrize(
    ("parse", "text", "sentence"),
    [
        (parse_months, "13", "“13” is not understood; write months such as"),
        (parse_months, "1-2-3", "is not understood"),
        (parse_days, "someday", "“someday” is not understood; write days such as"),
        (parse_hour, "6:30", "“6:30” is no whole hour"),
        (parse_hour, "25", "“25” is no whole hour"),
        (parse_dates, "24.12.2026", "“24.12.2026” is no date"),
        (parse_month, "2026-13", "“2026-13” is no month"),
        (lambda text: parse_moment(text, "UTC"), "soon", "“soon” is no time"),
        (peaks, "on-peak 4800", "“on-peak 4800” is no peak of a charge; write such as"),
        (peaks, "night: 4800", "write such as On-peak: 5200; Base: 5200."),
        (peaks, "base: 1; Base: 2", "Base stands there twice."),
        (lambda text: parse_peaks(text, (), float), "base: 1", "the contract has none."),
    ],
)
def test_what_is_not_understood_is_said(
    parse: Callable[[str], object], text: str, sentence: str
) -> None:
    with pytest.raises(UserError) as refused:
        parse(text)
    assert sentence in refused.value.sentence


def test_a_month_is_kept_as_it_is_written() -> None:
    assert parse_month(" 2026-05 ") == "2026-05"
