"""What an operator types, in every style and unit; nothing is ever off by a thousand."""

import math
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minerdesk.domain.errors import UserError
from minerdesk.services.quantities import (
    DECIMAL_COMMA,
    DECIMAL_DOT,
    DOT_ONLY,
    NumberStyle,
    currency_of_unit,
    parse_count,
    parse_efficiency_j_per_th,
    parse_fraction,
    parse_hashrate_ths,
    parse_money,
    parse_months,
    parse_number,
    parse_power_w,
    parse_price_per_kwh,
    unit_of_efficiency,
    unit_of_hashrate,
    unit_of_power,
    unit_of_price,
)

styles = st.sampled_from([DECIMAL_DOT, DECIMAL_COMMA, NumberStyle(".", "'"), NumberStyle(",", " ")])
thousandths = st.integers(min_value=-(10**12), max_value=10**12)


def written(value: int, style: NumberStyle, digits: int = 3) -> str:
    """Write ``value`` thousandths in a style, grouped."""
    sign = "-" if value < 0 else ""
    whole, part = divmod(abs(value), 10**digits)
    return f"{sign}{whole:,}".replace(",", style.thousands) + f"{style.decimal}{part:0{digits}d}"


@given(value=thousandths, style=styles)
def test_a_grouped_number_reads_back(value: int, style: NumberStyle) -> None:
    assert parse_number(written(value, style), style) == value / 1000


@given(value=thousandths)
def test_no_number_is_read_in_both_styles_as_the_same_but_for_grouping(value: int) -> None:
    text = written(value, DECIMAL_DOT, digits=2)
    assert parse_number(text, DECIMAL_DOT) == value / 100
    with pytest.raises(UserError, match="decimal sign"):
        parse_number(text, DECIMAL_COMMA)


@given(value=st.floats(allow_nan=False, allow_infinity=False))
def test_every_float_reads_back_as_python_writes_it(value: float) -> None:
    assert parse_number(repr(value), DOT_ONLY) == value


@given(text=st.text(st.sampled_from("0123456789.,eE+-− '_W%kx"), max_size=10))
def test_anything_is_a_number_or_a_sentence(text: str) -> None:
    for style in (DECIMAL_DOT, DECIMAL_COMMA, DOT_ONLY):
        try:
            value = parse_number(text, style)
        except UserError as error:
            value = 0.0
            sentence = error.sentence
        else:
            sentence = "."
        assert math.isfinite(value)
        assert sentence.endswith(".")


@pytest.mark.parametrize(
    ("text", "style", "value"),
    [
        ("3,250", DECIMAL_DOT, 3250),
        ("3,250", DECIMAL_COMMA, 3.25),
        ("3.250", DECIMAL_COMMA, 3250),
        ("1 234,5", DECIMAL_COMMA, 1234.5),
        ("1\u202f234.5", DECIMAL_DOT, 1234.5),
        ("1'234'567", DECIMAL_DOT, 1234567),
        ("1e3", DOT_ONLY, 1000),
        ("1.5E-3", DOT_ONLY, 0.0015),
        ("−0.01", DOT_ONLY, -0.01),
        ("+.5", DOT_ONLY, 0.5),
        ("5.", DOT_ONLY, 5),
    ],
)
def test_numbers(text: str, style: NumberStyle, value: float) -> None:
    assert parse_number(text, style) == value


@pytest.mark.parametrize(
    ("text", "style"),
    [
        ("3,250", DOT_ONLY),
        ("0.071", DECIMAL_COMMA),
        ("0,071", DECIMAL_DOT),
        ("1,23,456", DECIMAL_DOT),
        ("1,2345", DECIMAL_DOT),
        ("1234,567", DECIMAL_DOT),
        ("1,234 567", DECIMAL_DOT),
        ("1.2.3", DECIMAL_DOT),
        ("1,234e3", DECIMAL_DOT),
        ("nan", DOT_ONLY),
        ("inf", DOT_ONLY),
        ("1e999", DOT_ONLY),
        ("--5", DOT_ONLY),
        ("٣", DOT_ONLY),
        ("5 W", DOT_ONLY),
        ("", DOT_ONLY),
    ],
)
def test_no_numbers(text: str, style: NumberStyle) -> None:
    with pytest.raises(UserError):
        parse_number(text, style)


def test_impossible_styles() -> None:
    for decimal, thousands in ((".", "."), (",", ","), ("'", ",")):
        with pytest.raises(ValueError, match="no style"):
            NumberStyle(decimal, thousands)


@given(watts=st.integers(1, 10**8), style=styles)
def test_power_round_trip_over_units(watts: int, style: NumberStyle) -> None:
    kilowatts = written(watts, style)
    assert parse_power_w(f"{kilowatts} kW", style) == watts
    assert parse_power_w(kilowatts, style, "kW") == watts
    assert parse_power_w(f"{watts}W", style) == watts
    assert parse_power_w(f"{written(watts, style, 6)} MW", style) == watts


@given(ghs=st.integers(1, 10**12), style=styles)
def test_hashrate_round_trip_over_units(ghs: int, style: NumberStyle) -> None:
    ths = ghs / 1000
    assert parse_hashrate_ths(f"{written(ghs, style)} TH/s", style) == ths
    assert parse_hashrate_ths(f"{written(ghs, style, 6)}PH", style) == ths
    assert parse_hashrate_ths(f"{written(ghs, style, 9)} eh/s", style) == ths
    assert parse_hashrate_ths(f"{ghs} GH/s", style) == ths
    assert parse_hashrate_ths(str(ghs), style, "Gh/s") == ths


