"""Readings of a file's history, or of what is kept: no source is asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from minerdesk.domain.errors import UserError
from minerdesk.domain.readings import RetargetProjection
from minerdesk.domain.text import _
from minerdesk.domain.units import HS_PER_EHS
from minerdesk.engine.indicators.difficulty import Retargets, retargets_of_days
from minerdesk.engine.network import hashrate_from_difficulty
from minerdesk.services.network_reading.embedded import embedded_machines, embedded_retargets
from minerdesk.services.network_reading.history_csv import read_daily_file
from minerdesk.services.network_reading.indicators import DailyHistory
from minerdesk.services.network_reading.readings import Asked, NetworkReadings, read_network

# Files print difficulty with few digits, or as the mean of a day.
_SAME_DIFFICULTY: Final = 0.005
_NEVER_APART: Final = 20.0  # luck and old difficulty together are far less
_UNSURE: Final = timedelta(days=1)  # the embedded retargets know their day, not their hour


def embedded_history() -> DailyHistory:
    """Return what is known where nothing was ever kept: the retargets of the program."""
    return DailyHistory(None, embedded_retargets(), embedded_alone=True)


def readings_from_file(path: Path, as_of: date, price_per_kwh: float) -> NetworkReadings:
    """Return the readings of a file as of a day.

    Difficulty is that of the chain's retargets as far as they are known, else the file's own.

    Args:
        path: a CSV of daily history (`read_daily_file`).
        as_of: the last day that is used; where the file ends before, it ends there.
        price_per_kwh: of power, USD, for the cost of mining.

    Raises:
        UserError: the file cannot be read, or begins after ``as_of``.
    """
    found = read_daily_file(path, as_of)
    if as_of.toordinal() < found.days.first_day:
        sentence = _("{name} begins on {first}, after {day}.")
        raise UserError(
            sentence.format(
                name=found.name,
                first=date.fromordinal(found.days.first_day).isoformat(),
                day=as_of.isoformat(),
            ),
            where="--as-of",
            value=as_of.isoformat(),
        )
    chain = DailyHistory(found.days, embedded_retargets(), notes=found.notes)
    readings = readings_from_past(chain, as_of, price_per_kwh)
    own = retargets_of_days(readings.days)
    if own.count and (readings.difficulty is None or readings.difficulty.old):
        readings = readings_from_past(replace(chain, retargets=own), as_of, price_per_kwh)
    doubts = (*_other_difficulty(readings, own, found.name), *_other_unit(readings, found.name))
    return replace(readings, notes=(*readings.notes, *doubts))


def readings_from_past(
    history: DailyHistory,
    as_of: date,
    price_per_kwh: float,
    projection: RetargetProjection | None = None,
) -> NetworkReadings:
    """Return the readings of what is kept as of a day.

    Args:
        history: what is known by day.
        as_of: the last day that is used.
        price_per_kwh: of power, USD, for the cost of mining.
        projection: of the next retarget, where live numbers give one.
    """
    return read_network(
        history.days,
        history.retargets,
        embedded_machines(),
        as_of,
        Asked(price_per_kwh, projection=projection, notes=history.notes),
    )


def _other_difficulty(readings: NetworkReadings, own: Retargets, name: str) -> Iterator[str]:
    """Say where the file's difficulty is another than the chain's."""
    known = readings.difficulty
    if known is None or not own.count or readings.as_of - known.since <= _UNSURE:
        return
    said = float(own.difficulty[-1])
    if abs(said / known.value - 1) > _SAME_DIFFICULTY:
        sentence = _("{name} says difficulty {own:.6g}; the chain's {value:.6g} is used.")
        yield sentence.format(name=name, own=said, value=known.value)


def _other_unit(readings: NetworkReadings, name: str) -> Iterator[str]:
    """Say where the file's hashrate is so far from the difficulty's that its unit must be wrong."""
    known = readings.difficulty
    if known is None or not readings.hashrate:
        return
    implied_ehs = hashrate_from_difficulty(known.value) / HS_PER_EHS
    value_ehs = readings.hashrate[0].value_ehs
    if not 1 / _NEVER_APART < value_ehs / implied_ehs < _NEVER_APART:
        sentence = _(
            "{name} says {value:.3g} EH/s where difficulty asks for {implied:.3g} EH/s: is its "
            "unit right?"
        )
        yield sentence.format(name=name, value=value_ehs, implied=implied_ehs)
