"""All sources joined to one daily history: nothing averaged, every doubt listed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from minerdesk.domain.network_days import DayQuantity, RetargetRow
from minerdesk.engine.indicators.days import Days
from minerdesk.engine.indicators.difficulty import Retargets
from minerdesk.services.network_history.candidates import Candidate, candidates, ranked
from minerdesk.services.network_history.reports import Double, Span, doubles_of, gaps_in
from minerdesk.services.network_history.retarget_join import (
    EMBEDDED,
    Conflict,
    JoinedRetargets,
    join_retargets,
)
from minerdesk.storage.history_day_rows import KeptSource

Floats = NDArray[np.float64]

DAY: Final = "day"
EPOCH: Final = "epoch"
RETARGETS: Final = "retargets"
# A day's difficulty is a fact; sources print it with at least six digits.
_SAME_DIFFICULTY: Final = 1e-6
JOINED: Final = (
    DayQuantity.PRICE,
    DayQuantity.HASHRATE,
    DayQuantity.DIFFICULTY,
    DayQuantity.FEES,
    DayQuantity.ISSUANCE,
)


@dataclass(frozen=True, slots=True)
class Tolerances:
    """How far two sources may differ on a day before it is a disagreement; fractions.

    Attributes:
        price: closes of different markets, at hours that differ a little, lie within 2 %.
        hashrate, amount: sources count the same blocks, so the noise of a day is common to them;
            one block more or less at midnight is 0.7 %, and 5 % is seven of them. ``amount`` is of
            fees and issuance.
    """

    price: float = 0.02
    hashrate: float = 0.05
    amount: float = 0.05

    def of(self, quantity: DayQuantity) -> float:
        """Return the tolerance of one quantity; difficulties must be the same."""
        fixed = {
            DayQuantity.PRICE: self.price,
            DayQuantity.HASHRATE: self.hashrate,
            DayQuantity.DIFFICULTY: _SAME_DIFFICULTY,
        }
        return fixed.get(quantity, self.amount)


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A day on which two sources differ by more than the tolerance; ``value`` is used.

    Attributes:
        source: the preferred one. other_source: the other.
    """

    quantity: DayQuantity
    day: date
    source: str
    value: float
    other_source: str
    other_value: float


@dataclass(frozen=True, slots=True)
class Used:
    """Where values of a quantity come from.

    Attributes:
        first, last: first and last day taken from this source. days: how many between them.
        taken_at: UTC, when the source said so; None for what comes with the program.
        derived: how it was computed, a formula; empty where the source said it.
        resolution: `DAY`, or `EPOCH` where a day has the mean of its whole epoch.
    """

    quantity: DayQuantity
    source: str
    first: date
    last: date
    days: int
    taken_at: datetime | None
    derived: str = ""
    resolution: str = DAY


