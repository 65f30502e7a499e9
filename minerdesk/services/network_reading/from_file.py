"""Readings of a file's history, or of the embedded retargets alone: no source is asked."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from minerdesk.domain.errors import UserError
from minerdesk.domain.readings import RetargetProjection
from minerdesk.domain.text import _
from minerdesk.services.network_reading.embedded import embedded_machines, embedded_retargets
from minerdesk.services.network_reading.history_csv import read_daily_file
from minerdesk.services.network_reading.readings import Asked, NetworkReadings, read_network


def readings_from_file(
    history: Path | None,
    as_of: date,
    price_per_kwh: float,
    projection: RetargetProjection | None = None,
) -> NetworkReadings:
    """Return the readings as of a day.

    Args:
        history: a CSV of daily history (`read_daily_file`); None takes the embedded retargets.
        as_of: the last day that is used; where the file ends before, it ends there.
        price_per_kwh: of power, USD, for the cost of mining.
        projection: of the next retarget, where live numbers give one.

    Raises:
        UserError: the file cannot be read, or begins after ``as_of``.
    """
    found = None if history is None else read_daily_file(history)
    if found is not None and as_of.toordinal() < found.days.first_day:
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
    return read_network(
        None if found is None else found.days,
        embedded_retargets(),
        embedded_machines(),
        as_of,
        Asked(price_per_kwh, projection=projection, notes=() if found is None else found.notes),
    )
