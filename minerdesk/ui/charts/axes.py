"""Axes whose ticks are written by the program's formats."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from minerdesk.ui.charts.drawn_axis import DrawnAxis
from minerdesk.ui.charts.utc_axis import UtcAxis

_TICK_PX: Final = 28
_LARGEST_EXPONENT: Final = 300
_MANTISSAS: Final = (
    (1,),
    (1, 3),
    (1, 2, 5),
    (1, 1.5, 2, 3, 5, 7),
    tuple(1 + i / 10 for i in range(90)),
    tuple(1 + i / 20 for i in range(180)),
)
_SLACK: Final = 1e-9  # a spacing of 0.1 is not exactly a power of ten


@dataclass(frozen=True, slots=True)
class Axis:
    """What an axis shows.

    Attributes:
        label: quantity with its unit, translated.
        words: writes a tick; None writes plain numbers. Ignored on a time axis.
        numbers: in the place of ``words``: writes a tick with so many decimals as tell it from its
            neighbours.
        time: x is Unix time in s, UTC; ticks are dates.
        locale: of the dates.
        movable: the operator may drag and zoom along it.
    """

    label: str = ""
    words: Callable[[float], str] | None = None
    numbers: Callable[[float, int], str] | None = None
    time: bool = False
    locale: str = "en"
    movable: bool = True


class WordsAxis(DrawnAxis):
    """An axis that writes its ticks with a function of ours and never with SI prefixes.

    Attributes:
        log: values are logarithms to base 10; ticks stand at round numbers of what they are of.
        least: ticks below it have no words.
    """

    def __init__(self, side: str, axis: Axis) -> None:
        super().__init__(side)
        self._words = axis.words
        self._numbers = axis.numbers
        self.log = False
        self.least = -math.inf

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        """Return the ticks as words."""
        words = self._written(values, scale, spacing)
        return [
            each if value >= self.least else "" for value, each in zip(values, words, strict=True)
        ]

    def _written(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        if self.log:
            return [self._write_log(float(value)) for value in values]
        if self._numbers is not None:
            digits = max(0, math.ceil(-math.log10(spacing) - _SLACK)) if spacing > 0 else 0
            return [self._numbers(float(value), digits) for value in values]
        if self._words is None:
            plain: list[str] = super().tickStrings(values, scale, spacing)
            return plain
        return [self._words(float(value)) for value in values]

    def tickValues(
        self,
        minVal: float,  # noqa: N803 - the library's name
        maxVal: float,  # noqa: N803 - the library's name
        size: float,
    ) -> list[tuple[float, list[float]]]:
        """Return where ticks stand."""
        if not self.log:
            plain: list[tuple[float, list[float]]] = super().tickValues(minVal, maxVal, size)
            return plain
        return [(1.0, log_ticks(minVal, maxVal, max(int(size / _TICK_PX), 2)))]

    def _write_log(self, exponent: float) -> str:
        if abs(exponent) > _LARGEST_EXPONENT:
            return ""
        value = float(f"{10**exponent:.3g}")
        if self._numbers is not None:
            return self._numbers(value, max(0, -math.floor(exponent + _SLACK)))
        return f"{value:g}" if self._words is None else self._words(value)


def log_ticks(low: float, high: float, most: int) -> list[float]:
    """Return logarithms of round numbers between two logarithms, at most about ``most``."""
    found: list[float] = []
    for mantissas in _MANTISSAS:
        decades = range(math.floor(low), math.ceil(high) + 1)
        at = [decade + math.log10(mantissa) for decade in decades for mantissa in mantissas]
        inside = [each for each in at if low <= each <= high]
        if found and len(inside) > most:
            break
        found = inside
        if len(inside) >= most - 1:
            break
    return found


def make_axis(side: str, axis: Axis) -> DrawnAxis:
    """Return the axis item for ``side`` (``bottom`` or ``left``)."""
    if axis.time:
        return UtcAxis(side, axis.locale)
    return WordsAxis(side, axis)
