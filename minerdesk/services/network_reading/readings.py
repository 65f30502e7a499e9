"""The four readings of the network as of one day, and what goes with them. Frozen values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from minerdesk.domain.readings import RetargetProjection
from minerdesk.domain.text import _
from minerdesk.domain.units import HS_PER_EHS
from minerdesk.engine.indicators.days import Days, mean_of_last, peak_so_far
from minerdesk.engine.indicators.difficulty import (
    Retargets,
    Streak,
    daily_from_epochs,
    streak,
)
from minerdesk.engine.indicators.ribbon import PRICE_SLOW_DAYS, Confirmation, Phase, Ribbon, ribbon
from minerdesk.engine.indicators.value import puell
from minerdesk.engine.industry import (
    DEFAULT_PRICE_PER_KWH,
    IndustryCost,
    Machines,
    industry_cost,
)
from minerdesk.engine.network import poisson_error_pct

Floats = NDArray[np.float64]
MEANS_DAYS: Final = (1, 7, 14, 30, 60)
HEADLINE_DAYS: Final = 7
AFTER_DAYS: Final = (30, 90, 180)
# Slower epochs than this are rare; after it the next change is taken to have happened.
_LONGEST_EPOCH: Final = timedelta(days=16)


@dataclass(frozen=True, slots=True)
class DifficultyReading:
    """Difficulty and where it goes.

    Attributes:
        value: in force. since: day of the last retarget. change_pct: of it, None where unknown.
        projection: of the next one, or None with ``why_no_projection``.
        streak: the last eight changes. known_to: last retarget that is known. old: whether another
            one should have happened since, so that ``value`` is what it was and not what it is.
    """

    value: float
    since: date
    change_pct: float | None
    streak: Streak
    projection: RetargetProjection | None
    why_no_projection: str
    known_to: date
    old: bool


@dataclass(frozen=True, slots=True)
class HashrateMean:
    """A trailing mean of hashrate; ``error_pct`` is one standard deviation of its block count."""

    days: int
    value_ehs: float
    error_pct: float
    peak_ehs: float
    peak_date: date
    drawdown_pct: float


@dataclass(frozen=True, slots=True)
class RibbonEpisode:
    """One capitulation; None where it has not come by the day of the reading.

    Attributes:
        days: from its start to the re-cross, or to the day of the reading.
        price_after_pct: change of price after `AFTER_DAYS` days from the re-cross.
    """

    start: date
    recovered: date | None
    buy: date | None
    days: int
    price_after_pct: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class RibbonReading:
    """The hash ribbon.

    Attributes:
        phase, since: of the day. recovering: the flag beside it.
        episodes: oldest first. confirmation: what a cross must have.
        resolution: ``day``, or ``epoch`` where only retargets are known.
        priced: whether the prices are known that a buy is told by.
    """

    phase: Phase
    since: date
    recovering: bool
    fast_ehs: float
    slow_ehs: float
    episodes: tuple[RibbonEpisode, ...]
    confirmation: Confirmation
    resolution: str
    priced: bool = True


@dataclass(frozen=True, slots=True)
class NetworkReadings:
    """What history says of the network as of one day; a part is None where it cannot be computed.

    Attributes:
        as_of: the last complete day that was used.
        price: of that day, or None.
        days, retargets: what it was computed from, nothing after ``as_of`` inside.
        hashrate_to: the last day whose hashrate is known; means and ribbon are of that day.
        cost: the whole series; the readings are of its last day.
        why: why a part is None or old, a sentence by part: ``hashrate``, ``ribbon``,
            ``industry_cost``, ``puell``, ``difficulty``.
        notes: what was assumed, in sentences.
    """

    as_of: date
    price: float | None
    days: Days
    retargets: Retargets
    difficulty: DifficultyReading | None
    hashrate: tuple[HashrateMean, ...]
    hashrate_to: date | None
    ribbon: RibbonReading | None
    ribbon_days: Ribbon | None
    cost: IndustryCost | None
    puell: float | None
    why: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()

    def reason(self, part: str) -> str:
        """Return why a part could not be computed, or an empty text."""
        return dict(self.why).get(part, "")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is wanted beyond the history.

    Attributes:
        price_per_kwh: of power, USD. confirmation: of the ribbon.
        projection: of the next retarget, where live numbers give one.
    """

    price_per_kwh: float = DEFAULT_PRICE_PER_KWH
    confirmation: Confirmation = field(default_factory=Confirmation)
    projection: RetargetProjection | None = None
    notes: tuple[str, ...] = ()


