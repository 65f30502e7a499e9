"""Files of the past: what they hold is told before anything is kept, and can be taken back."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from minerdesk.domain.errors import UserError
from minerdesk.domain.network_days import DayQuantity
from minerdesk.services.history_view import HistoryDoor
from minerdesk.services.network_history.columns import (
    HASHRATE_UNITS,
    ColumnUse,
    guess_hashrate_unit,
    known_column,
)
from minerdesk.services.network_history.history import Chances, NetworkHistory
from minerdesk.services.network_history.import_file import (
    HistoryMapping,
    HistoryPreview,
    guess_mapping,
    preview,
    read_table_of,
)
from minerdesk.services.network_history.reports import Span
from minerdesk.services.quantities import DECIMAL_COMMA
from minerdesk.storage.resources import load_retargets

Q = DayQuantity
NOW = datetime(2026, 6, 10, 9, tzinfo=UTC)
DATA = Path(__file__).resolve().parents[4] / "shared" / "data"


def look(folder: Path, text: str, mapping: HistoryMapping | None = None) -> HistoryPreview:
    path = folder / "mine.csv"
    path.write_text(text, encoding="utf-8")
    return preview(read_table_of(path), NOW.date(), mapping)


def values(found: HistoryPreview, quantity: DayQuantity) -> dict[int, float]:
    (rows,) = [rows for rows in found.series if rows.quantity is quantity]
    return dict(zip(rows.day, rows.value, strict=True))


def day(text: str) -> int:
    return date.fromisoformat(text).toordinal()


COIN_METRICS = """time,PriceUSD,HashRate,IssTotUSD,FeeTotNtv,TxCnt
2026-05-01T00:00:00.000000000Z,80000.5,950000000.5,36000225,3.5,1
2026-05-02T00:00:00.000000000Z,81000,900000000,36450000,,1
2026-05-04T00:00:00.000000000Z,82000,910000000,36900000,2.5,1
"""


def test_coin_metrics_is_known_by_itself(tmp_path: Path) -> None:
    found = look(tmp_path, COIN_METRICS)
    assert (found.name, found.rows) == ("mine.csv", 3)
    assert (found.first, found.last) == (date(2026, 5, 1), date(2026, 5, 4))
    assert found.mapping.time == "time"
    assert [(p.use.column, p.use.quantity, p.use.unit, p.days) for p in found.parts] == [
        ("PriceUSD", Q.PRICE, "", 3),
        ("HashRate", Q.HASHRATE, "TH/s", 3),
        ("IssTotUSD", Q.ISSUANCE, "USD", 3),
        ("FeeTotNtv", Q.FEES, "BTC", 2),
    ]
    assert found.parts[0].gaps == (Span(date(2026, 5, 3), date(2026, 5, 3)),)
    assert found.parts[3].gaps == (Span(date(2026, 5, 2), date(2026, 5, 3)),)
    assert values(found, Q.HASHRATE)[day("2026-05-01")] == 950000000.5e12
    assert values(found, Q.ISSUANCE)[day("2026-05-02")] == 450
    assert found.series[0].currency == "USD"
    assert found.sample[0][1] == "80000.5"
    assert found.headers[-1] == "TxCnt"
    assert found.notes == ()


def test_a_plain_file_is_known_by_its_names(tmp_path: Path) -> None:
    text = (
        "date,price,hashrate_ehs,difficulty,fees_btc,issuance_btc\n"
        "2026-05-01,80000,950,1.4e14,3,450\n"
    )
    found = look(tmp_path, text)
    assert {p.use.quantity for p in found.parts} == {
        *(Q.PRICE, Q.HASHRATE, Q.DIFFICULTY, Q.FEES, Q.ISSUANCE)
    }
    assert values(found, Q.HASHRATE) == {day("2026-05-01"): 950e18}
    assert values(found, Q.DIFFICULTY) == {day("2026-05-01"): 1.4e14}


def test_a_unit_that_is_not_said_is_guessed_and_marked(tmp_path: Path) -> None:
    found = look(tmp_path, "date,hashrate\n2026-05-01,950\n2026-05-02,960\n")
    (part,) = found.parts
    assert (part.use.unit, part.use.guessed) == ("EH/s", True)
    chosen = HistoryMapping("date", (ColumnUse("hashrate", Q.HASHRATE, "PH/s"),))
    again = look(tmp_path, "date,hashrate\n2026-05-01,950\n2026-05-02,960\n", chosen)
    assert values(again, Q.HASHRATE)[day("2026-05-01")] == 950e15
    assert not again.parts[0].use.guessed


@pytest.mark.parametrize("unit", HASHRATE_UNITS)
@pytest.mark.parametrize(("year", "hs"), [(2010, 1e10), (2014, 2e17), (2020, 1.2e20), (2031, 3e21)])
def test_units_are_guessed_by_the_size_of_the_network(unit: str, year: int, hs: float) -> None:
    assert guess_hashrate_unit([(2009, 1.0), (year, hs / HASHRATE_UNITS[unit])]) == unit


@pytest.mark.parametrize(
    ("header", "quantity", "unit"),
    [
        ("hashrate_ths", Q.HASHRATE, "TH/s"),
        ("Hashrate (EH/s)", Q.HASHRATE, "EH/s"),
        ("network_hashrate_hs", Q.HASHRATE, "H/s"),
        ("hash-rate", Q.HASHRATE, ""),
        ("Hash Rate PH/s", Q.HASHRATE, "PH/s"),
        ("close_usd", Q.PRICE, ""),
        ("DiffMean", Q.DIFFICULTY, ""),
    ],
)
def test_columns_are_known_by_their_names(header: str, quantity: DayQuantity, unit: str) -> None:
    assert known_column(header) == ColumnUse(header, quantity, unit)


def test_other_columns_are_not() -> None:
    assert known_column("hashrated") is None
    assert known_column("TxCnt") is None


def test_the_days_that_are_not_over_and_values_that_cannot_be_are_left_out(tmp_path: Path) -> None:
    text = "date,price\n2026-06-08,5\n2026-06-09,-1\n2026-06-10,7\n2008-01-01,3\n2026-06-07,0\n"
    found = look(tmp_path, text)
    assert values(found, Q.PRICE) == {day("2026-06-08"): 5}
    assert "3 values are left out" in found.notes[0]


def test_doubles_are_told_and_the_last_holds(tmp_path: Path) -> None:
    text = "date,price\n2026-05-01,5\n2026-05-02,6\n2026-05-02,7\n2026-05-01,5\n"
    found = look(tmp_path, text)
    assert found.parts[0].doubles == (date(2026, 5, 2),)
    assert found.rows == 4


@pytest.mark.parametrize(
    "text",
    [
        "2026/5/1",
        "2026-05-01 23:59:59",
        "2026-05-02T01:30:00+02:00",
        "1777593600",
        "1777593600000",
        "1.5.2026",
        "13/05/2026",
    ],
)
def test_days_are_read_in_many_forms(tmp_path: Path, text: str) -> None:
    found = look(tmp_path, f"date,price\n{text},5\n")
    wanted = "2026-05-13" if text.startswith("13") else "2026-05-01"
    assert values(found, Q.PRICE) == {day(wanted): 5}


def test_the_order_of_day_and_month_is_found_or_asked_for(tmp_path: Path) -> None:
    months = "date,price\n05/01/2026,5\n05/13/2026,6\n"
    assert day("2026-05-13") in values(look(tmp_path, months), Q.PRICE)
    unclear = "date,price\n05/01/2026,5\n05/02/2026,6\n"
    with pytest.raises(UserError, match="say which"):
        look(tmp_path, unclear)
    chosen = HistoryMapping("date", (ColumnUse("price", Q.PRICE),), day_first=False)
    assert day("2026-05-02") in values(look(tmp_path, unclear, chosen), Q.PRICE)


def test_a_mapping_names_the_columns(tmp_path: Path) -> None:
    text = "Tag;Kurs;Gebühr\n01.05.2026;80.000,5;350000000\n"
    path = tmp_path / "mine.csv"
    path.write_text(text, encoding="utf-8")
    assert guess_mapping(read_table_of(path)) is None
    mapping = HistoryMapping(
        "Tag",
        (ColumnUse("Kurs", Q.PRICE), ColumnUse("Gebühr", Q.FEES, "sat")),
        currency="EUR",
        style=DECIMAL_COMMA,
    )
    found = look(tmp_path, text, mapping)
    assert values(found, Q.PRICE) == {day("2026-05-01"): 80000.5}
    assert values(found, Q.FEES) == {day("2026-05-01"): 3.5}
    assert found.series[0].currency == "EUR"


PRICE = (ColumnUse("price", Q.PRICE),)


@pytest.mark.parametrize(
    ("text", "mapping", "sentence"),
    [
        ("a,b\n1,2\n", None, "say which is what"),
        ("date,price\n", None, "holds no day"),
        ("date,price\nsoon,5\n", None, "Line 2: “soon” is no day"),
        ("date,price\n2026-02-30,5\n", None, "is no day"),
        ("date,price\n12,5\n", None, "is no day"),
        ("date,price\n2026-05-01,much\n", None, "Line 2, column “price”"),
        ("date,price\n2026-05-01,\n", None, "no value that can be kept"),
        ("date,price\n2026-05-01,5\n", HistoryMapping("when", PRICE), "no column “when”"),
        ("date,price,price\n2026-05-01,5,6\n", HistoryMapping("date", PRICE), "several columns"),
        ("date,price\n2026-05-01,5\n", HistoryMapping("date", ()), "at least one column"),
        ("date,IssTotUSD\n2026-05-01,5\n", None, "needs a column of prices"),
        (
            "date,h\n2026-05-01,5\n",
            HistoryMapping("date", (ColumnUse("h", Q.HASHRATE, "kH/s"),)),
            "unit kH/s",
        ),
        ('{"a": 1', None, "no chart of blockchain.com"),
        ('{"a": 1}', None, "no list of points"),
    ],
)
def test_what_cannot_be_read_is_one_sentence(
    tmp_path: Path, text: str, mapping: HistoryMapping | None, sentence: str
) -> None:
    with pytest.raises(UserError, match=sentence):
        look(tmp_path, text, mapping)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot be read"):
        read_table_of(tmp_path / "none.csv")


def chart(**more: object) -> str:
    points = [{"x": 1777593600 + i * 86400, "y": 9e8 + i} for i in range(3)]
    return json.dumps({"status": "ok", "values": [*points, {"x": 1777852800, "y": None}], **more})


def test_a_chart_of_blockchain_com_is_known(tmp_path: Path) -> None:
    found = look(tmp_path, chart(name="Hash Rate", unit="Hash Rate TH/s"))
    assert values(found, Q.HASHRATE)[day("2026-05-01")] == (9e8 + 1) * 1e12
    assert "means of several days" in found.notes[0]
    price = look(tmp_path, chart(name="Market Price (USD)", unit="USD"))
    assert price.parts[0].use.quantity is Q.PRICE
    with pytest.raises(UserError, match="say which is what"):
        look(tmp_path, chart(name=7))


def test_a_saved_chart_has_milliseconds_and_its_lines_by_name(tmp_path: Path) -> None:
    text = json.dumps(
        {
            "metric1": "difficulty",
            "metric2": "market-price",
            "difficulty": [{"x": 1777593600000, "y": 1.4e14}, {"x": 1777939200000, "y": 1.4e14}],
            "market-price": [{"x": 1777593600000, "y": 80000.0}],
        }
    )
    found = look(tmp_path, text)
    assert values(found, Q.DIFFICULTY).keys() == {day("2026-05-01"), day("2026-05-05")}
    assert values(found, Q.PRICE) == {day("2026-04-30"): 80000.0}


def test_a_file_is_kept_joined_and_taken_back(tmp_path: Path) -> None:
    door = HistoryDoor(tmp_path / "history.sqlite", lambda: NOW)
    try:
        history = NetworkHistory(door, Chances(lambda: NOW), load_retargets())
        found = look(tmp_path, COIN_METRICS)
        assert history.sources() == ()
        history.keep(found.batch(NOW))
        (report,) = history.sources()
        assert (report.name, report.from_file, report.asked) == ("mine.csv", True, False)
        daily = history.daily()
        assert daily.hashrate_resolution == "day"
        assert daily.provenance(Q.FEES)[0].source == "mine.csv"
        assert daily.days.fees_btc[day("2026-05-01") - daily.days.first_day] == 3.5
        history.remove("mine.csv")
        assert history.daily().hashrate_resolution == "epoch"
    finally:
        door.close()


@pytest.mark.parametrize(
    ("name", "quantities", "rows"),
    [
        ("btc_daily_coinmetrics_2020-01-01_2026-06-01.csv", "price hashrate issuance fees", 2344),
        ("btc_daily_coinmetrics_2009-01-03_2019-10-20.csv", "difficulty price fees issuance", 3943),
        ("btc_price_daily_2023-01-01_2026-08-21.csv", "price", 1329),
        ("blockchain_com_hash-rate_7d_4day_2009_2026-01-01.json", "hashrate price", 3000),
        ("blockchain_com_difficulty_4day_2009_2026-01.json", "difficulty price", 3000),
    ],
)
def test_real_files_are_read_as_they_are(name: str, quantities: str, rows: int) -> None:
    path = DATA / name
    if not path.is_file():
        pytest.skip("the data are not here")
    found = preview(read_table_of(path), date(2026, 11, 22))
    assert {part.use.quantity.value for part in found.parts} == set(quantities.split())
    assert found.rows >= rows
    if Q.HASHRATE.value in quantities:
        latest = max(values(found, Q.HASHRATE).items())[1]
        assert 5e20 < latest < 2e21


def test_a_saved_chart_is_of_the_days_that_coin_metrics_says() -> None:
    chart_file = DATA / "blockchain_com_difficulty_4day_2009_2026-01.json"
    daily_file = DATA / "btc_daily_coinmetrics_2020-01-01_2026-06-01.csv"
    if not (chart_file.is_file() and daily_file.is_file()):
        pytest.skip("the data are not here")
    charted = values(preview(read_table_of(chart_file), NOW.date()), Q.PRICE)
    daily = values(preview(read_table_of(daily_file), NOW.date()), Q.PRICE)
    apart = [abs(charted[d] / daily[d] - 1) for d in charted.keys() & daily.keys()]
    assert len(apart) > 500
    assert sum(apart) / len(apart) < 0.003
