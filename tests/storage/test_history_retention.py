"""The older, the coarser: what is kept, and how large ten years are."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from minerdesk.domain.readings import Quantity, Reading
from minerdesk.storage.history import History
from minerdesk.storage.history_prune import TIERS
from minerdesk.storage.history_rows import Summary

NOW = datetime(2036, 1, 19, 12, 0, 30, tzinfo=UTC)
YEARS = timedelta(days=3653)
ALWAYS = (datetime(1971, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))
LIMIT_BYTES = 200_000_000

# Far more than the program asks today: each source with each quantity and currency is a series.
SERIES = 100
BOOKS = 10


def rows_kept_after_ten_years() -> int:
    """Return how many rows of one series asked once a minute are kept, by the tiers alone."""
    ages = [timedelta(0), *(age for age, _step in TIERS), YEARS]
    steps = [timedelta(minutes=1), *(step for _age, step in TIERS)]
    return sum(
        round((old - young) / step)
        for young, old, step in zip(ages[:-1], ages[1:], steps, strict=True)
    )


def points(age: timedelta, until: timedelta, step: timedelta) -> list[Reading]:
    count = int((age - until) / step)
    return [Reading(Quantity.PRICE, float(i), "x", NOW - age + i * step) for i in range(count)]


@pytest.fixture
def history(tmp_path: Path) -> History:
    return History.open(tmp_path / "history.sqlite")


def test_each_tier_keeps_the_last_row_of_each_step(history: History) -> None:
    day, minute = timedelta(days=1), timedelta(minutes=1)
    history.add_readings(points(65 * day, timedelta(0), minute))
    history.add_readings(points(740 * day, 725 * day, 30 * minute))
    assert history.prune(NOW) > 50_000
    times, values = history.series("price", *ALWAYS)
    age_days = (NOW.timestamp() - times) / 86_400
    # Ages at the seams, so a step that is cut by a seam may keep one row more.
    assert np.count_nonzero(age_days < 2) == pytest.approx(2880, abs=2)
    assert np.count_nonzero((age_days >= 2) & (age_days < 60)) == pytest.approx(58 * 144, abs=2)
    assert np.count_nonzero((age_days >= 60) & (age_days < 70)) == pytest.approx(5 * 24, abs=2)
    assert np.count_nonzero((age_days >= 720) & (age_days < 730)) == pytest.approx(5 * 24, abs=2)
    assert np.count_nonzero(age_days >= 730) == pytest.approx(10, abs=2)
    middle = times[(age_days > 3) & (age_days < 59)].astype(np.int64)
    assert set((middle % 600 // 60).tolist()) == {9}, "the last minute of each ten"
    assert values[-1] == 65 * 1440 - 1, "the newest row is never deleted"
    assert history.prune(NOW) == 0
    history.close()


def test_thinning_every_day_ends_where_thinning_once_ends(tmp_path: Path) -> None:
    day = timedelta(days=1)
    given = points(75 * day, timedelta(0), timedelta(minutes=7))
    found = []
    for name, days in (("daily", range(70, -1, -1)), ("once", range(1))):
        history = History.open(tmp_path / f"{name}.sqlite")
        history.add_readings(given)
        for ago in days:
            history.prune(NOW - ago * day)
        found.append(history.series("price", *ALWAYS)[0].tolist())
        history.close()
    assert found[0] == found[1]


def test_summaries_are_thinned_by_book(history: History) -> None:
    at = NOW - timedelta(days=800)
    for book in ("a", "b"):
        for i in range(5):
            history.add_summary(
                Summary(at + timedelta(seconds=i), book, "USD", 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, i)
            )
    assert history.prune(NOW) == 8
    assert [(s.book, s.power_kw) for s in history.summaries(*ALWAYS)] == [("a", 4), ("b", 4)]
    history.close()


def bytes_per_row(path: Path, history: History, rows: int) -> float:
    history.close()
    return path.stat().st_size / rows


def test_ten_years_stay_below_the_limit(tmp_path: Path) -> None:
    rows = 20_000
    path = tmp_path / "points.sqlite"
    history = History.open(path)
    # Written as in life, all series of a minute together, which fills pages worst.
    for start in range(0, rows // 10, 100):
        history.add_readings(
            Reading(
                *(Quantity.PRICE, 93_000.0 + i, f"source {s}", NOW + timedelta(minutes=start + i)),
                currency="USD",
            )
            for i in range(100)
            for s in range(10)
        )
    point_bytes = bytes_per_row(path, history, rows)
    path = tmp_path / "summaries.sqlite"
    history = History.open(path)
    for i in range(1000):
        at = NOW + timedelta(minutes=i)
        history.add_summary(
            Summary(at, f"book {i % 3}", "USD", 9e4 + i, 36.9 + i, 1.5e14 + i, 10**5, 10**5,
                    10**5, 1.1 + i, 1.2 + i, 1.3 + i, 1.4 + i, 1.5 + i)
        )  # fmt: skip
    summary_bytes = bytes_per_row(path, history, 1000)
    kept = rows_kept_after_ten_years()
    assert 20_000 < kept < 40_000
    total = kept * (SERIES * point_bytes + BOOKS * summary_bytes)
    assert total < LIMIT_BYTES, f"{kept=} {point_bytes=:.1f} {summary_bytes=:.1f} {total=:.3g}"
