"""How each source of the past stands: from, to, gaps, doubles, and its last error."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from minerdesk.domain.network_days import DayQuantity
from minerdesk.storage.history_day_rows import Ask, KeptSeries, KeptSource


class Span(NamedTuple):
    """Consecutive days, both inside."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many."""
        return (self.last - self.first).days + 1


class Double(NamedTuple):
    """Two values of one source for one day: the one that holds, and the other."""

    source: str
    quantity: DayQuantity
    day: date
    value: float
    other: float


@dataclass(frozen=True, slots=True)
class PartReport:
    """One quantity of a source.

    Attributes:
        currency: of a price, else empty. first, last: days known. days: how many of them.
        gaps: days between that are not known. taken_at: UTC, of the newest.
    """

    quantity: DayQuantity
    currency: str
    first: date
    last: date
    days: int
    gaps: tuple[Span, ...]
    doubles: tuple[Double, ...]
    taken_at: datetime


@dataclass(frozen=True, slots=True)
class SourceReport:
    """How a source stands.

    Attributes:
        from_file: it is an imported file. asked: the settings let it be asked.
        retargets: how many; first_height, last_height: of which blocks, or None.
        asked_at, answered_at: UTC, the last attempt and the last good one, or None.
        due_at: UTC, the next attempt, or None.
        problem: what was wrong lately, sentences; empty where nothing was.
    """

    name: str
    from_file: bool
    asked: bool
    parts: tuple[PartReport, ...] = ()
    retargets: int = 0
    first_height: int | None = None
    last_height: int | None = None
    asked_at: datetime | None = None
    answered_at: datetime | None = None
    due_at: datetime | None = None
    problem: str = ""


def report(
    kept: Sequence[KeptSource], asks: Sequence[Ask], asked: Mapping[str, bool]
) -> tuple[SourceReport, ...]:
    """Return how each source stands: those kept, then others that are asked."""
    by_name = {source.name: source for source in kept}
    names = dict.fromkeys((*by_name, *asked, *(ask.source for ask in asks)))
    return tuple(
        _source(name, by_name.get(name), [a for a in asks if a.source == name], name in asked)
        for name in names
    )


def gaps_in(first_day: int, known: NDArray[np.bool_]) -> tuple[Span, ...]:
    """Return the spans of days that are not known between those that are.

    Args:
        first_day: ordinal of the first entry.
        known: shape (D,).
    """
    (at,) = np.nonzero(known)
    (breaks,) = np.nonzero(np.diff(at) > 1)
    return tuple(
        Span(date.fromordinal(first_day + int(a) + 1), date.fromordinal(first_day + int(b) - 1))
        for a, b in zip(at[breaks], at[breaks + 1], strict=True)
    )


def doubles_of(source: str, series: KeptSeries) -> tuple[Double, ...]:
    """Return the days for which a source gave two values."""
    return tuple(
        Double(
            source,
            series.quantity,
            date.fromordinal(day),
            float(series.value[day - series.first_day]),
            other,
        )
        for day, other in series.doubles
    )


def _source(name: str, kept: KeptSource | None, asks: Sequence[Ask], asked: bool) -> SourceReport:
    answers = [ask.answered_at for ask in asks if ask.answered_at is not None]
    series = () if kept is None else kept.series
    retargets = () if kept is None else kept.retargets
    return SourceReport(
        name=name,
        from_file=kept is not None and kept.from_file,
        asked=asked,
        parts=tuple(_part(name, each) for each in series),
        retargets=len(retargets),
        first_height=retargets[0].height if retargets else None,
        last_height=retargets[-1].height if retargets else None,
        asked_at=max((ask.asked_at for ask in asks), default=None),
        answered_at=max(answers, default=None),
        due_at=min((ask.due_at for ask in asks), default=None) if asked else None,
        problem=" ".join(dict.fromkeys(ask.problem for ask in asks if ask.problem)),
    )


def _part(name: str, series: KeptSeries) -> PartReport:
    known = np.isfinite(series.value)
    return PartReport(
        series.quantity,
        series.currency,
        date.fromordinal(series.first_day),
        date.fromordinal(series.last_day),
        int(known.sum()),
        gaps_in(series.first_day, known),
        doubles_of(name, series),
        series.taken_at,
    )
