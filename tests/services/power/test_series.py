from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minerdesk.domain.errors import UserError
from minerdesk.domain.prices import PriceRows
from minerdesk.services.power.series import (
    Hole,
    KeptPrices,
    Mapping,
    PriceSeries,
    PriceUnit,
    look_over,
    merge,
    read_prices_csv,
)
from minerdesk.services.quantities import DECIMAL_COMMA
from minerdesk.storage.price_files import PriceFiles

AT = datetime(2026, 1, 2, tzinfo=UTC)
HEAD = "start,price_per_kwh\n"


def write(folder: Path, text: str) -> Path:
    path = folder / "prices.csv"
    path.write_text(text, "utf-8")
    return path


def refusal(path: Path, mapping: Mapping | None = None) -> str:
    with pytest.raises(UserError) as caught:
        read_prices_csv(path, "USD", AT, mapping)
    sentence = caught.value.sentence
    assert sentence.endswith(".")
    assert sentence.count("\n") == 0
    return sentence


def hours(count: int, start: str = "2026-01-01T00:00-06:00", step: int = 60) -> list[str]:
    first = datetime.fromisoformat(start)
    return [(first + i * timedelta(minutes=step)).isoformat() for i in range(count)]


def test_the_contract_is_read_exactly(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "start,price_per_mwh\n2026-01-01T00:00-06:00,71\n2026-01-01T07:00Z,-5.123\n"
        "2026-01-01T02:00-06:00,0\n",
    )
    rows = read_prices_csv(path, "USD", AT)
    assert rows == PriceRows(
        (1767247200, 1767250800, 1767254400), (0.071, -0.005123, 0.0), 60, "USD", "prices.csv", AT
    )


def test_a_three_digit_fraction_is_no_thousand_in_the_contract(tmp_path: Path) -> None:
    path = write(tmp_path, HEAD.replace("kwh", "mwh") + "\n".join(f"{t},45.125" for t in hours(2)))
    assert read_prices_csv(path, "USD", AT).per_kwh == (0.045125, 0.045125)


def test_semicolons_and_decimal_commas_are_understood(tmp_path: Path) -> None:
    text = "start;price_per_kwh\n" + "\n".join(f"{t};0,07" for t in hours(3, step=15))
    rows = read_prices_csv(write(tmp_path, text), "EUR", AT)
    assert rows.per_kwh == (0.07,) * 3
    assert rows.step_minutes == 15


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a,b\n1,2\n", ["needs the columns start", "found a, b"]),
        ("start,price_per_kwh,price_per_mwh\n", ["needs the columns"]),
        (HEAD, ["holds 0 prices", "two or more"]),
        (HEAD + "2026-01-01T00:00Z,1\n", ["holds 1 prices"]),
        (
            HEAD + "2026-01-01T00:00,1\n2026-01-01T01:00,1\n",
            ["Line 2", "2026-01-01T00:00-06:00", "time zone"],
        ),
        (HEAD + "2026-01-01T00:00Z,1\nsoon,1\n", ["Line 3", "“soon” is no time"]),
        (HEAD + "2026-01-01T00:00Z,1\n2026-02-30T00:00Z,1\n", ["Line 3", "is no time"]),
        (HEAD + "2026-01-01T00:00:30Z,1\n2026-01-01T01:00:30Z,1\n", ["Line 2", "whole minute"]),
        (HEAD + "2026-01-01T00:00Z,1\n2026-01-01T01:00Z,abc\n", ["Line 3", "abc", "is no number"]),
        (HEAD + "2026-01-01T00:00Z,nan\n2026-01-01T01:00Z,1\n", ["Line 2", "nan"]),
        (HEAD + "2026-01-01T00:00Z,1\n2026-01-01T01:00Z\n", ["Line 3", "missing"]),
        (
            HEAD + "2026-01-01T00:00Z,1\n2026-01-01T01:00Z,1\n2026-01-01T01:00Z,1\n",
            ["Lines 3 and 4", "both", "another offset"],
        ),
        (
            HEAD + "2026-01-01T00:00Z,1\n2026-01-01T02:00Z,1\n2026-01-01T01:00Z,1\n",
            ["Line 4", "line 3", "sort the rows"],
        ),
        (HEAD + "2026-01-01T02:00Z,1\n2026-01-01T01:00Z,1\n", ["newest", "sort the rows"]),
        (
            HEAD + "2026-01-01T00:00Z,1\n2026-01-01T00:10Z,1\n2026-01-01T00:20Z,1\n",
            ["Lines 2 and 3", "10 minutes apart", "15, 30 or 60"],
        ),
        (
            HEAD
            + "".join(f"{t},1\n" for t in hours(9, "2026-01-01T00:00Z", 15))
            + "".join(f"{t},1\n" for t in hours(4, "2026-01-01T03:00Z")),
            ["Lines 10 and 11", "60 minutes apart", "most others 15"],
        ),
        (
            HEAD + "".join(f"{t},1\n" for t in hours(4)) + "2026-01-01T09:45Z,1\n",
            ["Lines 5 and 6", "45 minutes apart"],
        ),
        (
            HEAD + "2026-01-01T00:00Z,1\n2026-01-01T01:00Z,1\n2026-01-01T04:00Z,1\n",
            ["no prices from 2026-01-01 02:00+00:00 to 2026-01-01 04:00+00:00", "add those rows"],
        ),
        (
            HEAD + "".join(f"2026-01-01T{h:02}:00Z,1\n" for h in (0, 1, 2, 4, 5, 6, 8)),
            ["nor in 1 more span"],
        ),
    ],
)
def test_bad_input_is_one_sentence(tmp_path: Path, text: str, words: list[str]) -> None:
    sentence = refusal(write(tmp_path, text))
    for word in words:
        assert word in sentence


