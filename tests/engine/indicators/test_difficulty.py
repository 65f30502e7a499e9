from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minerdesk.engine.indicators.days import Days
from minerdesk.engine.indicators.difficulty import (
    Retargets,
    Streak,
    daily_from_epochs,
    epoch_hashrate_hs,
    retargets_of_days,
    streak,
)

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"
DAY_S = 86_400.0
EPOCH_S = 1_209_600.0


def retargets(difficulty: list[float], span_s: float = EPOCH_S) -> Retargets:
    count = len(difficulty)
    return Retargets(
        np.arange(count) * 2016, np.arange(float(count)) * span_s, np.array(difficulty, np.float64)
    )


def test_changes_follow_the_epochs() -> None:
    found = retargets([100.0, 110.0, 99.0]).change_pct
    assert np.isnan(found[0])
    assert found[1:] == pytest.approx([10, -10])


def test_a_missing_epoch_leaves_its_change_unknown() -> None:
    some = Retargets(np.array([0, 2016, 6048]), np.arange(3.0), np.array([1.0, 2.0, 3.0]))
    assert np.isnan(some.change_pct).tolist() == [True, False, True]


def test_what_has_not_happened_yet_is_not_known() -> None:
    assert retargets([1.0, 2.0, 3.0]).until(EPOCH_S).count == 2


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ([], Streak(0, 0, 0)),
        ([np.nan, 1.0], Streak(1, 0, 1)),
        ([1.0, -1.0, -2.0], Streak(-2, 2, 3)),
        ([-1.0, 0.0], Streak(0, 1, 2)),
        ([-1.0] * 9, Streak(-9, 8, 8)),
        ([2.0, 0.0, 3.0, 4.0], Streak(2, 0, 4)),
    ],
)
def test_streaks(changes: list[float], expected: Streak) -> None:
    assert streak(np.array(changes)) == expected


@given(st.floats(1e18, 1e22), st.floats(0.3, 3.5))
def test_an_epochs_mean_hashrate_is_the_one_that_made_the_next_difficulty(
    hashrate: float, factor: float
) -> None:
    difficulty = hashrate * 600 / 2**32 / factor
    span_s = 2015 * difficulty * 2**32 / hashrate
    after = difficulty * EPOCH_S / span_s
    found = epoch_hashrate_hs(retargets([difficulty, after]))
    assert found[0] == pytest.approx(hashrate, rel=1e-12)
    assert np.isnan(found[1])


@pytest.mark.parametrize("ratio", [4.0, 0.25])
def test_a_clamped_change_says_nothing_of_the_hashrate(ratio: float) -> None:
    assert np.isnan(epoch_hashrate_hs(retargets([100.0, 100.0 * ratio]))[0])


def test_epochs_are_spread_over_the_days_that_end_in_them() -> None:
    some = Retargets(
        np.array([0, 2016, 4032]),
        np.array([DAY_S * 1.5, DAY_S * 3.5, DAY_S * 5.5]),
        np.array([100.0, 110.0, 121.0]),
    )
    first = date(1970, 1, 1).toordinal()
    difficulty, hashrate = daily_from_epochs(some, first, first + 5)
    assert np.array_equal(difficulty, [np.nan, 100, 100, 110, 110, 121], equal_nan=True)
    means = epoch_hashrate_hs(some)
    assert np.array_equal(
        hashrate, [np.nan, means[0], means[0], means[1], means[1], np.nan], equal_nan=True
    )


