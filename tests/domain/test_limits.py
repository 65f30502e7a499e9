from __future__ import annotations

import dataclasses
import math
import typing
from dataclasses import dataclass
from gettext import NullTranslations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minerdesk.domain import limits, text
from minerdesk.domain.book import Book
from minerdesk.domain.limits import Limits, first_twice, limited, limits_of

# One of a few values, or lists whose every entry is looked at.
CHECKED_BY_THEMSELVES = {
    ("DemandCharge", "interval_minutes"),
    ("HeatCredit", "per_kwh"),
    ("PeakHours", "months"),
    ("QuietHours", "days"),
    ("Ratchet", "of_months"),
}


def all_types(cls: type) -> list[type]:
    """Return a dataclass and all it holds, at any depth, each once."""
    found = [cls]
    for seen in found:
        for hint in typing.get_type_hints(seen).values():
            for part in (hint, *typing.get_args(hint)):
                if dataclasses.is_dataclass(part) and part not in found:
                    found.append(typing.cast("type", part))
    return found


@pytest.mark.parametrize(
    ("limit", "inside", "outside", "sentence"),
    [
        (limits.MONEY, [-1e30, 0, 1e30], [1e31, -1e308], "a finite number"),
        (limits.POSITIVE, [1e-9, 5], [0, -1, 1e-320, 1e308], "greater than 0"),
        (limits.NOT_NEGATIVE, [0, 5], [-1e-9], "at least 0"),
        (limits.FEE, [0, 0.999], [1, -0.1], "at least 0 and below 1"),
        (limits.UPTIME, [0.001, 1], [0, 1.001], "greater than 0 and at most 1"),
        (limits.PUE, [1, 1.5], [0.99, 1e16], "at least 1"),
        (limits.COUNT, [1, 7], [0, 10**400], "at least 1"),
    ],
)
def test_limits(limit: Limits, inside: list[float], outside: list[float], sentence: str) -> None:
    assert all(limit.allow(value) for value in inside)
    assert not any(limit.allow(value) for value in [*outside, math.nan, math.inf, -math.inf])
    assert limit.sentence() == sentence


def test_a_bound_that_only_keeps_out_the_absurd_is_told_to_the_absurd() -> None:
    assert limits.POSITIVE.sentence(-1.0) == "greater than 0"
    assert limits.POSITIVE.sentence(1e-320) == "at least 1e-30"
    assert limits.POSITIVE.sentence(1e308) == "at most 1e+15"
    assert limits.MONEY.sentence(-math.inf) == "at least -1e+30"
    assert limits.UPTIME.sentence(1.5) == "greater than 0 and at most 1"
    assert Limits().sentence(math.nan) == "a finite number"


@pytest.mark.parametrize("cls", all_types(Book), ids=lambda cls: cls.__name__)
def test_every_number_of_a_book_is_bounded_on_both_sides(cls: type) -> None:
    """No sum or product of a book's numbers may be without a value."""
    hints = typing.get_type_hints(cls)
    for field in dataclasses.fields(cls):
        found = limits_of(field)
        if not {int, float} & {hints[field.name], *typing.get_args(hints[field.name])}:
            assert found is None
        elif found is not None:
            assert {found.minimum, found.above} != {None}, field.name
            assert {found.maximum, found.below} != {None}, field.name
        else:
            assert (cls.__name__, field.name) in CHECKED_BY_THEMSELVES


class Shouted(NullTranslations):
    """Translations that leave nothing as it was."""

    def gettext(self, message: str) -> str:
        return message.upper().replace("{BOUND}", "{bound}")


def test_limits_speak_the_operator_s_language() -> None:
    text.use(Shouted())
    try:
        said = [each.sentence() for each in (limits.FEE, limits.UPTIME, limits.MONEY)]
    finally:
        text.use(NullTranslations())
    assert said == ["AT LEAST 0 AND BELOW 1", "GREATER THAN 0 AND AT MOST 1", "A FINITE NUMBER"]


@given(st.floats())
def test_no_limit_lets_nan_or_infinity_pass(value: float) -> None:
    assert Limits().allow(value) == math.isfinite(value)


@dataclass(frozen=True, slots=True)
class Thing:
    free: str
    part: float = limited(limits.FEE)
    maybe: float | None = limited(limits.POSITIVE, default=None)

    def __post_init__(self) -> None:
        limits.check(self)


def test_fields_are_checked_when_a_value_is_made() -> None:
    assert Thing("x", 0.5).maybe is None
    assert Thing("x", 0.5, 2.0).maybe == 2.0
    with pytest.raises(ValueError, match=r"^part must be at least 0 and below 1, found 1\.5$"):
        Thing("x", 1.5)
    with pytest.raises(ValueError, match=r"^maybe must be greater than 0, found -1\.0$"):
        Thing("x", 0.5, -1.0)


def test_the_declaration_can_be_read_back() -> None:
    free, part, maybe = dataclasses.fields(Thing)
    assert limits_of(free) is None
    assert limits_of(part) is limits.FEE
    assert limits_of(maybe) is limits.POSITIVE


def test_the_first_that_is_there_twice() -> None:
    assert first_twice(iter(["a", "b", "c", "b", "a"])) == "b"
    assert first_twice(["a", "b"]) is None
    assert first_twice([]) is None