def test_holes_are_kept_as_holes_where_they_were_seen(tmp_path: Path) -> None:
    path = write(tmp_path, HEAD + "".join(f"2026-01-01T{h:02}:00Z,1\n" for h in (0, 1, 4)))
    rows = read_prices_csv(path, "USD", AT, accept_holes=True)
    (hole,) = PriceSeries.of("n", rows).holes
    assert hole == Hole(rows.start_s[1] + 3600, rows.start_s[2])


BERLIN = Mapping("Datum von", "Preis [€/MWh]", PriceUnit.MWH, "Europe/Berlin")


def german(days: list[tuple[str, float]]) -> str:
    return "Datum von;Datum bis;Preis [€/MWh]\n" + "\n".join(
        f"{time};;{price:.2f}".replace(".", ",", 0).replace(
            f"{price:.2f}", f"{price:.2f}".replace(".", ",")
        )
        for time, price in days
    )


def local_hours(first: datetime, count: int, zone: str) -> list[str]:
    start = first.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    return [
        (start + timedelta(hours=i)).astimezone(ZoneInfo(zone)).strftime("%d.%m.%Y %H:%M")
        for i in range(count)
    ]


def test_the_doubled_hour_of_autumn_is_read_in_its_order(tmp_path: Path) -> None:
    day = datetime(2026, 10, 25, tzinfo=UTC)
    times = local_hours(day, 25, "Europe/Berlin")
    assert times[2] == times[3]
    path = write(tmp_path, german([(time, i * 10.0) for i, time in enumerate(times)]))
    rows = read_prices_csv(path, "EUR", AT, BERLIN)
    assert len(rows.start_s) == 25
    assert rows.start_s[0] == (day - timedelta(hours=2)).timestamp()
    assert rows.per_kwh[3] == 0.03


def test_quarters_of_the_doubled_hour_are_read_too(tmp_path: Path) -> None:
    hour = [f"25.10.2026 02:{m:02}" for m in (0, 15, 30, 45)]
    times = ["25.10.2026 01:45", *hour, *hour, "25.10.2026 03:00"]
    rows = read_prices_csv(write(tmp_path, german([(t, 1.5) for t in times])), "EUR", AT, BERLIN)
    assert {b - a for a, b in zip(rows.start_s, rows.start_s[1:], strict=False)} == {900}


def test_the_doubled_hour_told_once_is_refused(tmp_path: Path) -> None:
    times = [f"25.10.2026 {h:02}:00" for h in range(24)]
    sentence = refusal(write(tmp_path, german([(time, 1.5) for time in times])), BERLIN)
    assert "clocks go back in Europe/Berlin once" in sentence
    assert "2026-10-25 02:00+01:00" in sentence


def test_a_doubled_hour_whose_second_stands_apart_is_there_twice(tmp_path: Path) -> None:
    times = [f"25.10.2026 {h:02}:00" for h in (0, 1, 2, 3, 2, 4)]
    sentence = refusal(write(tmp_path, german([(time, 1.5) for time in times])), BERLIN)
    assert "Lines 4 and 6 are both “25.10.2026 02:00”: that time is there twice" in sentence


def test_an_hour_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    times = [f"29.03.2026 {h:02}:00" for h in range(24)]
    sentence = refusal(write(tmp_path, german([(time, 1.5) for time in times])), BERLIN)
    assert "Line 4: 29.03.2026 02:00 does not exist in Europe/Berlin" in sentence
    assert "UTC" in sentence
    skipped = [time for time in times if not time.endswith("02:00")]
    rows = read_prices_csv(write(tmp_path, german([(t, 1.5) for t in skipped])), "EUR", AT, BERLIN)
    assert len(rows.start_s) == 23


