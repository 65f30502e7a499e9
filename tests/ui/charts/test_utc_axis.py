from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from minerdesk.ui.charts.utc_axis import UtcAxis, utc_ticks, utc_word

DAY_S = 86_400.0
HOUR_S = 3_600.0
MOST = 12
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
END = datetime(2025, 11, 23, tzinfo=UTC).timestamp()


def words(span_s: float, locale: str = "en", end_s: float = END) -> list[str]:
    spacing, found = utc_ticks(end_s - span_s, end_s, MOST)
    return [utc_word(at, spacing, locale) for at in found]


def test_ticks_are_hours_days_months_or_years_by_what_there_is_room_for() -> None:
    assert words(5 * HOUR_S) == ["19:00", "20:00", "21:00", "22:00", "23:00", "Nov 23"]
    assert words(3 * DAY_S)[:3] == ["Nov 20", "06:00", "12:00"]
    assert words(7 * DAY_S)[0] == "Nov 16"
    assert words(28 * DAY_S) == ["Oct 26", "Nov 1", "Nov 6", "Nov 11", "Nov 16", "Nov 21"]
    assert words(365 * DAY_S) == [
        "Dec",
        "2025",
        *["Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov"],
    ]
    assert words(4 * 365 * DAY_S)[:4] == ["2022", "Jul", "2023", "Jul"]
    assert words(17 * 365 * DAY_S)[:3] == ["2010", "2012", "2014"]


def test_dates_are_in_the_operators_language() -> None:
    assert words(2 * 365 * DAY_S, "de")[-1] == "Okt"
    assert words(7 * DAY_S, "de")[0] == "16. Nov."


def test_a_new_year_is_written_even_among_days() -> None:
    new_year = datetime(2026, 1, 1, tzinfo=UTC).timestamp()
    assert "2026" in words(8 * DAY_S, end_s=new_year + 3 * DAY_S)


@given(st.floats(-6e10, 2.4e11), st.floats(HOUR_S, 6e10), st.integers(2, 40))
def test_ticks_are_inside_apart_and_few(low_s: float, span_s: float, most: int) -> None:
    high_s = low_s + span_s
    spacing, found = utc_ticks(low_s, high_s, most)
    assert all(low_s <= at <= high_s for at in found)
    # The end of February is the shortest step against the others of its kind.
    assert (np.diff(found) >= 0.75 * spacing).all()
    assert len(found) <= most * 1.2 + 2


def test_what_no_calendar_holds_has_no_ticks() -> None:
    assert utc_ticks(0.0, 1e18, MOST)[1] == []
    assert utc_ticks(5.0, 5.0, MOST)[1] == []
    assert utc_ticks(float("nan"), 5.0, MOST)[1] == []
    assert utc_ticks(-6e10, 2.5e11, 1e-6)[1] == []


def test_another_clock_moves_ticks_and_words(qapp: object) -> None:
    del qapp
    axis = UtcAxis("bottom", "en")
    axis.ahead_s = 2 * HOUR_S
    ((spacing, found),) = axis.tickValues(END - 2 * DAY_S, END, 800.0)
    assert "Nov 22" in axis.tickStrings(found, 1.0, spacing)
    midnight = found[axis.tickStrings(found, 1.0, spacing).index("Nov 22")]
    assert midnight == datetime(2025, 11, 21, 22, tzinfo=UTC).timestamp()