@given(mills=st.integers(-(10**6), 10**6), style=styles)
def test_price_round_trip_over_units(mills: int, style: NumberStyle) -> None:
    price = mills / 1000
    assert parse_price_per_kwh(written(mills, style), style) == price
    assert parse_price_per_kwh(f"{mills} USD/MWh", style, "USD") == price
    assert parse_price_per_kwh(f"{written(mills, style, 1)} ct/kWh", style) == price
    assert parse_price_per_kwh(str(mills), style, "EUR", "EUR/MWh") == price


@given(basis_points=st.integers(-9999, 9999), style=styles)
def test_percent_round_trip(basis_points: int, style: NumberStyle) -> None:
    share = basis_points / 10_000
    assert parse_fraction(f"{written(basis_points, style, 2)} %", style) == share
    assert parse_fraction(written(basis_points, style, 4), style) == share
    assert parse_fraction(written(basis_points, style, 2), style, "%") == share


@pytest.mark.parametrize(
    ("parse", "text", "value"),
    [
        (parse_power_w, "3.25 kW", 3250),
        (parse_power_w, "1.005 kW", 1005),
        (parse_power_w, "3250 watts", 3250),
        (parse_hashrate_ths, "1.2TH", 1.2),
        (parse_hashrate_ths, "104T", 104),
        (parse_hashrate_ths, "3 EH/s", 3e6),
        (parse_efficiency_j_per_th, "17.5 J/TH", 17.5),
        (parse_efficiency_j_per_th, "17.5", 17.5),
        (parse_efficiency_j_per_th, "0.03 J/GH", 30),
        (parse_efficiency_j_per_th, "30 kW/PH", 30),
        (parse_price_per_kwh, "0.071", 0.071),
        (parse_price_per_kwh, "7.1 ct", 0.071),
        (parse_price_per_kwh, "7.1 c/kWh", 0.071),
        (parse_price_per_kwh, "7.1¢", 0.071),
        (parse_price_per_kwh, "$0.071", 0.071),
        (parse_price_per_kwh, "-$0.01", -0.01),
        (parse_price_per_kwh, "71 USD per MWh", 0.071),
        (parse_price_per_kwh, "71/MWh", 0.071),
        (parse_price_per_kwh, "USD 0.07/kWh", 0.07),
        (parse_fraction, "2 %", 0.02),
        (parse_fraction, "0.02", 0.02),
        (parse_fraction, "1", 1),
        (parse_fraction, "98 pct", 0.98),
        (parse_count, "300", 300),
        (parse_count, "12 rigs", 12),
        (parse_count, "1e3", 1000),
        (parse_months, "36", 36),
        (parse_months, "3 years", 36),
        (parse_months, "1.5 y", 18),
        (parse_money, "1234.5", 1234.5),
        (parse_money, "$1234", 1234),
        (parse_money, "1234 USD", 1234),
    ],
)
def test_quantities(parse: Callable[[str], float], text: str, value: float) -> None:
    assert parse(text) == value


@pytest.mark.parametrize(
    ("parse", "text", "says"),
    [
        (parse_power_w, "3 mW", "3.25 kW"),
        (parse_power_w, "", "Nothing is written"),
        (parse_power_w, "kW", "“kW” is not understood"),
        (parse_power_w, "3 TH/s", "a power such as"),
        (parse_hashrate_ths, "3 W", "a hashrate such as"),
        (parse_efficiency_j_per_th, "3 W", "an efficiency such as"),
        (parse_price_per_kwh, "7 kW", "a price such as"),
        (parse_price_per_kwh, "7 xyz", "no currency"),
        (parse_price_per_kwh, "$71 USD/MWh", "a price such as"),
        (parse_fraction, "2", "2%"),
        (parse_fraction, "2 W", "a share such as"),
        (parse_count, "0", "at least 1"),
        (parse_count, "1.5", "whole number"),
        (parse_count, "1e300", "whole number"),
        (parse_count, "12k", "whole number"),
        (parse_months, "0.5", "36 months"),
        (parse_money, "12 kWh", "an amount"),
        (parse_money, "$12 USD", "an amount"),
    ],
)
def test_what_is_not_understood_says_what_would_be(
    parse: Callable[[str], float], text: str, says: str
) -> None:
    with pytest.raises(UserError) as caught:
        parse(text)
    assert says in caught.value.sentence


@pytest.mark.parametrize("text", ["0.07 EUR", "€70/MWh", "£0.05", "7 EUR ct"])
def test_another_currency_is_refused(text: str) -> None:
    with pytest.raises(UserError, match="not in USD"):
        parse_price_per_kwh(text, DOT_ONLY, "USD")


def test_a_sign_may_stand_for_several_currencies() -> None:
    assert parse_money("$5", DOT_ONLY, "CAD") == 5
    with pytest.raises(UserError, match="not in EUR"):
        parse_money("$5", DOT_ONLY, "EUR")


def test_units_in_headers() -> None:
    assert unit_of_power("kW")
    assert unit_of_hashrate("TH/s")
    assert unit_of_efficiency("W/TH")
    assert not unit_of_power("TH/s")
    assert not unit_of_hashrate("kW")
    assert not unit_of_efficiency("kW")
    assert unit_of_price("EUR/MWh")
    assert unit_of_price("$/kWh")
    assert not unit_of_price("now")
    assert not unit_of_price("")
    assert currency_of_unit("EUR/MWh") == "EUR"
    assert currency_of_unit("per kWh") == ""
    assert currency_of_unit("$/kWh") == ""