def test_an_unknown_zone_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, german([("01.01.2026 00:00", 1.5), ("01.01.2026 01:00", 2.5)]))
    mapping = Mapping(BERLIN.time, BERLIN.price, BERLIN.unit, "Europe/Berlim")
    assert "Europe/Berlin" in refusal(path, mapping)


@pytest.mark.parametrize(
    ("times", "first"),
    [
        (["01/13/2026 00:00", "01/13/2026 01:00"], "2026-01-13T00:00"),
        (["13/01/2026 00:00", "13/01/2026 01:00"], "2026-01-13T00:00"),
        (["1/13/2026 11:00 PM", "1/14/2026 12:00 AM"], "2026-01-13T23:00"),
        (["13.1.2026 00:00 - 13.1.2026 01:00", "13.1.2026 01:00 - x"], "2026-01-13T00:00"),
        (["2026-01-13", "2026-01-13 01:00"], "2026-01-13T00:00"),
        (["2026-01-13 00:00 UTC", "2026-01-13 01:00 UTC"], "2026-01-13T00:00"),
    ],
)
def test_times_as_people_write_them(tmp_path: Path, times: list[str], first: str) -> None:
    path = write(tmp_path, "when,LMP\n" + "".join(f"{time},20.5\n" for time in times))
    rows = read_prices_csv(path, "USD", AT, Mapping("When", "lmp", PriceUnit.MWH, "UTC"))
    assert rows.start_s[0] == datetime.fromisoformat(first).replace(tzinfo=UTC).timestamp()
    assert rows.step_minutes == 60


def test_a_day_that_may_be_a_month_is_asked_about(tmp_path: Path) -> None:
    path = write(tmp_path, "when,LMP\n03/04/2026 00:00,20.5\n03/04/2026 01:00,20.5\n")
    mapping = Mapping("when", "LMP", PriceUnit.MWH, "UTC")
    assert "day or the month" in refusal(path, mapping)
    for day_first, month in ((True, 4), (False, 3)):
        chosen = Mapping("when", "LMP", PriceUnit.MWH, "UTC", day_first)
        rows = read_prices_csv(path, "USD", AT, chosen)
        assert datetime.fromtimestamp(rows.start_s[0], UTC).month == month


@pytest.mark.parametrize("time", ["1/13/2026 13:00 PM", "1/13/2026 0:10 AM", "2/30/2026 00:00"])
def test_times_that_nobody_can_mean_are_refused(tmp_path: Path, time: str) -> None:
    path = write(tmp_path, f"when,LMP\n1/13/2026 00:00,20.5\n{time},1.5\n")
    assert "is no time" in refusal(path, Mapping("when", "LMP", PriceUnit.MWH, "UTC"))


def test_a_number_that_means_two_things_is_asked_about(tmp_path: Path) -> None:
    path = write(tmp_path, "when;p\n2026-01-01;1,125\n2026-01-01T01:00;2,250\n")
    mapping = Mapping("when", "p", PriceUnit.CENT_KWH, "UTC")
    assert "may mean" in refusal(path, mapping)
    chosen = Mapping("when", "p", PriceUnit.CENT_KWH, "UTC", style=DECIMAL_COMMA)
    assert read_prices_csv(path, "EUR", AT, chosen).per_kwh == (0.01125, 0.0225)


@pytest.mark.parametrize(
    ("header", "words"), [("x,p", "has no column “when”"), ("when,p,P", "several columns “p”")]
)
def test_columns_that_do_not_fit_are_named(tmp_path: Path, header: str, words: str) -> None:
    path = write(tmp_path, header + "\n1,2\n")
    assert words in refusal(path, Mapping("when", "p", PriceUnit.KWH))


def test_a_spreadsheet_is_read_as_well(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["when", "price"])
    sheet.append([datetime(2026, 1, 1), 0.25])  # noqa: DTZ001 - a spreadsheet knows no zones
    sheet.append([datetime(2026, 1, 1, 1), 0.5])  # noqa: DTZ001 - see above
    book.save(tmp_path / "p.xlsx")
    rows = read_prices_csv(
        tmp_path / "p.xlsx", "USD", AT, Mapping("when", "price", PriceUnit.KWH, "America/Chicago")
    )
    assert rows.per_kwh == (0.25, 0.5)
    assert rows.start_s[0] == 1767247200


def test_a_look_over_says_what_is_inside_and_keeps_nothing(tmp_path: Path) -> None:
    path = write(tmp_path, HEAD + "".join(f"2026-01-01T{h:02}:00Z,{h - 1}\n" for h in (0, 1, 4)))
    seen = look_over(path, "USD", AT)
    assert (seen.start, seen.end) == (
        datetime(2026, 1, 1, tzinfo=UTC),
        datetime(2026, 1, 1, 5, tzinfo=UTC),
    )
    assert (seen.mean, seen.minimum, seen.maximum, seen.negatives) == (2 / 3, -1.0, 3.0, 1)
    assert seen.step_minutes == 60
    assert len(seen.holes) == 1
    assert "no prices from" in seen.problem
    assert seen.rows is not None
    assert seen.rows.currency == "USD"