def test_real_epochs_agree_with_their_timestamps() -> None:
    path = DATA / "bitcoinj_epoch_block_headers.csv"
    epochs = DATA / "btc_difficulty_epochs.csv"
    if not path.is_file() or not epochs.is_file():
        pytest.skip("no real headers at hand")
    with path.open(encoding="utf-8") as file:
        times = {int(row["height"]): float(row["time"]) for row in csv.DictReader(file)}
    with epochs.open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if int(row["start_height"]) in times]
    some = Retargets(
        np.array([int(row["start_height"]) for row in rows]),
        np.array([times[int(row["start_height"])] for row in rows]),
        np.array([float(row["difficulty"]) for row in rows]),
    )
    mean = epoch_hashrate_hs(some)[:-1]
    # From first block to first block are 2016 intervals, one more than the retarget measures.
    by_time = 2016 * some.difficulty[:-1] * 2**32 / np.diff(some.time_s)
    known = np.isfinite(mean) & (some.height[:-1] > 100_000)
    assert np.median(np.abs(mean[known] / by_time[known] - 1)) < 0.001


def test_a_streak_does_not_reach_over_changes_that_are_not_known() -> None:
    changes = np.array([np.nan, -1.0, -2.0, np.nan, 3.0, -4.0])
    assert streak(changes) == Streak(-1, 1, 2)
    assert streak(np.array([-1.0, np.nan])) == Streak(0, 0, 0)


def days_of(difficulty: list[float]) -> Days:
    nothing = np.full(len(difficulty), np.nan)
    return Days(
        date(2030, 1, 1).toordinal(), nothing, nothing, np.array(difficulty), nothing, nothing
    )


def begins(found: Retargets) -> list[str]:
    days = (found.time_s / DAY_S).astype(np.int64) + date(1970, 1, 1).toordinal()
    return [date.fromordinal(int(day)).isoformat() for day in days]


def test_daily_values_show_the_changes() -> None:
    found = retargets_of_days(days_of([100.0, 100.0, np.nan, 110.0, 110.0000001, 99.0]))
    assert list(found.difficulty) == [100.0, 110.0, 99.0]
    assert begins(found) == ["2030-01-01", "2030-01-04", "2030-01-06"]
    assert found.change_pct[1:] == pytest.approx([10.0, -10.0])
    assert retargets_of_days(days_of([np.nan])).count == 0


def test_the_mean_of_a_day_with_a_change_is_no_second_change() -> None:
    found = retargets_of_days(days_of([100.0, 100.0, 107.0, 110.0, 110.0, 104.0, 99.0, 99.0]))
    assert list(found.difficulty) == [100.0, 110.0, 99.0]
    assert begins(found) == ["2030-01-01", "2030-01-03", "2030-01-06"]


@pytest.mark.parametrize("lacking", [13, 16, 17, 72])
def test_days_that_lack_for_longer_than_an_epoch_may_hide_a_change(lacking: int) -> None:
    gap = [np.nan] * lacking
    found = retargets_of_days(days_of([90.0, 100.0, 100.0, *gap, 110.0, 110.0, 99.0, 99.0]))
    assert list(found.difficulty) == [90.0, 100.0, 110.0, 99.0]
    assert np.isfinite(found.change_pct).tolist() == [False, True, lacking <= 16, True]
    assert streak(found.change_pct).of == (3 if lacking <= 16 else 1)
    # Where the first day after the gap is the mean of a day with a change, no less may be hidden.
    found = retargets_of_days(days_of([100.0, 100.0, *gap, 105.0, 110.0, 110.0]))
    assert list(found.difficulty) == [100.0, 110.0]
    assert np.isfinite(found.change_pct).tolist() == [False, lacking <= 16]
    # A gap within one difficulty hides none.
    found = retargets_of_days(days_of([100.0, *gap, 100.0, 110.0]))
    assert np.isfinite(found.change_pct).tolist() == [False, True]


@given(st.lists(st.sampled_from([100.0, 105.0, 110.0, np.nan]), min_size=1, max_size=40))
def test_what_days_show_is_in_order_and_of_their_values(difficulty: list[float]) -> None:
    found = retargets_of_days(days_of(difficulty))
    known = [each for each in difficulty if np.isfinite(each)]
    assert (np.diff(found.time_s) > 0).all()
    assert list(found.difficulty[-1:]) == known[-1:]
