"""Axes whose ticks are written by the program's formats."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pyqtgraph as pg


@dataclass(frozen=True, slots=True)
class Axis:
    """What an axis shows.

    Attributes:
        label: quantity with its unit, translated.
        words: writes a tick; None writes plain numbers. Ignored on a time axis.
        time: x is Unix time in s, UTC; ticks are dates.
        movable: the operator may drag and zoom along it.
    """

    label: str = ""
    words: Callable[[float], str] | None = None
    time: bool = False
    movable: bool = True


class WordsAxis(pg.AxisItem):  # type: ignore[misc] # pyqtgraph ships no types
    """An axis that writes its ticks with a function of ours and never with SI prefixes."""

    def __init__(self, side: str, axis: Axis) -> None:
        super().__init__(side)
        self._words = axis.words
        self.enableAutoSIPrefix(False)

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        """Return the ticks as words."""
        if self._words is None:
            plain: list[str] = super().tickStrings(values, scale, spacing)
            return plain
        return [self._words(float(value)) for value in values]


def make_axis(side: str, axis: Axis) -> pg.AxisItem:
    """Return the axis item for ``side`` (``bottom`` or ``left``)."""
    if axis.time:
        return pg.DateAxisItem(side, utcOffset=0)
    return WordsAxis(side, axis)