@dataclass(frozen=True, slots=True, eq=False)
class JoinedHistory:
    """The network's past, complete UTC days alone.

    Attributes:
        days: NaN where nothing is known. currency: of the prices.
        retargets: in order. retargets_known_until: UTC, up to when no further one happened;
            None where there are none.
        retarget_sources: who each retarget is from.
        embedded_until: day of the last embedded retarget ("known to"), or None without any.
        hashrate_resolution: `DAY`, or `EPOCH` where no daily hashrate is known at all.
        used: where values come from, by quantity and then by preference.
        gaps: days not known between days that are, by quantity; no quantity lacks.
        disagreements, conflicts: days, and retargets, on which sources differ.
        misplaced: height and source of retargets left out because they do not fit in time.
        doubles: two values of one source for a day.
    """

    days: Days
    currency: str
    retargets: Retargets
    retargets_known_until: datetime | None = None
    retarget_sources: tuple[str, ...] = ()
    embedded_until: date | None = None
    hashrate_resolution: str = DAY
    used: tuple[Used, ...] = ()
    gaps: Mapping[DayQuantity, tuple[Span, ...]] = field(
        default_factory=lambda: MappingProxyType({})
    )
    disagreements: tuple[Disagreement, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    misplaced: tuple[tuple[int, str], ...] = ()
    doubles: tuple[Double, ...] = ()

    def provenance(self, quantity: DayQuantity) -> tuple[Used, ...]:
        """Return where the values of one quantity come from."""
        return tuple(used for used in self.used if used.quantity is quantity)


def join(
    sources: Sequence[KeptSource],
    embedded: Sequence[RetargetRow],
    *,
    until: date,
    currency: str = "USD",
    tolerances: Tolerances | None = None,
) -> JoinedHistory:
    """Join what sources say to one history.

    On each day the value of the preferred source that knows it (`candidates.ORDER`) is used.
    Difficulty comes from the retargets first, then from daily series.

    Args:
        sources: everything kept.
        embedded: retargets that come with the program.
        until: last complete day; nothing after it is used.
        currency: of prices.
        tolerances: beyond which sources disagree.
    """
    tolerances = tolerances or Tolerances()
    by_difficulty = ranked(sources, DayQuantity.DIFFICULTY)
    joined = join_retargets(by_difficulty, embedded, until)
    span = _span(sources, joined, currency, until)
    value: dict[DayQuantity, Floats] = {}
    used: list[Used] = []
    disagreements: list[Disagreement] = []
    end_of_day, of_epoch = joined.daily(*span)
    # A day with a retarget has two difficulties; half of each is near enough to count blocks.
    mean = (end_of_day + np.concatenate((end_of_day[:1], end_of_day[:-1]))) / 2
    for quantity in JOINED:
        found = candidates(sources, quantity, currency, span, mean)
        compared = np.ones(span[1] - span[0] + 1, np.bool_)
        if quantity is DayQuantity.DIFFICULTY:
            found = [*_from_retargets(joined, end_of_day), *found]
            compared = ~joined.near(*span)
        value[quantity], chosen = _choose(found, len(compared))
        used += _used(quantity, found, chosen, span[0])
        limit = tolerances.of(quantity)
        disagreements += _compare(quantity, found, chosen, compared, (span[0], limit))
    daily_hashrate = np.isfinite(value[DayQuantity.HASHRATE]).any()
    resolution = DAY if daily_hashrate or not np.isfinite(of_epoch).any() else EPOCH
    if resolution == EPOCH:
        value[DayQuantity.HASHRATE] = of_epoch
        used += _epoch_used(joined, of_epoch, span[0])
    return JoinedHistory(
        Days(
            span[0],
            value[DayQuantity.PRICE],
            value[DayQuantity.HASHRATE],
            value[DayQuantity.DIFFICULTY],
            value[DayQuantity.FEES],
            value[DayQuantity.ISSUANCE],
        ),
        currency,
        joined.retargets,
        retargets_known_until=_known_until(joined),
        retarget_sources=joined.source,
        embedded_until=_utc(embedded[-1].time_s).date() if embedded else None,
        hashrate_resolution=resolution,
        used=tuple(used),
        gaps=MappingProxyType({q: gaps_in(span[0], np.isfinite(value[q])) for q in JOINED}),
        disagreements=tuple(disagreements),
        conflicts=joined.conflicts,
        misplaced=joined.misplaced,
        doubles=tuple(_doubles(sources, until)),
    )


def _span(
    sources: Sequence[KeptSource], joined: JoinedRetargets, currency: str, until: date
) -> tuple[int, int]:
    """Return the first and last day of which anything is known; last < first where none is."""
    series = [s for source in sources for s in source.series if s.currency in {"", currency}]
    firsts = [s.first_day for s in series]
    lasts = [s.last_day for s in series]
    if joined.retargets.count:
        firsts.append(_utc(float(joined.retargets.time_s[0])).toordinal())
        known_until = _known_until(joined)
        lasts += [] if known_until is None else [known_until.toordinal()]
    first = min(firsts, default=until.toordinal() + 1)
    return first, max(min(max(lasts, default=0), until.toordinal()), first - 1)


def _known_until(joined: JoinedRetargets) -> datetime | None:
    if not joined.retargets.count:
        return None
    return _utc(max(joined.known_until_s, float(joined.retargets.time_s[-1])))


def _from_retargets(joined: JoinedRetargets, difficulty: Floats) -> Iterator[Candidate]:
    if joined.retargets.count:
        yield Candidate(RETARGETS, difficulty, _utc(joined.known_until_s))


def _choose(found: Sequence[Candidate], count: int) -> tuple[Floats, NDArray[np.int64]]:
    """Return the values of the preferred candidates, and which each is (-1 for none)."""
    value, chosen = np.full(count, np.nan), np.full(count, -1)
    for number, candidate in enumerate(found):
        open_days = (chosen < 0) & np.isfinite(candidate.value)
        value[open_days] = candidate.value[open_days]
        chosen[open_days] = number
    return value, chosen


def _compare(
    quantity: DayQuantity,
    found: Sequence[Candidate],
    chosen: NDArray[np.int64],
    compared: NDArray[np.bool_],
    first_and_limit: tuple[int, float],
) -> Iterator[Disagreement]:
    first, limit = first_and_limit
    if len(found) < 2:
        return
    for number, other in enumerate(found):
        for rank in range(number):
            one = found[rank]
            if one.source == other.source:
                continue
            with np.errstate(divide="ignore", invalid="ignore"):
                apart = np.abs(other.value - one.value) > limit * np.abs(one.value)
            (days,) = np.nonzero(apart & (chosen == rank) & compared)
            for i in days:
                yield Disagreement(
                    quantity,
                    date.fromordinal(first + int(i)),
                    one.source,
                    float(one.value[i]),
                    other.source,
                    float(other.value[i]),
                )


def _used(
    quantity: DayQuantity, found: Sequence[Candidate], chosen: NDArray[np.int64], first: int
) -> Iterator[Used]:
    for number, candidate in enumerate(found):
        (days,) = np.nonzero(chosen == number)
        if not len(days):
            continue
        is_joined = candidate.source == RETARGETS
        yield Used(
            quantity,
            candidate.source,
            date.fromordinal(first + int(days[0])),
            date.fromordinal(first + int(days[-1])),
            len(days),
            None if is_joined and candidate.taken_at.year == 1970 else candidate.taken_at,
            candidate.derived,
        )


def _epoch_used(joined: JoinedRetargets, hashrate: Floats, first: int) -> Iterator[Used]:
    (days,) = np.nonzero(np.isfinite(hashrate))
    only_embedded = set(joined.source) == {EMBEDDED}
    yield Used(
        DayQuantity.HASHRATE,
        EMBEDDED if only_embedded else RETARGETS,
        date.fromordinal(first + int(days[0])),
        date.fromordinal(first + int(days[-1])),
        len(days),
        None,
        "2015 x difficulty x 2^32 / (1,209,600 s x difficulty / next difficulty)",
        EPOCH,
    )


def _doubles(sources: Sequence[KeptSource], until: date) -> Iterator[Double]:
    for source in sources:
        for series in source.series:
            yield from (each for each in doubles_of(source.name, series) if each.day <= until)


def _utc(unix_s: float) -> datetime:
    return datetime.fromtimestamp(unix_s, UTC)
