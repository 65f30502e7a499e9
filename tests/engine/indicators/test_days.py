from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minerdesk.engine.indicators.days import Days, mean_of_last, peak_so_far

NAN = float("nan")
values = st.lists(st.one_of(st.floats(0.1, 1e22), st.just(NAN)), max_size=40)


def test_a_mean_needs_all_its_days() -> None:
    found = mean_of_last(np.array([1.0, 2.0, 3.0, 4.0]), 3)
    assert np.array_equal(found, [NAN, NAN, 2.0, 3.0], equal_nan=True)


def test_a_gap_is_shown_and_never_averaged_away() -> None:
    found = mean_of_last(np.array([1.0, NAN, 3.0, 4.0, 5.0]), 2)
    assert np.array_equal(found, [NAN, NAN, NAN, 3.5, 4.5], equal_nan=True)


def test_too_few_days_have_no_mean() -> None:
    assert np.isnan(mean_of_last(np.array([1.0, 2.0]), 3)).all()
    assert len(mean_of_last(np.empty(0), 3)) == 0


def test_a_mean_over_no_day_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one day, found 0"):
        mean_of_last(np.ones(3), 0)


@given(values, values, st.integers(1, 9))
def test_what_comes_later_changes_no_mean_and_no_peak(
    past: list[float], future: list[float], days: int
) -> None:
    before, whole = np.array(past), np.array(past + future)
    assert np.array_equal(
        mean_of_last(before, days), mean_of_last(whole, days)[: len(past)], equal_nan=True
    )
    for short, long in zip(peak_so_far(before), peak_so_far(whole), strict=True):
        assert np.array_equal(short, long[: len(past)], equal_nan=True)


def test_a_peak_is_the_first_day_of_the_highest_value_so_far() -> None:
    peak = peak_so_far(np.array([NAN, 2.0, 4.0, NAN, 4.0, 3.0, 5.0]))
    assert np.array_equal(peak.value, [NAN, 2, 4, 4, 4, 4, 5], equal_nan=True)
    assert peak.at.tolist() == [-1, 1, 2, 2, 2, 2, 6]
    assert np.array_equal(peak.drawdown_pct, [NAN, 0, 0, NAN, 0, -25, 0], equal_nan=True)


def test_nothing_has_no_peak() -> None:
    peak = peak_so_far(np.empty(0))
    assert len(peak.value) == len(peak.at) == len(peak.drawdown_pct) == 0


def test_days_are_consecutive() -> None:
    empty = np.full(3, NAN)
    days = Days(738_000, empty, empty, empty, empty, empty)
    assert days.count == 3
    assert days.day.tolist() == [738_000, 738_001, 738_002]