def read_network(
    days: Days | None,
    retargets: Retargets,
    machines: Machines,
    as_of: date,
    asked: Asked | None = None,
) -> NetworkReadings:
    """Compute every reading from complete days up to and including ``as_of``.

    Args:
        days: daily history, or None; where it knows no hashrate the retargets stand in for it.
        retargets: every change of difficulty that is known.
        machines: for the cost of mining.
        as_of: nothing of a later day is used; where history ends before, it ends there.
        asked: further choices.
    """
    asked = asked or Asked()
    cut, used, as_of, resolution = _known_by(days, retargets, as_of)
    known = np.flatnonzero(np.isfinite(cut.hashrate_hs))
    last = int(known[-1]) if len(known) else None
    notes = [*asked.notes, *_of_hashrate(cut, last, resolution)]
    why: dict[str, str] = {}
    found: Ribbon | None = None
    reading: RibbonReading | None = None
    if last is None:
        why["hashrate"] = _("No hashrate of any day is known.")
        why["ribbon"] = why["hashrate"]
    else:
        found = ribbon(cut, asked.confirmation)
        reading = _ribbon_reading(cut, found, last, asked.confirmation, resolution)
        if reading is None:
            why["ribbon"] = _("The ribbon needs 60 days of hashrate without a gap.")
    cost, doubt = _cost(cut, machines, asked.price_per_kwh)
    if cost is None:
        why["industry_cost"] = doubt
    elif doubt:
        notes.append(doubt)
    multiple = _last(puell(cut))
    if multiple is None:
        why["puell"] = _("It needs price and issuance of the last 365 days.")
    difficulty = _difficulty(used, as_of, asked.projection)
    if difficulty is None:
        why["difficulty"] = _("No retarget up to that day is known.")
    elif difficulty.old:
        text = _("Difficulty is known to {day}; what it became after that is not known here.")
        why["difficulty"] = text.format(day=difficulty.known_to.isoformat())
        notes.append(why["difficulty"])
    return NetworkReadings(
        as_of=as_of,
        price=_last(cut.price),
        days=cut,
        retargets=used,
        difficulty=difficulty,
        hashrate=() if last is None else _means(cut, last, resolution),
        hashrate_to=None if last is None else date.fromordinal(cut.first_day + last),
        ribbon=reading,
        ribbon_days=found,
        cost=cost,
        puell=multiple,
        why=tuple(why.items()),
        notes=tuple(notes),
    )


def _known_by(
    days: Days | None, retargets: Retargets, as_of: date
) -> tuple[Days, Retargets, date, str]:
    """Return what is known by the end of a day, the last day of it, and its resolution."""
    cut = None if days is None else _until(days, as_of)
    if cut is not None and np.isfinite(cut.hashrate_hs).any():
        # Everything is of one day: the last that history knows.
        as_of = min(as_of, date.fromordinal(cut.first_day + cut.count - 1))
        return cut, _before_the_end_of(as_of, retargets), as_of, "day"
    used = _before_the_end_of(as_of, retargets)
    return _until(_from_retargets(days, used, as_of), as_of), used, as_of, "epoch"


def _of_hashrate(days: Days, last: int | None, resolution: str) -> Iterator[str]:
    """Say what stands for hashrate, and to which day it is known, where that is not the last."""
    if resolution == "epoch" and days.count:
        text = _("Hashrate is the mean of each epoch, from retargets alone, known to {day}.")
        yield text.format(day=date.fromordinal(days.first_day + days.count - 1).isoformat())
    elif last is not None and last < days.count - 1:
        text = _("Hashrate is known to {day}; its means and the ribbon are of that day.")
        yield text.format(day=date.fromordinal(days.first_day + last).isoformat())


def _cost(days: Days, machines: Machines, price_per_kwh: float) -> tuple[IndustryCost | None, str]:
    """Return the cost of mining, or None where the last day has none; and what to say of it."""
    found = industry_cost(days, machines, price_per_kwh)
    if _last(found.threshold_j_per_th) is None:
        return None, _("It needs price, hashrate and rewards of the last 20 days.")
    runs = np.flatnonzero(found.eligible)
    if _last(found.best_guess.cost_per_btc) is not None:
        if found.eligible[-1]:
            return found, ""
        text = _("At {price} USD/kWh no machine earns now; those of {day} stand for the network.")
        day = date.fromordinal(days.first_day + int(runs[-1])).isoformat()
        return found, text.format(price=price_per_kwh, day=day)
    if len(runs):
        return None, _("It needs price, hashrate and rewards of the last 20 days.")
    text = _("At {price} USD/kWh no machine of the model earns.")
    return None, text.format(price=price_per_kwh)


def _before_the_end_of(day: date, retargets: Retargets) -> Retargets:
    midnight = datetime.combine(day, datetime.min.time(), UTC) + timedelta(days=1)
    return retargets.until(midnight.timestamp())


