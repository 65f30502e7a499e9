from __future__ import annotations

import contextlib
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from minerdesk.domain.errors import WorldError
from minerdesk.domain.network_days import DayQuantity, DayRows, RetargetRow
from minerdesk.storage.history import History
from minerdesk.storage.history_day_rows import Ask, DayBatch, KeptSeries

NOW = datetime(2026, 1, 19, 12, tzinfo=UTC)
GENESIS = date(2009, 1, 3).toordinal()
DAY = date(2026, 1, 1).toordinal()
ASK = Ask("mempool hashrate", "mempool.space", NOW, NOW + timedelta(hours=6), NOW, 0, "", "")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "history.sqlite"


@pytest.fixture
def history(path: Path) -> Iterator[History]:
    opened = History.open(path, lambda: NOW)
    yield opened
    opened.close()


def prices(days: dict[int, float], currency: str = "USD") -> DayRows:
    return DayRows(DayQuantity.PRICE, tuple(days), tuple(days.values()), currency)


def batch(*series: DayRows, source: str = "mempool.space") -> DayBatch:
    return DayBatch(source, NOW, series)


def only(history: History) -> KeptSeries:
    (source,) = history.days.read()
    (series,) = source.series
    return series


def as_dict(series: KeptSeries) -> dict[int, float]:
    return {
        series.first_day + i: float(value)
        for i, value in enumerate(series.value)
        if np.isfinite(value)
    }


def test_days_come_back_as_they_went_in_with_their_holes(history: History) -> None:
    given_days = {DAY: 1.5, DAY + 1: 2.5, DAY + 1000: 3.5}
    history.days.keep(batch(prices(given_days)))
    found = only(history)
    assert as_dict(found) == given_days
    assert (found.first_day, found.last_day) == (DAY, DAY + 1000)
    assert (found.quantity, found.currency, found.taken_at) == (DayQuantity.PRICE, "USD", NOW)
    assert found.doubles == ()


def test_the_same_again_changes_nothing_and_a_later_value_replaces(history: History) -> None:
    for _again in range(2):
        history.days.keep(batch(prices({DAY: 1.0, DAY + 1: 2.0})))
    later = replace(batch(prices({DAY + 1: 2.25})), taken_at=NOW + timedelta(days=1))
    history.days.keep(later)
    assert as_dict(only(history)) == {DAY: 1.0, DAY + 1: 2.25}
    assert only(history).taken_at == NOW + timedelta(days=1)
    assert only(history).doubles == ()


def test_two_values_of_a_day_are_both_kept_and_one_holds(history: History) -> None:
    twice = DayRows(DayQuantity.FEES, (DAY, DAY + 1, DAY + 1, DAY), (1.0, 5.0, 6.0, 1.0))
    history.days.keep(batch(twice))
    assert as_dict(only(history)) == {DAY: 1.0, DAY + 1: 6.0}
    assert only(history).doubles == ((DAY + 1, 5.0),)


def test_a_day_said_once_again_is_no_double_any_more(history: History) -> None:
    history.days.keep(batch(DayRows(DayQuantity.FEES, (DAY, DAY, DAY + 9), (1.0, 2.0, 3.0))))
    history.days.keep(batch(DayRows(DayQuantity.FEES, (DAY + 9,), (4.0,))))
    assert only(history).doubles == ((DAY, 1.0),)
    history.days.keep(batch(DayRows(DayQuantity.FEES, (DAY,), (2.0,))))
    assert only(history).doubles == ()


def test_sources_currencies_and_quantities_are_apart(history: History) -> None:
    history.days.keep(batch(prices({DAY: 1.0}), prices({DAY: 0.9}, "EUR")))
    fees = DayRows(DayQuantity.FEES, (DAY,), (7.0,))
    history.days.keep(replace(batch(fees, source="prices.csv"), from_file=True))
    one, other = history.days.read()
    assert [(s.quantity.value, s.currency, s.value.tolist()) for s in one.series] == [
        ("price", "USD", [1.0]),
        ("price", "EUR", [0.9]),
    ]
    assert one.retargets_at is None
    assert (one.from_file, other.from_file, other.name) == (False, True, "prices.csv")
    assert other.series[0].value.tolist() == [7.0]


def test_retargets_are_kept_by_source_and_height(history: History) -> None:
    rows = (RetargetRow(2016, 1.2e9, 1.5, exact=False), RetargetRow(4032, 1.3e9, 2.5))
    history.days.keep(DayBatch("Bitcoin Core", NOW, retargets=(rows[1], rows[0])))
    (source,) = history.days.read()
    assert (source.retargets, source.retargets_at) == (rows, NOW)
    better = RetargetRow(2016, 1.25e9, 1.5)
    history.days.keep(DayBatch("Bitcoin Core", NOW, retargets=(better,)))
    assert history.days.read()[0].retargets == (better, rows[1])


def test_an_empty_series_makes_none(history: History) -> None:
    history.days.keep(batch(prices({})))
    assert history.days.read()[0].series == ()


def test_how_asking_stands_is_kept_with_what_it_brought(history: History) -> None:
    history.days.keep(replace(batch(prices({DAY: 1.0})), ask=ASK))
    failed = replace(ASK, endpoint="mempool fees", answered_at=None, failures=2, problem="down")
    history.days.keep(DayBatch("mempool.space", NOW, ask=failed))
    assert history.days.asks() == (failed, ASK)
    history.days.keep(DayBatch("mempool.space", NOW, ask=replace(failed, cursor="page 2")))
    assert history.days.asks()[0].cursor == "page 2"


