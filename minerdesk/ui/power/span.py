"""A rectangle of months and hours, and what painting it does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

MONTHS: Final = 12
HOURS: Final = 24


@dataclass(frozen=True, slots=True)
class Span:
    """Cells between two corners, both inside; a corner is month and hour, from 0.

    Attributes:
        anchor: where it began. end: where the cursor is.
    """

    anchor: tuple[int, int] = (0, 0)
    end: tuple[int, int] = (0, 0)

    @classmethod
    def line(cls, month: int, hour: int) -> Span:
        """Return a whole row where ``hour`` is -1, a whole column where ``month`` is."""
        if hour < 0:
            return cls((month, 0), (month, HOURS - 1))
        return cls((0, hour), (MONTHS - 1, hour))

    @property
    def corners(self) -> tuple[tuple[int, int], tuple[int, int]]:
        """The first and the last cell."""
        months, hours = zip(self.anchor, self.end, strict=True)
        return (min(months), min(hours)), (max(months), max(hours))

    @property
    def single(self) -> bool:
        """Whether it is one cell."""
        return self.anchor == self.end

    @property
    def count(self) -> int:
        """How many cells it has."""
        low, high = self.corners
        return (high[0] - low[0] + 1) * (high[1] - low[1] + 1)

    def moved(self, months: int, hours: int, *, extend: bool = False) -> Span:
        """Return it with its end so far on, inside the grid; with ``extend`` the anchor stays."""
        end = (
            min(max(self.end[0] + months, 0), MONTHS - 1),
            min(max(self.end[1] + hours, 0), HOURS - 1),
        )
        return Span(self.anchor if extend else end, end)


ALL: Final = Span((0, 0), (MONTHS - 1, HOURS - 1))


def painted(rows: tuple[str, ...], span: Span, key: str) -> tuple[str, ...]:
    """Return the rows with ``key`` in every cell of the span."""
    (top, left), (bottom, right) = span.corners
    return tuple(
        f"{row[:left]}{key * (right - left + 1)}{row[right + 1 :]}"
        if top <= month <= bottom
        else row
        for month, row in enumerate(rows)
    )