def _last(values: Floats) -> float | None:
    return float(values[-1]) if len(values) and np.isfinite(values[-1]) else None


def _until(days: Days, as_of: date) -> Days:
    """Cut history after a day, and after the last day on which anything is known."""
    keep = max(0, min(days.count, as_of.toordinal() - days.first_day + 1))
    known = np.isfinite(days.price[:keep]) | np.isfinite(days.hashrate_hs[:keep])
    some = np.flatnonzero(known)
    keep = int(some[-1]) + 1 if len(some) else 0
    return Days(
        days.first_day,
        days.price[:keep],
        days.hashrate_hs[:keep],
        days.difficulty[:keep],
        days.fees_btc[:keep],
        days.issuance_btc[:keep],
    )


def _from_retargets(days: Days | None, retargets: Retargets, as_of: date) -> Days:
    """Return days whose hashrate is that of their epoch; the rest as it is known."""
    if not retargets.count:
        nothing = np.empty(0)
        return days or Days(as_of.toordinal(), *(nothing,) * 5)
    if days is None:
        first = datetime.fromtimestamp(float(retargets.time_s[0]), UTC).date().toordinal()
        difficulty, hashrate = daily_from_epochs(retargets, first, as_of.toordinal())
        nothing = np.full(len(hashrate), np.nan)
        return Days(first, nothing, hashrate, difficulty, nothing, nothing)
    difficulty, hashrate = daily_from_epochs(
        retargets, days.first_day, days.first_day + days.count - 1
    )
    return replace(days, hashrate_hs=hashrate, difficulty=difficulty)


def _means(days: Days, last: int, resolution: str) -> tuple[HashrateMean, ...]:
    found = []
    for span in MEANS_DAYS:
        values = mean_of_last(days.hashrate_hs[: last + 1], span) / HS_PER_EHS
        peak = peak_so_far(values)
        if not np.isfinite(values[-1]):
            continue
        # An epoch's mean already rests on 2,015 blocks, however few days of it are looked at.
        error = poisson_error_pct(max(span, 14 if resolution == "epoch" else span))
        found.append(
            HashrateMean(
                span,
                float(values[-1]),
                error,
                float(peak.value[-1]),
                date.fromordinal(days.first_day + int(peak.at[-1])),
                float(peak.drawdown_pct[-1]),
            )
        )
    return tuple(found)


def _ribbon_reading(
    days: Days, found: Ribbon, last: int, confirmation: Confirmation, resolution: str
) -> RibbonReading | None:
    phase = Phase(int(found.phase[last]))
    if phase is Phase.UNKNOWN:
        return None
    # A gap in the days ends no phase: what goes on after it began before.
    known = np.flatnonzero(found.phase[: last + 1] != Phase.UNKNOWN)
    other = np.flatnonzero(found.phase[known] != phase)
    since = int(known[other[-1] + 1 if len(other) else 0])

    def day(index: int | None) -> date | None:
        return None if index is None else date.fromordinal(days.first_day + index)

    episodes = []
    for each in found.episodes:
        end = last if each.recovered is None else each.recovered
        episodes.append(
            RibbonEpisode(
                date.fromordinal(days.first_day + each.start),
                day(each.recovered),
                day(each.buy),
                end - each.start,
                tuple(_price_after(days, each.recovered, span) for span in AFTER_DAYS),
            )
        )
    return RibbonReading(
        phase,
        date.fromordinal(days.first_day + since),
        bool(found.recovering[last]),
        float(found.fast_hs[last]) / HS_PER_EHS,
        float(found.slow_hs[last]) / HS_PER_EHS,
        tuple(episodes),
        confirmation,
        resolution,
        bool(np.isfinite(days.price[: last + 1][-PRICE_SLOW_DAYS:]).all()),
    )


def _price_after(days: Days, index: int | None, span: int) -> float | None:
    if index is None or index + span >= days.count:
        return None
    change = float(days.price[index + span] / days.price[index] - 1) * 100
    return change if np.isfinite(change) else None


def _difficulty(
    retargets: Retargets, as_of: date, projection: RetargetProjection | None
) -> DifficultyReading | None:
    if not retargets.count:
        return None
    since = datetime.fromtimestamp(float(retargets.time_s[-1]), UTC).date()
    change = float(retargets.change_pct[-1])
    return DifficultyReading(
        value=float(retargets.difficulty[-1]),
        since=since,
        change_pct=change if np.isfinite(change) else None,
        streak=streak(retargets.change_pct),
        projection=projection,
        why_no_projection=""
        if projection is not None
        else _("A projection needs the live height and block times."),
        known_to=since,
        old=as_of - since > _LONGEST_EPOCH,
    )
