"""Plain-text tables."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence


def table(rows: Sequence[Sequence[str]], right: frozenset[int] = frozenset()) -> list[str]:
    """Return lines with aligned columns, two spaces apart and indented by two.

    Args:
        rows: cells; every row has the same number.
        right: indices of the columns that stand to the right (numbers).
    """
    if not rows:
        return []
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    return ["  " + _line(row, widths, right).rstrip() for row in rows]


def _line(row: Sequence[str], widths: Sequence[int], right: frozenset[int]) -> str:
    cells = []
    for index, (cell, width) in enumerate(zip(row, widths, strict=True)):
        room = " " * (width - _width(cell))
        cells.append(room + cell if index in right else cell + room)
    return "  ".join(cells)


def _width(text: str) -> int:
    """Return how many columns of a terminal a text takes: wide East Asian signs take two."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(sign) else 1 + (unicodedata.east_asian_width(sign) in "WF")
        for sign in text
    )
