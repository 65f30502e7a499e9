"""Numbers by a locale's pattern, letter by letter as Babel writes them, in a fraction of its time.

A table that is scrolled writes a thousand numbers in each frame.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

from babel import Locale, numbers

MINUS: Final = "−"
# Up to here a number times ten to its decimals is off by less than the distance from a half within
# which Babel is asked: it rounds what `repr` shows, half to even, and Python the number itself.
_SCALED_MOST: Final = 1e12
_NEAR_HALF: Final = 1e-3
# Below what size other groups than of three look like those.
_BY_THREES_BELOW: Final = {(3, 3): math.inf, (3, 2): 99_999.0}

Writer = Callable[[float], str]


def plain_pattern(locale: Locale, digits: int) -> numbers.NumberPattern:
    """Return a locale's pattern of plain numbers, with exactly ``digits`` decimals."""
    whole = locale.decimal_formats[None].pattern.partition(";")[0].partition(".")[0]
    decimals = "." + "0" * digits if digits else ""
    return numbers.parse_pattern(whole + decimals)


def writer(pattern: numbers.NumberPattern, locale: Locale) -> Writer:
    """Return a function that writes finite numbers as ``pattern`` does in ``locale``.

    Digits are Western, the minus sign is typographic and never stands before a zero. Babel itself
    is asked for a pattern with anything around the number or with decimals that may be left out,
    for numbers that are too close to a half, too large, or neither ``int`` nor ``float``.
    """
    zero = str(pattern.apply(0, locale))

    def by_babel(value: float) -> str:
        text = str(pattern.apply(value, locale)).replace("-", MINUS)
        return zero if text == MINUS + zero else text

    least, most = pattern.frac_prec
    if not _is_plain(pattern) or least != most:
        return by_babel
    symbols = locale.number_symbols["latn"]
    group, decimal = symbols["group"], symbols["decimal"]
    spaced = f"{{:_.{most}f}}".format
    ten = 10.0**most
    by_threes_below = _BY_THREES_BELOW.get(pattern.grouping, 0.0) * ten

    def write(value: float) -> str:
        size = abs(value) * ten
        if (
            size > _SCALED_MOST
            or -_NEAR_HALF < size % 1 - 0.5 < _NEAR_HALF
            or not isinstance(value, (float, int))
        ):
            return by_babel(value)
        if size < 0.5:
            return zero
        text = spaced(value)
        if value < 0:
            text = MINUS + text[1:]
        if size >= by_threes_below:
            text = _regrouped(text, *pattern.grouping)
        if decimal != ".":
            text = text.replace(".", decimal)
        return text.replace("_", group)

    return write


def _is_plain(pattern: numbers.NumberPattern) -> bool:
    return (
        pattern.prefix == ("", "-")
        and pattern.suffix == ("", "")
        and pattern.int_prec[0] == 1
        and not pattern.exp_prec
        and not set(pattern.number_pattern or "?") - set("#0,.")
    )


def _regrouped(text: str, last: int, others: int) -> str:
    """Return a number in other groups than of three: ``last`` digits, before them ``others``."""
    whole, point, rest = text.replace("_", "").partition(".")
    sign = MINUS if whole[0] == MINUS else ""
    whole = whole.removeprefix(MINUS)
    groups = [whole[-last:]]
    whole = whole[:-last]
    while whole:
        groups.insert(0, whole[-others:])
        whole = whole[:-others]
    return f"{sign}{'_'.join(groups)}{point}{rest}"
