from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from minerdesk.domain.errors import UserError
from minerdesk.services.network_reading.history_csv import read_daily_file, subsidy_on

COIN_METRICS = "time,PriceUSD,HashRate,IssTotUSD,FeeTotNtv,TxCnt"
PLAIN = "date,price,hashrate_ehs"


def written(folder: Path, header: str, *rows: str) -> Path:
    path = folder / "days.csv"
    path.write_text("\n".join((header, *rows)) + "\n", encoding="utf-8")
    return path


def test_the_community_layout_is_read_with_its_units(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        COIN_METRICS,
        "2026-01-18,90000,1000000000,40500000,2.5,1",
        "2026-01-19T00:00:00.000000000Z,91000,1100000000,40950000,2.75,1",
    )
    found = read_daily_file(path)
    assert found.days.first_day == date(2026, 1, 18).toordinal()
    assert found.days.price.tolist() == [90_000, 91_000]
    assert found.days.hashrate_hs == pytest.approx([1e21, 1.1e21])
    assert found.days.issuance_btc == pytest.approx([450, 450])
    assert found.days.fees_btc.tolist() == [2.5, 2.75]
    assert np.isnan(found.days.difficulty).all()
    assert found.notes == ()
    assert found.name == "days.csv"


def test_the_plain_layout_says_what_was_taken_for_what_it_lacks(tmp_path: Path) -> None:
    found = read_daily_file(written(tmp_path, PLAIN, "2026-01-19,90000,1000"))
    assert found.days.hashrate_hs == pytest.approx([1e21])
    assert found.days.issuance_btc == pytest.approx([450])
    assert found.days.fees_btc.tolist() == [0]
    assert len(found.notes) == 2


def test_the_plain_layout_with_everything_needs_no_assumption(tmp_path: Path) -> None:
    header = f"{PLAIN},difficulty,fees_btc,issuance_btc"
    found = read_daily_file(written(tmp_path, header, "2026-01-19,90000,1000,1.4e14,2,440"))
    assert found.days.difficulty.tolist() == [1.4e14]
    assert found.days.issuance_btc.tolist() == [440]
    assert found.notes == ()


def test_days_may_come_in_any_order_and_gaps_stay_gaps(tmp_path: Path) -> None:
    path = written(
        tmp_path, PLAIN, "2026-01-22,4,1", "2026-01-19,1,", "", "2026-01-20,2,3", "2026-01-23,5,2"
    )
    found = read_daily_file(path)
    assert np.array_equal(found.days.price, [1, 2, np.nan, 4, 5], equal_nan=True)
    assert np.isnan(found.days.hashrate_hs).tolist() == [True, False, True, False, False]
    assert "1 day is missing, 2026-01-21" in found.notes[0]


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        (["19.1.2026,1,1"], "line 2: date must be a date such as 2026-01-19, found “19.1.2026”"),
        ([",1,1"], "found “”"),
        (["2026-01-19T12:00:00Z,1,1"], "a whole day, which begins at 00:00 UTC"),
        (["2026-01-19,1,1", "2026-01-19,2,2"], "line 3: date must be another day than that of"),
        (["2026-01-19,a lot,1"], "price must be a number with a dot"),
        (['2026-01-19,"1,5",1'], "price must be a number with a dot"),
        (["2026-01-19,-1,1"], "price must be greater than 0"),
        (["2026-01-19,1e999,1"], "price must be at most 1e+12"),
        (["1800-01-01,1,1", "2026-01-19,1,1"], "spans 82"),
        (["20260119,1,1"], "found “20260119”"),
        (["2026-W04-1,1,1"], "found “2026-W04-1”"),
        (["2026-01-19,90,000,1000"], "line 2: 4 values, where the header names 3 columns"),
    ],
)
def test_a_bad_row_refuses_the_file_in_one_sentence(
    rows: list[str], sentence: str, tmp_path: Path
) -> None:
    with pytest.raises(UserError) as refused:
        read_daily_file(written(tmp_path, PLAIN, *rows))
    assert sentence in refused.value.sentence
    assert "\n" not in refused.value.sentence


def test_another_header_is_refused_with_what_would_do(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="needs the columns time, PriceUSD"):
        read_daily_file(written(tmp_path, "day,usd", "2026-01-19,1"))


