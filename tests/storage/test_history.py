from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from minerdesk.domain.errors import WorldError
from minerdesk.domain.readings import Provenance, Quantity, Reading
from minerdesk.storage.history import History
from minerdesk.storage.history_rows import Summary

NOW = datetime(2026, 1, 19, 12, 0, 0, 123457, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
ALWAYS = (datetime(1971, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))

PRICE = Reading(Quantity.PRICE, 93_049.25, "Kraken", NOW, currency="USD")
HASHRATE = Reading(Quantity.HASHRATE, 9.77e20, "mempool.space", NOW, window_days=7.0)
SUMMARY = Summary(
    at=NOW,
    book="farm",
    currency="EUR",
    price_per_btc=80_000.5,
    hashprice_per_ph_day=36.9,
    difficulty=146_472_570_619_930.78,
    rigs=12_000,
    rigs_running=11_000,
    rigs_advised=10_588,
    margin_is_per_day=1234.5,
    margin_should_per_day=2345.6,
    revenue_per_day=70_000.0,
    power_cost_per_day=68_765.5,
    power_kw=38_000.25,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "history.sqlite"


@pytest.fixture
def history(path: Path) -> Iterator[History]:
    opened = History.open(path, lambda: NOW)
    yield opened
    opened.close()


def price(at: datetime, value: float = 1.0, currency: str = "") -> Reading:
    return Reading(Quantity.PRICE, value, "x", at, currency=currency)


def spoil(path: Path) -> None:
    """Overwrite all but the first page of a database, as a dying disk may."""
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(os.urandom(path.stat().st_size - 4096))


def test_a_new_one_is_empty(history: History) -> None:
    assert history.last_readings() == ()
    assert history.summaries(*ALWAYS) == ()
    times, values = history.series("price", *ALWAYS)
    assert times.shape == values.shape == (0,)
    assert times.dtype == values.dtype == np.float64
    assert history.set_aside is None


def test_the_last_readings_survive_a_restart(path: Path, history: History) -> None:
    older = replace(PRICE, value=1.0, taken_at=NOW - MINUTE)
    euro = replace(PRICE, currency="EUR", value=80_000.0)
    history.add_readings([PRICE, older, HASHRATE, euro])
    history.add_readings([])
    history.close()
    again = History.open(path)
    assert set(again.last_readings()) == {PRICE, HASHRATE, euro}
    again.close()


def test_the_same_reading_again_is_one_row(history: History) -> None:
    history.add_readings([PRICE, PRICE])
    history.add_readings([PRICE])
    assert len(history.series("price", *ALWAYS)[0]) == 1


def test_typed_and_embedded_numbers_are_kept_but_are_no_good_values(history: History) -> None:
    typed = replace(PRICE, value=5.0, provenance=Provenance.TYPED, taken_at=NOW + MINUTE)
    history.add_readings([PRICE, typed, replace(typed, provenance=Provenance.EMBEDDED)])
    assert history.last_readings() == (PRICE,)
    assert history.series("price", *ALWAYS)[1].tolist() == [93_049.25]


def test_a_quantity_this_program_does_not_know_is_passed_over(path: Path, history: History) -> None:
    history.add_readings([PRICE])
    connection = sqlite3.connect(path)
    connection.execute("UPDATE series SET quantity = 'mood'")
    connection.commit()
    connection.close()
    assert history.last_readings() == ()
    assert history.series("mood", *ALWAYS)[1].tolist() == [93_049.25]


def test_series_are_in_order_and_chosen_by_their_names(history: History) -> None:
    history.add_readings([HASHRATE])
    history.add_readings(
        replace(
            HASHRATE,
            taken_at=NOW - i * MINUTE,
            value=float(i),
            source=source,
            window_days=window,
        )
        for i in range(1, 4)
        for source, window in (("a", 1.0), ("b", None))
    )
    history.add_readings(
        price(NOW - i * MINUTE, float(i), currency) for i in range(3) for currency in ("USD", "EUR")
    )
    times, values = history.series("hashrate", *ALWAYS)
    assert np.all(np.diff(times) >= 0)
    assert values.tolist() == [3, 3, 2, 2, 1, 1, 9.77e20]
    assert times[-1] == pytest.approx(NOW.timestamp(), abs=1e-6)
    assert history.series("hashrate", *ALWAYS, source="a")[1].tolist() == [3, 2, 1]
    assert history.series("hashrate", *ALWAYS, window_days=7.0)[1].tolist() == [9.77e20]
    assert history.series("price", *ALWAYS, currency="EUR")[1].tolist() == [2, 1, 0]
    since = history.series("price", NOW - MINUTE, NOW, source="x", currency="USD")
    assert since[1].tolist() == [1, 0]


def test_summaries_come_back_as_they_were(history: History) -> None:
    later = replace(SUMMARY, at=NOW + MINUTE)
    other = replace(SUMMARY, book="home", currency="USD")
    history.add_summary(later)
    history.add_summary(SUMMARY)
    history.add_summary(other)
    assert history.summaries(*ALWAYS) == (SUMMARY, other, later)
    assert history.summaries(*ALWAYS, book="farm") == (SUMMARY, later)
    assert history.summaries(NOW, NOW, "farm") == (SUMMARY,)
    corrected = replace(SUMMARY, rigs_running=1)
    history.add_summary(corrected)
    assert history.summaries(NOW, NOW, "farm") == (corrected,)


def test_it_works_from_one_thread_after_another(history: History) -> None:
    failures: list[BaseException] = []

    def work(number: int) -> None:
        try:
            history.add_readings([price(NOW + number * MINUTE, float(number))])
        except BaseException as error:  # noqa: BLE001 - handed to the thread that asserts
            failures.append(error)

    for number in range(5):
        thread = threading.Thread(target=work, args=(number,))
        thread.start()
        thread.join()
    assert failures == []
    assert history.series("price", *ALWAYS)[1].tolist() == [0, 1, 2, 3, 4]


def test_another_process_may_read_while_it_is_open(path: Path, history: History) -> None:
    history.add_readings([PRICE])
    second = History.open(path)
    assert second.last_readings() == (PRICE,)
    history.add_readings([replace(PRICE, value=1.0, taken_at=NOW + MINUTE)])
    assert second.last_readings()[0].value == 1.0
    second.close()


def test_closing_twice_is_no_fault(history: History) -> None:
    history.close()
    history.close()


def test_it_is_in_wal_mode_and_gives_room_back(path: Path, history: History) -> None:
    history.add_readings(price(NOW - i * MINUTE) for i in range(20_000))
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()
    history.prune(NOW)
    history.close()
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA freelist_count").fetchone() == (0,)
    connection.close()


@pytest.mark.parametrize(
    "content", [b"this is no database" * 300, b"SQLite format 3\0" + b"x" * 9000]
)
def test_a_damaged_file_is_set_aside_under_its_date(path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    history = History.open(path, lambda: NOW)
    assert history.set_aside == path.with_name("history-damaged-20260119-120000.sqlite")
    assert history.set_aside.read_bytes() == content
    history.add_readings([PRICE])
    assert history.last_readings() == (PRICE,)
    history.close()


def test_the_clock_is_asked_where_none_is_given(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"this is no database" * 300)
    history = History.open(path)
    history.close()
    assert history.set_aside is not None
    assert f"-damaged-{datetime.now(UTC):%Y%m}" in history.set_aside.name


def test_damage_inside_is_found_at_the_start(path: Path, history: History) -> None:
    history.add_readings(price(NOW - i * MINUTE) for i in range(5000))
    history.close()
    spoil(path)
    again = History.open(path, lambda: NOW)
    assert again.set_aside is not None
    assert again.set_aside.exists()
    assert again.last_readings() == ()
    again.close()


def test_damage_that_comes_later_is_survived_too(path: Path, history: History) -> None:
    history.add_readings(price(NOW - i * MINUTE) for i in range(50_000))
    history.close()  # the next call opens it anew, so nothing of it is remembered
    spoil(path)
    history.add_readings([PRICE])
    history.last_readings()
    history.add_readings([PRICE])
    assert history.set_aside == path.with_name("history-damaged-20260119-120000.sqlite")
    assert history.last_readings() == (PRICE,)


def test_a_file_of_a_newer_program_is_set_aside_whole(path: Path, history: History) -> None:
    history.add_readings([PRICE])
    history.close()
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    again = History.open(path, lambda: NOW)
    assert again.set_aside == path.with_name("history-newer-20260119-120000.sqlite")
    assert again.last_readings() == ()
    again.close()


def test_a_disk_that_refuses_is_the_worlds_fault(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite"
    path.mkdir()
    with pytest.raises(WorldError, match=r"history\.sqlite cannot be used"):
        History.open(path)


def test_a_file_locked_by_others_is_the_worlds_fault_and_not_set_aside(
    path: Path, history: History
) -> None:
    history.close()
    path.unlink()
    path.mkdir()
    with pytest.raises(WorldError, match="cannot be used"):
        history.last_readings()
    assert history.set_aside is None
    path.rmdir()


def test_a_damaged_file_that_cannot_be_renamed_is_said(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"this is no database" * 300)
    in_the_way = path.with_name("history-damaged-20260119-120000.sqlite")
    in_the_way.mkdir()
    (in_the_way / "x").touch()
    with pytest.raises(WorldError, match="cannot be set aside"):
        History.open(path, lambda: NOW)


def test_a_write_that_fails_leaves_nothing_half_done(history: History) -> None:
    bad = price(NOW, float("nan"))
    with pytest.raises(WorldError):
        history.add_readings([bad])
    history.add_readings([replace(bad, value=2.0)])
    assert history.series("price", *ALWAYS)[1].tolist() == [2.0]
