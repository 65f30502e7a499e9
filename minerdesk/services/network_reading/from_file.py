"""Readings of a file's history, or of what is kept: no source is asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from minerdesk.domain.errors import UserError
from minerdesk.domain.readings import RetargetProjection
from minerdesk.domain.text import _
from minerdesk.engine.indicators.difficulty import retargets_of_days
from minerdesk.services.network_reading.embedded import embedded_machines, embedded_retargets
from minerdesk.services.network_reading.history_csv import read_daily_file
from minerdesk.services.network_reading.indicators import DailyHistory
from minerdesk.services.network_reading.readings import Asked, NetworkReadings, read_network

# Files print difficulty with few digits, or as the mean of a day.
_SAME_DIFFICULTY: Final = 0.005
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
    if not own.count:
        return readings
    if readings.difficulty is None or readings.difficulty.old:
        return readings_from_past(replace(chain, retargets=own), as_of, price_per_kwh)
    return _with_doubt(readings, float(own.difficulty[-1]), found.name)


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


def _with_doubt(readings: NetworkReadings, own: float, name: str) -> NetworkReadings:
    """Say where the file's difficulty is another than the chain's."""
    known = readings.difficulty
    if known is None or abs(own / known.value - 1) <= _SAME_DIFFICULTY:
        return readings
    if readings.as_of - known.since <= _UNSURE:
        return readings
    sentence = _("{name} says difficulty {own:.6g}; the chain's {value:.6g} is used.")
    doubt = sentence.format(name=name, own=own, value=known.value)
    return replace(readings, notes=(*readings.notes, doubt))
