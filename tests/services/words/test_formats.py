from __future__ import annotations

import math
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minerdesk.services.number_text import DECIMAL_COMMA, DECIMAL_DOT
from minerdesk.services.words import Formats, column_digits
from minerdesk.services.words.formats import money_digits, system_locale_name

EN, DE = Formats("en"), Formats("de")
NAN = math.nan


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (EN.number(12_000), "12,000"),
        (EN.number(1234.567, 2), "1,234.57"),
        (EN.number(-3.84, 1), "−3.8"),
        (EN.number(3.84, 1, signed=True), "+3.8"),
        (EN.number(0.0, 1, signed=True), "0.0"),
        (EN.number(-0.001, 2), "0.00"),
        (EN.number(None), "–"),
        (EN.number(NAN, 2), "–"),
        (EN.number(math.inf), "∞"),
        (EN.number(-math.inf), "−∞"),
        (EN.number(-1.25e300, 2), "−1.25e+300"),
        (DE.number(1234.5, 1), "1.234,5"),
        (Formats("en_IN").number(12_345_678), "1,23,45,678"),
        (Formats("sv").number(-1234), "−1\xa0234"),
        (EN.count(412), "412"),
        (EN.money(0.0912, "USD"), "0.0912 USD"),
        (EN.money(71_300.4, "USD"), "71,300 USD"),
        (EN.money(0.74, "USD"), "0.74 USD"),
        (EN.money(-1.5, "USD"), "−1.50 USD"),
        (EN.money(46, "USD", 0), "46 USD"),
        (EN.money(16_400, "USD", signed=True), "+16,400 USD"),
        (EN.money(NAN, "USD"), "–"),
        (EN.money(None, "USD"), "–"),
        (EN.money(0, "EUR"), "0.00 EUR"),
        (EN.price_per_kwh(0.0912, "USD"), "0.0912 USD/kWh"),
        (EN.price_per_kwh(0.05, "USD"), "0.05 USD/kWh"),
        (EN.price_per_kwh(-0.01, "EUR"), "−0.01 EUR/kWh"),
        (EN.price_per_kwh(NAN, "EUR"), "–"),
        (EN.percent(0.02), "2.0%"),
        (EN.percent(0.985, 0), "98%"),
        (DE.percent(0.02), "2,0\xa0%"),
        (EN.percent(None), "–"),
        (EN.percent_points(-3.84, signed=True), "−3.8%"),
        (EN.change(-3.84, 1.23), "−3.8% ±1.2"),
        (DE.change(3.84, 1.23), "+3,8\xa0% ±1,2"),
        (EN.change(3.84, 1.23, 0, signed=False), "4% ±1"),
        (DE.percent_sign, "\xa0%"),
        (EN.difficulty(146_472_570_619_930.78), "146.5 T"),
        (EN.difficulty(1.0), "1.0"),
        (EN.difficulty(None), "–"),
        (EN.hashrate(0), "0 TH/s"),
        (EN.hashrate(1.2), "1.20 TH/s"),
        (EN.hashrate(395.2), "395 TH/s"),
        (EN.hashrate(1_840), "1.84 PH/s"),
        (EN.hashrate(977e6), "977 EH/s"),
        (EN.hashrate(0.5), "500 GH/s"),
        (EN.power(17), "17 W"),
        (EN.power(17.5), "17.5 W"),
        (EN.power(3_250), "3,250 W"),
        (EN.power(42_820), "42.8 kW"),
        (EN.power(41_200_000), "41.2 MW"),
        (EN.power(NAN), "–"),
        (EN.efficiency(17.5), "17.5 J/TH"),
        (EN.efficiency(NAN), "–"),
        (EN.btc(0.00016324), "0.00016324 BTC"),
        (EN.btc(0.75684), "0.75684 BTC"),
        (EN.btc(123.4), "123.40 BTC"),
        (EN.btc(None), "–"),
        (EN.sats(0.00016324), "16,324 sats"),
        (EN.coins(0.00016324, small=True), "16,324 sats"),
        (EN.coins(0.75684, small=False), "0.75684 BTC"),
        (EN.days(12.4), "12 days"),
        (EN.days(300), "10 months"),
        (EN.days(3000), "8 years"),
        (EN.days(math.inf), "never"),
        (EN.days(NAN), "–"),
    ],
)
def test_reads_as_an_operator_writes(text: str, wanted: str) -> None:
    assert text == wanted


