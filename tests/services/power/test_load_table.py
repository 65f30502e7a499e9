from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from minerdesk.domain.errors import UserError
from minerdesk.domain.sites import Site
from minerdesk.services.power.calendar import billing_month
from minerdesk.services.power.load_table import Load, month_load, read_load

JANUARY = datetime(2026, 1, 1, tzinfo=UTC)


def file(
    path: Path, values: Sequence[str], *, header: str = "start,kw", minutes: Sequence[int] = ()
) -> Path:
    """Write hourly values, or values at so many minutes after the month began."""
    at = minutes or [60 * i for i in range(len(values))]
    mark = ";" if ";" in header else ","
    rows = [
        f"{(JANUARY + timedelta(minutes=m)).isoformat()}{mark}{value}"
        for m, value in zip(at, values, strict=True)
    ]
    target = path / "load.csv"
    target.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return target


def of_month(load: Load, month: str, zone: str) -> tuple[list[float], int]:
    first, last = (round(each.timestamp()) for each in billing_month(_site(zone), month))
    found = month_load(load, first, last, month, zone)
    return found.kw.tolist(), found.step_minutes


def _site(zone: str) -> Site:
    return Site("a", "A", "t", time_zone=zone)


def hours(first: datetime, count: int) -> Load:
    start = round(first.timestamp())
    return Load("load", start + 3600 * np.arange(count), np.arange(count, dtype=np.float64), 60)


@pytest.mark.parametrize(
    ("header", "values", "kw"),
    [
        ("start,kw", ["12.345", "1.5"], [12.345, 1.5]),
        ("start,kw", ["12.345", "13.456"], [12.345, 13.456]),
        ("start;kw", ["12,345", "1,5"], [12.345, 1.5]),
        ("start,KW", ['"1,234"', "9.5"], [1234.0, 9.5]),
    ],
)
def test_numbers_have_the_dot_unless_the_file_shows_a_decimal_comma(
    tmp_path: Path, header: str, values: Sequence[str], kw: Sequence[float]
) -> None:
    assert read_load(file(tmp_path, values, header=header)).kw.tolist() == kw


@pytest.mark.parametrize(
    ("header", "values", "minutes", "words"),
    [
        ("start;kw", ["12,345", "13,456"], (), "Line 2, column “kw”: “12,345” may have"),
        ("start;kw", ["12,5", "1.5"], (), "Line 2, column “kw”"),
        ("start,w", ["1", "2"], (), "convert “w” into kW"),
        ("start,power", ["1", "2"], (), "columns start and kw; found start, power."),
        ("start,kw", ["1"], (), "holds 1 steps"),
        ("start,kw", ["1", "2", "3", "4"], (0, 60, 90, 150), "Lines 3 and 4 are 30 minutes"),
        ("start,kw", ["1", "2", "3"], (0, 10, 20), "are 10 minutes apart"),
        ("start,kw", ["1", "2", "3"], (0, 60, 60), "Line 4"),
        ("start,kw", ["1", "-2"], (), "at least 0, found -2"),
        ("start,kw", ["1", "nan"], (), "“nan”"),
    ],
)
def test_what_is_no_load_is_told_with_its_place(
    tmp_path: Path, header: str, values: Sequence[str], minutes: Sequence[int], words: str
) -> None:
    with pytest.raises(UserError) as refused:
        read_load(file(tmp_path, values, header=header, minutes=minutes))
    assert words in refused.value.sentence


def test_whole_hours_of_utc_are_split_where_the_month_begins_half_an_hour_from_them() -> None:
    load = hours(datetime(2026, 1, 31, 18, tzinfo=UTC), 28 * 24 + 1)
    kw, minutes = of_month(load, "2026-02", "Asia/Kolkata")
    assert minutes == 30
    assert kw[:4] == [0, 1, 1, 2]
    assert (len(kw), kw[-1]) == (28 * 48, 28 * 24)
    quarters, minutes = of_month(
        hours(datetime(2026, 1, 31, 18, tzinfo=UTC), 28 * 24 + 1), "2026-02", "Asia/Kathmandu"
    )
    assert (minutes, quarters[:6]) == (15, [0, 0, 0, 1, 1, 1])


def test_a_month_of_half_hours_too_few_ends_where_it_ends() -> None:
    """Lord Howe's clocks change by half an hour, so its October has 743.5 of them."""
    first = datetime(2026, 10, 1, tzinfo=ZoneInfo("Australia/Lord_Howe"))
    kw, minutes = of_month(hours(first, 800), "2026-10", "Australia/Lord_Howe")
    assert (len(kw) * minutes / 60, kw[-1]) == (743.5, 743)


@pytest.mark.parametrize(
    ("before", "month", "step_minutes", "begins"),
    [((8, 0), (18, 30), 60, [0, 1, 2]), ((8, 30), (18, 0), 30, [0, 1, 1, 2])],
)
def test_rows_before_the_month_do_not_say_where_its_own_begin(
    before: tuple[int, int], month: tuple[int, int], step_minutes: int, begins: list[float]
) -> None:
    early = hours(datetime(2026, 1, 31, *before, tzinfo=UTC), 4)
    own = hours(datetime(2026, 1, 31, *month, tzinfo=UTC), 28 * 24 + 1)
    start_s = np.concatenate((early.start_s, own.start_s))
    load = Load("load", start_s, np.concatenate((early.kw, own.kw)), 60)
    kw, minutes = of_month(load, "2026-02", "Asia/Kolkata")  # 18:30 UTC
    assert (minutes, kw[: len(begins)]) == (step_minutes, begins)


def test_the_hours_of_a_day_on_which_clocks_change() -> None:
    for month, count in (("2026-03", 743), ("2026-11", 721)):
        first = datetime.fromisoformat(f"{month}-01").replace(tzinfo=ZoneInfo("America/Chicago"))
        assert len(of_month(hours(first, 800), month, "America/Chicago")[0]) == count


def test_what_a_month_lacks_is_told_with_what_the_file_has() -> None:
    load = hours(JANUARY, 31 * 24)
    with pytest.raises(UserError, match="any of the 672 steps of 2026-02: it runs from 2026-01-01"):
        of_month(load, "2026-02", "UTC")
    with pytest.raises(UserError, match=r"4 of the 744 steps .* first at 2026-01-31 20:00-05:00"):
        of_month(hours(JANUARY, 31 * 24 + 1), "2026-01", "America/Bogota")
    holed = Load("load", np.delete(load.start_s, [7, 8]), np.delete(load.kw, [7, 8]), 60)
    with pytest.raises(UserError, match=r"2 of the 744 steps .* first at 2026-01-01 07:00"):
        of_month(holed, "2026-01", "UTC")
    odd = Load("load", load.start_s + 7 * 60, load.kw, 60)
    with pytest.raises(UserError, match="2026-01-01 00:07"):
        of_month(odd, "2026-01", "UTC")
