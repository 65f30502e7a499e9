"""Axes whose ticks are written by the program's formats."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import pyqtgraph as pg

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
        movable: the operator may drag and zoom along it.
    """

    label: str = ""
    words: Callable[[float], str] | None = None
    numbers: Callable[[float, int], str] | None = None
    time: bool = False
    movable: bool = True


class WordsAxis(pg.AxisItem):  # type: ignore[misc] # pyqtgraph ships no types
    """An axis that writes its ticks with a function of ours and never with SI prefixes."""

    def __init__(self, side: str, axis: Axis) -> None:
        super().__init__(side)
        self._words = axis.words
        self._numbers = axis.numbers
        self.enableAutoSIPrefix(False)

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        """Return the ticks as words."""
        if self._numbers is not None:
            digits = max(0, math.ceil(-math.log10(spacing) - _SLACK)) if spacing > 0 else 0
            return [self._numbers(float(value), digits) for value in values]
        if self._words is None:
            plain: list[str] = super().tickStrings(values, scale, spacing)
            return plain
        return [self._words(float(value)) for value in values]


def make_axis(side: str, axis: Axis) -> pg.AxisItem:
    """Return the axis item for ``side`` (``bottom`` or ``left``)."""
    if axis.time:
        return pg.DateAxisItem(side, utcOffset=0)
    return WordsAxis(side, axis)
