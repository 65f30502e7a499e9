from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from minerdesk.domain.errors import WorldError
from minerdesk.domain.readings import NetworkState, RetargetProjection
from minerdesk.services.history_view import HistoryDoor, Projections

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
DAY, NEAR, MINUTE = timedelta(days=1), timedelta(hours=2), timedelta(minutes=1)
EPOCH = 933_408


def expecting(at: datetime, change_pct: float, height: int = EPOCH) -> NetworkState:
    """What is known at a moment, of a block found two minutes before."""
    return NetworkState(
        retarget=RetargetProjection(
            change_pct, 1.2, at + 3 * DAY, height, 473, "own formula", at - 2 * MINUTE
        )
    )


@pytest.fixture
def door(tmp_path: Path) -> Iterator[HistoryDoor]:
    made = HistoryDoor(tmp_path / "history.sqlite", lambda: NOW)
    yield made
    made.close()


def kept(door: HistoryDoor) -> Projections:
    return door.view("", "USD").projections


def test_what_was_expected_a_day_ago_is_known(door: HistoryDoor) -> None:
    assert kept(door).then(NOW - DAY, EPOCH, NEAR) is None
    for hours_ago, change_pct in ((25, -2.9), (24, -3.1), (22.5, -3.3), (0, -3.8)):
        at = NOW - timedelta(hours=hours_ago)
        assert door.keep_projection(expecting(at, change_pct), at)
    found = kept(door)
    assert found.change_pct.tolist() == [-2.9, -3.1, -3.3, -3.8]
    assert found.then(NOW - DAY, EPOCH, NEAR) == -3.1
    assert found.then(NOW - timedelta(hours=23), EPOCH, NEAR) == -3.3
    assert found.then(NOW - timedelta(hours=12), EPOCH, NEAR) is None, "nobody looked then"


def test_what_was_expected_of_another_epoch_is_nothing_of_this(door: HistoryDoor) -> None:
    door.keep_projection(expecting(NOW - DAY, -3.1, EPOCH - 2_016), NOW - DAY)
    door.keep_projection(expecting(NOW, 0.4), NOW)
    assert kept(door).then(NOW - DAY, EPOCH, NEAR) is None
    assert kept(door).then(NOW - DAY, EPOCH - 2_016, NEAR) == -3.1
    assert kept(door).then(NOW, EPOCH, NEAR) == 0.4


def test_one_every_five_minutes_is_enough(door: HistoryDoor) -> None:
    held = [
        door.keep_projection(expecting(NOW + n * MINUTE, float(n)), NOW + n * MINUTE)
        for n in range(-11, 0)
    ]
    assert [n for n, was in zip(range(-11, 0), held, strict=True) if was] == [-11, -6, -1]
    assert kept(door).change_pct.tolist() == [-11, -6, -1]


def test_old_numbers_do_not_stand_for_the_first_new_ones(door: HistoryDoor) -> None:
    assert door.keep_projection(expecting(NOW - DAY, -3.1), NOW - MINUTE)
    assert not door.keep_projection(expecting(NOW - DAY, -3.1), NOW)
    assert door.keep_projection(expecting(NOW, -3.8), NOW)
    assert kept(door).change_pct.tolist() == [-3.1, -3.8]


def test_typed_and_given_ones_are_not_of_the_world(door: HistoryDoor) -> None:
    live = expecting(NOW, -3.8)
    assert live.retarget is not None
    assert not door.keep_projection(replace(live, retarget=replace(live.retarget, typed=True)), NOW)
    assert not door.keep_projection(replace(live, given=True), NOW)
    assert not door.keep_projection(replace(live, retarget=None), NOW)
    assert len(kept(door).time_s) == 0
    assert door.keep_projection(live, NOW)


def test_it_is_thinned_like_all_that_is_kept_and_stays_in_pairs(tmp_path: Path) -> None:
    begin = NOW - 2.5 * DAY
    first = HistoryDoor(tmp_path / "history.sqlite", lambda: begin)
    for n in range(12):
        at = begin + n * 5 * MINUTE
        first.keep_projection(expecting(at, float(n), EPOCH + 2_016 * (n // 6)), at)
    first.close()
    later = HistoryDoor(tmp_path / "history.sqlite", lambda: NOW)
    assert len(kept(later).time_s) == 12
    # The next one kept thins out what is older than two days by then.
    later.keep_projection(expecting(NOW, -1.0), NOW)
    found = kept(later)
    later.close()
    assert 5 <= len(found.time_s) <= 9
    assert found.change_pct[-1] == -1.0
    pairs = zip(found.change_pct[:-1].tolist(), found.height[:-1].tolist(), strict=True)
    assert all(height == EPOCH + 2_016 * (change // 6) for change, height in pairs)


def test_one_that_the_disk_refused_is_tried_again(tmp_path: Path) -> None:
    folder = tmp_path / "history.sqlite"
    folder.mkdir()
    door = HistoryDoor(folder, lambda: NOW)
    with pytest.raises(WorldError):
        door.keep_projection(expecting(NOW, -3.8), NOW)
    folder.rmdir()
    assert door.keep_projection(expecting(NOW, -3.8), NOW)
    door.close()