def test_a_source_is_removed_with_all_it_said_and_no_other(history: History) -> None:
    twice = DayRows(DayQuantity.FEES, (DAY, DAY), (1.0, 2.0))
    retarget = RetargetRow(2016, 1.2e9, 1.5)
    for source in ("a", "b"):
        ask = replace(ASK, endpoint=source, source=source)
        history.days.keep(DayBatch(source, NOW, (twice,), (retarget,), ask=ask))
    assert history.days.remove("a")
    assert not history.days.remove("a")
    (kept,) = history.days.read()
    assert kept.name == "b"
    assert kept.series[0].doubles == ((DAY, 1.0),)
    assert kept.retargets == (retarget,)
    assert [ask.endpoint for ask in history.days.asks()] == ["b"]


def test_a_quantity_of_a_newer_program_is_left_alone(history: History, path: Path) -> None:
    history.days.keep(batch(prices({DAY: 1.0})))
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE day_series SET quantity = 'mood'")
    connection.close()
    assert history.days.read()[0].series == ()


def test_nothing_is_pruned_and_nothing_lost_with_a_restart(history: History, path: Path) -> None:
    history.days.keep(batch(prices({GENESIS + i: 1.0 + i for i in range(3000)})))
    history.prune(NOW + timedelta(days=3650))
    history.close()
    again = History.open(path, lambda: NOW)
    try:
        assert len(as_dict(only(again))) == 3000
    finally:
        again.close()


def test_a_file_that_an_earlier_program_made_gets_the_tables(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 1")
    connection.close()
    opened = History.open(path, lambda: NOW)
    try:
        assert opened.set_aside is None
        opened.days.keep(batch(prices({DAY: 1.0})))
        assert as_dict(only(opened)) == {DAY: 1.0}
    finally:
        opened.close()


def test_a_disk_that_refuses_is_told(path: Path) -> None:
    opened = History.open(path, lambda: NOW)
    opened.days.keep(batch(prices({DAY: 1.0})))
    with sqlite3.connect(path) as connection:
        connection.execute("DROP TABLE day_blocks")
    connection.close()
    try:
        with pytest.raises(WorldError, match="cannot be used"):
            opened.days.keep(batch(prices({DAY: 2.0})))
    finally:
        opened.close()


def test_seventeen_years_of_four_sources_are_few_rows(history: History, path: Path) -> None:
    days = tuple(range(GENESIS, GENESIS + 5900))
    values = tuple(float(day) for day in days)
    for source in ("a", "b", "c", "d"):
        series = [DayRows(quantity, days, values) for quantity in list(DayQuantity)[:5]]
        retargets = tuple(RetargetRow(2016 * i, 1.2e9 + i, 1.0 + i) for i in range(470))
        history.days.keep(DayBatch(source, NOW, tuple(series), retargets))
    found = history.days.read()
    assert sum(len(series.value) for source in found for series in source.series) == 5900 * 20
    with contextlib.closing(sqlite3.connect(path)) as plain:
        (rows,) = plain.execute("SELECT count(*) FROM day_blocks").fetchone()
    assert rows <= 20 * (5900 // 512 + 2)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.dictionaries(
            st.integers(GENESIS, GENESIS + 2000), st.floats(-1e12, 1e12), min_size=1, max_size=20
        ),
        min_size=1,
        max_size=4,
    )
)
def test_batches_in_any_pieces_are_as_one_dictionary(
    history: History, parts: list[dict[int, float]]
) -> None:
    history.days.remove("mempool.space")
    whole: dict[int, float] = {}
    for part in parts:
        history.days.keep(batch(prices(part)))
        whole.update(part)
    assert as_dict(only(history)) == whole


KEEPER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from minerdesk.domain.network_days import DayQuantity, DayRows
from minerdesk.storage.history import History
from minerdesk.storage.history_day_rows import Ask, DayBatch

now = datetime(2026, 1, 19, tzinfo=UTC)
history = History.open(Path(sys.argv[1]), lambda: now)
days = tuple(range(733_000, 736_000))
i = 0
while True:
    i += 1
    series = DayRows(DayQuantity.PRICE, days, (float(i),) * len(days), "USD")
    ask = Ask("e", "s", now, now, now, 0, str(i))
    history.days.keep(DayBatch("s", now, (series,), ask=ask))
    print(i, flush=True)
"""


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL here")
def test_a_kill_leaves_whole_batches_with_the_place_to_go_on(path: Path) -> None:
    chance = random.Random(7)
    for _kill in range(6):
        child = subprocess.Popen(
            [sys.executable, "-c", KEEPER, str(path)],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        )
        assert child.stdout is not None
        told = child.stdout.readline()
        time.sleep(chance.random() / 10)
        child.send_signal(signal.SIGKILL)
        rest = child.stdout.read().split()
        child.stdout.close()
        child.wait()
        last = int(([told.strip(), *rest])[-1])
        opened = History.open(path, lambda: NOW)
        try:
            found = set(as_dict(only(opened)).values())
            assert len(found) == 1
            assert found.pop() >= last
            assert float(opened.days.asks()[0].cursor) == only(opened).value[0]
        finally:
            opened.close()