def test_a_header_alone_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError):
        read_daily_file(written(tmp_path, PLAIN))


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot be read"):
        read_daily_file(tmp_path / "none.csv")


@pytest.mark.parametrize(
    ("day", "subsidy"),
    [("2009-01-03", 50.0), ("2012-11-28", 25.0), ("2024-04-19", 6.25), ("2024-04-20", 3.125)],
)
def test_the_subsidy_of_a_day(day: str, subsidy: float) -> None:
    assert subsidy_on(date.fromisoformat(day)) == subsidy


def test_lines_of_any_order_and_a_line_that_is_there_twice(tmp_path: Path) -> None:
    rows = ("2026-01-19,3,1000", "2026-01-17,1,1000", "2026-01-18,2,1000", "2026-01-17,1,1000")
    found = read_daily_file(written(tmp_path, PLAIN, *rows))
    assert found.days.price.tolist() == [1, 2, 3]
    assert "1 line says a day again in the same words, 2026-01-17." in found.notes


def test_values_that_lack_between_others_are_told(tmp_path: Path) -> None:
    rows = [f"2026-01-{day:02d},{'' if day in {1, 3, 4, 9} else day},1000" for day in range(1, 10)]
    found = read_daily_file(written(tmp_path, PLAIN, *rows))
    assert np.isnan(found.days.price).tolist() == [True, False, True, True, *[False] * 4]
    assert "price has no value on 2 days, the first is 2026-01-03" in found.notes[0]


@pytest.mark.parametrize("last", ["2026-01-19,3,", "2026-01-19,,1002", "2026-01-19,3,0"])
def test_a_day_at_the_end_that_lacks_a_value_is_not_complete(last: str, tmp_path: Path) -> None:
    rows = ("2026-01-17,1,1000", "2026-01-18,2,1001")
    found = read_daily_file(written(tmp_path, PLAIN, *rows, last))
    assert found.days.price.tolist() == [1, 2]
    assert "1 day at the end is not complete and left out, 2026-01-19." in found.notes
    two = read_daily_file(written(tmp_path, PLAIN, *rows, last, last.replace("19", "20")))
    assert two.days.price.tolist() == [1, 2]
    assert "2 days at the end are not complete and left out" in two.notes[0]


def test_a_price_that_began_or_ended_long_ago_leaves_no_day_out(tmp_path: Path) -> None:
    rows = [f"2026-01-{day:02d},,1000" for day in range(1, 32)]
    assert read_daily_file(written(tmp_path, PLAIN, *rows)).days.count == 31
    ended = read_daily_file(written(tmp_path, PLAIN, "2025-12-31,1,1000", *rows))
    assert ended.days.count == 32


def test_a_hashrate_of_nothing_is_one_that_is_not_known(tmp_path: Path) -> None:
    header = f"{PLAIN},difficulty"
    rows = ("2026-01-17,1,1000,1e14", "2026-01-18,1,0,0", "2026-01-19,1,1000,1e14")
    found = read_daily_file(written(tmp_path, header, *rows))
    assert np.isnan(found.days.hashrate_hs).tolist() == [False, True, False]
    assert np.isnan(found.days.difficulty).tolist() == [False, True, False]


def test_nothing_after_the_day_asked_for_is_looked_at(tmp_path: Path) -> None:
    rows = ["2026-01-17,1,1000", "2026-01-18,2,1000"]
    later = ["2026-01-20,4,1000", "2026-01-20,4,1000", "2026-01-21,-,1000", "2026-01-22,6,1000"]
    short = read_daily_file(written(tmp_path, PLAIN, *rows))
    found = read_daily_file(written(tmp_path, PLAIN, *rows, *later), date(2026, 1, 18))
    assert found.days.price.tolist() == [1, 2]
    assert found.notes == short.notes
    early = read_daily_file(written(tmp_path, PLAIN, *rows), date(2020, 1, 1))
    assert early.days.price.tolist() == [1]


def test_a_file_of_empty_lines_has_no_rows(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"days\.csv has no rows"):
        read_daily_file(written(tmp_path, PLAIN, "", "  ", ""))
