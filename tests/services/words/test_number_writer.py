from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Final

import numpy as np
import pytest
from babel import Locale, localedata, numbers
from hypothesis import given
from hypothesis import strategies as st

from minerdesk.services.words.number_writer import plain_pattern, writer

# One locale for each way in which locales write plain numbers.
WAYS: Final = {
    (
        plain_pattern(locale, 1).grouping,
        locale.number_symbols["latn"]["decimal"],
        locale.number_symbols["latn"]["group"],
    ): name
    for name in sorted(localedata.locale_identifiers())
    for locale in (Locale.parse(name),)
}
FINITE: Final = st.floats(-1e15, 1e15, exclude_min=True, exclude_max=True)
# Halves of a last digit: what `repr` shows is a half, and the number itself is mostly none.
HALVES: Final = st.builds(
    lambda whole, places: float(Decimal(whole).scaleb(-places)),
    st.integers(-(10**9), 10**9).map(lambda each: each * 10 + 5),
    st.integers(0, 9),
)


def by_babel(value: float, locale: Locale, digits: int) -> str:
    """Babel's own text, with our minus and without "-0"."""
    text = str(numbers.format_decimal(value, plain_pattern(locale, digits), locale))
    return text.replace("-", "−" if set(text) & set("123456789") else "")


def test_locales_write_in_many_ways() -> None:
    assert len(WAYS) > 9
    assert {(3, 3), (3, 2), (2, 2)} < {grouping for grouping, _decimal, _group in WAYS}


@given(
    st.one_of(FINITE, HALVES, st.integers(-(10**15) + 1, 10**15 - 1), st.floats(-1e4, 1e4)),
    st.sampled_from(sorted(WAYS.values())),
    st.integers(0, 8),
)
def test_is_what_babel_writes(value: float, name: str, digits: int) -> None:
    locale = Locale.parse(name)
    write = writer(plain_pattern(locale, digits), locale)
    assert write(value) == by_babel(value, locale, digits)


@given(FINITE, st.sampled_from(sorted(localedata.locale_identifiers())))
def test_is_what_babel_writes_in_any_locale(value: float, name: str) -> None:
    locale = Locale.parse(name)
    for digits in (0, 2):
        write = writer(plain_pattern(locale, digits), locale)
        assert write(value) == by_babel(value, locale, digits)


@pytest.mark.parametrize(
    ("value", "digits", "wanted"),
    [
        (2.675, 2, "2.68"),  # the double lies below the half
        (2.665, 2, "2.66"),
        (0.5, 0, "0"),
        (1.5, 0, "2"),
        (-0.5, 0, "0"),
        (-0.0, 2, "0.00"),
        (-0.004, 2, "0.00"),
        (-0.006, 2, "−0.01"),
        # Just where a half is near enough to ask Babel, and just not.
        (-0.499, 0, "0"),
        (-0.0499, 1, "0.0"),
        (-0.000499, 3, "0.000"),
        (99_999.999, 2, "1,00,000.00"),
        (99_998.999, 2, "99,999.00"),
        (-12_345_678, 0, "−1,23,45,678"),
        (np.float64(1_234.5), 1, "1,234.5"),
        # Its shortest decimal is rounded, as Babel does, and not the double it is stored as.
        (np.float32(1_234_567.1), 2, "12,34,567.10"),
        (np.float32(0.145), 2, "0.14"),
    ],
)
def test_signs_halves_and_groups(value: float, digits: int, wanted: str) -> None:
    locale = Locale.parse("en_IN")
    assert writer(plain_pattern(locale, digits), locale)(value) == wanted


@pytest.mark.parametrize("pattern", ["#,##0.###", "0,000.00", "#,##0.0%", "'n' #0.0", "0.0E0"])
def test_what_is_not_plain_is_left_to_babel(pattern: str) -> None:
    english = Locale("en")
    parsed = numbers.parse_pattern(pattern)
    write = writer(parsed, english)
    for value in (0.0, 12.34, 123.456, -7.0):
        assert write(value) == str(parsed.apply(value, english)).replace("-", "−")


def test_babel_is_asked_for_what_is_near_a_half_or_huge_alone(
    counted: tuple[Counter[str], numbers.NumberPattern],
) -> None:
    calls, pattern = counted
    write = writer(pattern, Locale("en"))
    calls.clear()
    for value in (0.0, 1.0, 12.34, -1_234_567.891, 0.004, 412):
        write(value)
    assert not calls
    for value in (0.125, 1e12):
        write(value)
    assert calls["apply"] == 2


@pytest.fixture
def counted() -> tuple[Counter[str], numbers.NumberPattern]:
    """A pattern that counts what is asked of it."""
    calls: Counter[str] = Counter()

    class Counted(numbers.NumberPattern):
        def apply(self, *given: object, **named: object) -> str:
            calls["apply"] += 1
            return str(super().apply(*given, **named))  # type: ignore[arg-type]

    return calls, Counted(
        "#,##0.00",
        prefix=("", "-"),
        suffix=("", ""),
        grouping=(3, 3),
        int_prec=(1, 4),
        frac_prec=(2, 2),
        exp_prec=None,
        exp_plus=None,
        number_pattern="#,##0.00",
    )