@pytest.mark.parametrize(
    ("header", "mapping"),
    [
        ("Timestamp,LMP", Mapping("timestamp", "lmp", PriceUnit.MWH)),
        (
            "MTU (UTC),Day-ahead Price [EUR/MWh]",
            Mapping("mtu (utc)", "day-ahead price [eur/mwh]", PriceUnit.MWH, "UTC"),
        ),
        (
            "MTU (CET/CEST),Day-ahead Price (EUR/MWh)",
            Mapping(
                "mtu (cet/cest)", "day-ahead price (eur/mwh)", PriceUnit.MWH, "Europe/Brussels"
            ),
        ),
        ("Datum,Preis (ct/kWh)", Mapping("datum", "preis (ct/kwh)", PriceUnit.CENT_KWH)),
        ("Date,Price [USD/kWh]", Mapping("date", "price [usd/kwh]", PriceUnit.KWH)),
        ("Date,price_per_mwh", Mapping("date", "price_per_mwh", PriceUnit.MWH)),
        ("Date,Load [MW]", None),
        ("a,b", None),
    ],
)
def test_other_layouts_are_guessed(tmp_path: Path, header: str, mapping: Mapping | None) -> None:
    seen = look_over(write(tmp_path, header + "\n"), "EUR", AT)
    assert "needs the columns" in seen.problem
    assert seen.mapping == mapping
    assert seen.columns == tuple(header.split(","))
    assert seen.rows is None


def rows(starts: list[int], price: float, step: int = 60, currency: str = "USD") -> PriceRows:
    return PriceRows(tuple(starts), (price,) * len(starts), step, currency, "s", AT)


def test_newer_prices_stand_over_older_ones() -> None:
    merged = merge(rows([0, 3600], 1.0), rows([3600, 7200], 2.0))
    assert merged.start_s == (0, 3600, 7200)
    assert merged.per_kwh == (1.0, 2.0, 2.0)
    assert merge(None, merged) is merged
    assert merge(rows([], 0.0), merged) is merged
    assert merge(merged, rows([], 0.0)) is merged


def test_hours_and_quarters_merge_into_quarters() -> None:
    merged = merge(rows([0], 1.0), rows([3600], 2.0, 15))
    assert merged.step_minutes == 15
    assert merged.start_s == (0, 900, 1800, 2700, 3600)
    assert merge(rows([0], 1.0, 15), rows([0], 2.0)).per_kwh == (2.0,) * 4


def test_another_currency_is_refused() -> None:
    with pytest.raises(UserError, match=r"are in USD and these in EUR"):
        merge(rows([0], 1.0), rows([0], 1.0, currency="EUR"))


@given(st.lists(st.integers(0, 40), unique=True), st.lists(st.integers(0, 40), unique=True))
def test_a_merge_has_each_start_once_and_in_order(old: list[int], new: list[int]) -> None:
    merged = merge(
        rows([900 * i for i in sorted(old)], 1.0, 15), rows([900 * i for i in sorted(new)], 2.0, 15)
    )
    assert merged.start_s == tuple(900 * i for i in sorted({*old, *new}))
    prices = dict(zip(merged.start_s, merged.per_kwh, strict=True))
    assert all(prices[900 * i] == 2.0 for i in new)


def test_kept_prices_are_read_once_and_again_where_the_file_changed(tmp_path: Path) -> None:
    written: list[str] = []
    kept = KeptPrices(PriceFiles(tmp_path / "prices"), written.append)
    assert kept.series("north") is None
    kept.merge("north", rows([0], 1.0))
    first = kept.series("north")
    assert first is not None
    assert first.end == datetime(1970, 1, 1, 1, tzinfo=UTC)
    assert kept.series("north") is first
    kept.merge("north", rows([3600], 2.0))
    again = kept.series("north")
    assert again is not None
    assert again.per_kwh.tolist() == [1.0, 2.0]
    assert kept.names() == ("north",)
    kept.remove("north")
    assert kept.series("north") is None
    assert written == ["north"] * 3
    assert PriceSeries.of("n", rows([], 0.0)).end is None


def test_two_threads_that_merge_lose_nothing(tmp_path: Path) -> None:
    kept = KeptPrices(PriceFiles(tmp_path))
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda i: kept.merge("north", rows([3600 * i], float(i))), range(24)))
    series = kept.series("north")
    assert series is not None
    assert series.per_kwh.tolist() == [float(i) for i in range(24)]