@pytest.mark.parametrize(
    ("seconds", "age", "duration"),
    [
        (0, "0 s", "0 s"),
        (-5, "0 s", "0 s"),
        (42, "42 s", "42 s"),
        (12 * 60 + 59, "12 min", "12 min"),
        (3 * 3600 + 900, "3 h", "3 h 15 min"),
        (7200, "2 h", "2 h"),
        (3 * 86400 + 10 * 3600, "3 d", "3 d 10 h"),
        (2 * 86400, "2 d", "2 d"),
    ],
)
def test_ages_and_durations(seconds: int, age: str, duration: str) -> None:
    assert EN.age(timedelta(seconds=seconds)) == age
    assert EN.duration(timedelta(seconds=seconds)) == duration


def test_dates_and_times_are_the_operators() -> None:
    there = Formats("en", ZoneInfo("America/Chicago"))
    when = datetime(2026, 1, 20, 3, 5, tzinfo=UTC)
    assert there.date_time(when) == "19 January 2026, 21:05"
    assert there.utc_date(when) == "20 January 2026"
    assert DE.date(date(2026, 1, 19)) == "19. Januar 2026"


@pytest.mark.parametrize(
    ("asked", "used"),
    [("de_AT.UTF-8", "de_AT"), ("de_QQ", "de"), ("C", "en"), ("xx", "en"), ("en-GB", "en_GB")],
)
def test_an_unknown_locale_falls_back(asked: str, used: str) -> None:
    assert Formats(asked).locale == used


@pytest.mark.parametrize(("named", "used"), [("C.UTF-8", "en"), ("de_DE.UTF-8", "de_DE")])
def test_the_system_locale_is_used_where_none_is_named(
    named: str, used: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LANGUAGE", "LC_ALL", "LC_NUMERIC", "LC_CTYPE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", named)
    assert system_locale_name() == used
    assert Formats().locale == used


def test_numbers_are_typed_as_they_are_shown() -> None:
    assert EN.number_style == DECIMAL_DOT
    assert DE.number_style == DECIMAL_COMMA


@given(st.floats(min_value=-1e12, max_value=1e12), st.integers(0, 6))
def test_a_number_reads_back(value: float, digits: int) -> None:
    text = EN.number(value, digits).replace(",", "").replace("−", "-")
    assert abs(float(text) - value) <= 0.5 * 10**-digits + 1e-15 * abs(value)


@given(st.floats(min_value=1e-6, max_value=99.99))
def test_small_amounts_keep_two_figures(value: float) -> None:
    shown = round(value, money_digits(value))
    assert shown == pytest.approx(value, rel=0.05)


@pytest.mark.parametrize(
    ("values", "digits"),
    [
        ((548.0, 58.0), 0),
        ((548.0, 1.47), 2),
        ((1.47, 0.0756), 2),
        ((0.0756, 0.0041), 4),
        ((9.99, 20.0), 2),
        ((float("nan"), 0.0), 2),
    ],
)
def test_the_amounts_of_a_column_have_the_same_digits(
    values: tuple[float, ...], digits: int
) -> None:
    assert column_digits(values) == digits


def test_dates_in_a_sentence_are_written_out() -> None:
    said = "Known to 2026-01-19; of a-2026-01-19.csv (2025-12-31 – 2026-01-02), 2026-13-40."
    assert Formats("en_US", UTC).with_dates(said) == (
        "Known to 19 January 2026; of a-2026-01-19.csv "
        "(31 December 2025 – 2 January 2026), 2026-13-40."
    )
    assert Formats("de_DE", UTC).with_dates("bis 2026-01-19.") == "bis 19. Januar 2026."
