"""The tables of the past and the dry run of a file, as words alone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from minerdesk.domain.cancel import CancelToken
from minerdesk.domain.errors import Cancelled
from minerdesk.domain.network_days import DayQuantity, DayRows, RetargetRow
from minerdesk.services.history_view import HistoryDoor
from minerdesk.services.network_history.columns import ColumnUse
from minerdesk.services.network_history.dry_run import Place, dry_run, units_of
from minerdesk.services.network_history.history import Chances, NetworkHistory
from minerdesk.services.network_history.import_file import HistoryMapping
from minerdesk.services.network_history.overview import PastTable, overview, quantity_name
from minerdesk.services.network_history.reports import SourceReport
from minerdesk.services.words.formats import Formats
from minerdesk.storage.history_day_rows import DayBatch
from minerdesk.storage.resources import load_retargets

Q = DayQuantity
NOW = datetime(2026, 6, 10, 9, tzinfo=UTC)
DAY = date(2026, 5, 1).toordinal()
PRICE = (ColumnUse("price", Q.PRICE),)


def tables(history: NetworkHistory, *more: SourceReport) -> dict[str, PastTable]:
    found = overview((*history.sources(), *more), history.daily(), Formats("en", UTC), NOW)
    return {table.name: table for table in found}


def rows(table: PastTable) -> list[tuple[str, ...]]:
    return [table.row(n) for n in range(table.count)]


def test_retargets_that_differ_or_do_not_fit_are_listed(tmp_path: Path) -> None:
    kept = HistoryDoor(tmp_path / "history.sqlite", lambda: NOW)
    try:
        own = load_retargets()
        last = own[-1]
        other = RetargetRow(last.height, last.time_s, last.difficulty * 2)
        early = RetargetRow(last.height + 2016, own[0].time_s, last.difficulty)
        kept.keep_days(DayBatch("one", NOW, (), (other,)))
        kept.keep_days(DayBatch("two", NOW, (), (early,)))
        found = tables(NetworkHistory(kept, Chances(lambda: NOW), own))
    finally:
        kept.close()
    listed = rows(found["disagreements"])
    assert found["disagreements"].title == f"Disagreements ({len(listed)})"
    assert any(row[2] == "one" and row[4] == "the program's own" for row in listed)
    assert any(row[5] == "left out: does not fit in time" for row in listed)
    retarget = rows(found["sources"])[0]
    assert retarget[:2] == ("one", "1 retarget")
    assert retarget[2] == f"block {last.height:,}"


def test_a_source_says_when_it_is_asked_again(tmp_path: Path) -> None:
    kept = HistoryDoor(tmp_path / "history.sqlite", lambda: NOW)
    hour = timedelta(hours=1)
    try:
        found = tables(
            NetworkHistory(kept, Chances(lambda: NOW)),
            SourceReport("new", from_file=False, asked=True),
            SourceReport("off", from_file=False, asked=False),
            SourceReport("due", from_file=False, asked=True, asked_at=NOW, due_at=NOW - hour),
            SourceReport(
                *("slow", False, True), asked_at=NOW, due_at=NOW + hour, problem="It is slow."
            ),
        )
    finally:
        kept.close()
    assert [(row[0], row[1], row[8], row[9]) for row in rows(found["sources"])] == [
        ("new", "nothing yet", "at once", "–"),
        ("off", "nothing yet", "not asked", "–"),
        ("due", "nothing yet", "now", "–"),
        ("slow", "nothing yet", "in 1 h", "It is slow."),
    ]
    assert found["gaps"].count == 0
    assert found["sources"].file(0) == ""
    assert found["sources"].tsv().startswith("source\twhat\tfrom\tto\tdays\tdays lacking\t")


def test_values_are_written_so_that_a_difference_shows(tmp_path: Path) -> None:
    kept = HistoryDoor(tmp_path / "history.sqlite", lambda: NOW)
    try:
        for name, factor in (("a.csv", 1.0), ("b.csv", 1.1)):
            series = tuple(
                DayRows(quantity, (DAY,), (value * factor,))
                for quantity, value in ((Q.HASHRATE, 9e20), (Q.FEES, 3.5), (Q.DIFFICULTY, 1.25e14))
            )
            kept.keep_days(DayBatch(name, NOW, series, from_file=True))
        found = rows(tables(NetworkHistory(kept, Chances(lambda: NOW)))["disagreements"])
    finally:
        kept.close()
    by_name = {row[1]: {row[3], row[5]} for row in found}
    assert by_name["Hashrate"] == {"900.00 EH/s", "990.00 EH/s"}
    assert by_name["Fees"] == {"3.5000", "3.8500"}


@pytest.mark.parametrize("quantity", DayQuantity)
def test_each_quantity_has_a_name_and_its_units(quantity: DayQuantity) -> None:
    assert quantity_name(quantity)
    assert len(set(units_of(quantity))) == len(units_of(quantity))


@pytest.mark.parametrize(
    ("text", "mapping", "place", "column"),
    [
        ("a,b\n1,2\n", None, Place.COLUMNS, ""),
        ("date,price\n1,2\n", None, Place.DAYS, ""),
        (
            "a,price\n2026-05-01,2\n",
            HistoryMapping("", PRICE),
            Place.DAYS,
            "",
        ),
        (
            "a,price\n2026-05-01,2\n",
            HistoryMapping("x", PRICE),
            Place.DAYS,
            "",
        ),
        ("date,price,difficulty\n2026-05-01,2,x\n", None, Place.COLUMNS, "difficulty"),
        ("date,IssTotUSD\n2026-05-01,2\n", None, Place.COLUMNS, "IssTotUSD"),
        ("date,price\n2026-06-10,2\n", None, Place.COLUMNS, "price"),
    ],
)
def test_a_mistake_has_its_place(
    tmp_path: Path, text: str, mapping: HistoryMapping | None, place: Place, column: str
) -> None:
    path = tmp_path / "mine.csv"
    path.write_text(text, encoding="utf-8")
    found = dry_run(path, None, mapping, NOW, CancelToken())
    assert found.preview is None
    assert found.problem
    assert (found.place, found.column) == (place, column)


def test_a_cancelled_look_ends(tmp_path: Path) -> None:
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        dry_run(tmp_path / "mine.csv", None, None, NOW, token)
