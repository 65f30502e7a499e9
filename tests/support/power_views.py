"""Power views on round numbers, for tests of the page."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np

from minerdesk.services.power.view import (
    BillBasis,
    BillRow,
    BillView,
    PartSteps,
    PowerView,
    PriceSteps,
    SeriesState,
    SitePower,
)

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
KNOWN_HOURS = 36
DAYS = 7


def two_prices(
    now: datetime = NOW, low: float = 0.052, high: float = 0.091, *, days: int = DAYS
) -> PriceSteps:
    """Dear from 12:00 to 21:00 UTC each day, else cheap; a grid fee of 0.01 within."""
    hours = np.arange(days * 24, dtype=np.float64)
    first = now.replace(minute=0, second=0, microsecond=0)
    start_s = first.timestamp() + hours * 3600
    of_day = (first.hour + hours) % 24
    per_kwh = np.where((of_day >= 12) & (of_day < 21), high, low)
    fee = np.full(len(hours), 0.01)
    return PriceSteps(
        start_s,
        1.0,
        per_kwh,
        (PartSteps("energy", per_kwh - fee), PartSteps("grid fee", fee)),
        np.ones(len(hours), dtype=np.bool_),
    )


def market(now: datetime = NOW) -> PriceSteps:
    """A market's wave that falls below zero at its lowest, known for a day and a half."""
    hours = np.arange(DAYS * 24, dtype=np.float64)
    start_s = now.replace(minute=0, second=0, microsecond=0).timestamp() + hours * 3600
    index = 0.03 + 0.05 * np.sin(hours / 24 * 2 * np.pi)
    fee = np.full(len(hours), 0.008)
    return PriceSteps(
        start_s,
        1.0,
        index + fee,
        (PartSteps("index", index), PartSteps("adder", fee)),
        hours < KNOWN_HOURS,
    )


def bill(month: str = "2026-05") -> BillView:
    """A bill of three lines."""
    lines = (
        BillRow("energy on-peak", 1_000_000.0, "kWh", 0.091, 91_000.0),
        BillRow("demand", 4_000.0, "kW", 12.5, 50_000.0),
        BillRow("customer charge", None, "", None, 500.0),
    )
    return BillView(month, BillBasis.AS_NOW, lines, 141_500.0, 1_000_000.0, 4_000.0)


def power_view(now: datetime = NOW, book_revision: int = 1) -> PowerView:
    """Three sites: by the hour of the day, by a market, and one without a price."""
    return PowerView(
        book_revision,
        1,
        now,
        (
            SitePower(
                "texas-1",
                "Texas 1",
                "texas",
                "Industrial",
                "America/Chicago",
                "USD",
                two_prices(now),
                0.057,
                0.085,
                (bill(),),
            ),
            SitePower(
                "quebec",
                "Quebec",
                "quebec",
                "Day-ahead",
                "America/Toronto",
                "USD",
                market(now),
                0.057,
                0.09,
                (bill(),),
                SeriesState("quebec", now, now + timedelta(hours=KNOWN_HOURS)),
            ),
            SitePower(
                "paraguay",
                "Paraguay",
                "paraguay",
                "Index",
                "America/Asuncion",
                "USD",
                problem="The price series “paraguay” is empty; import a file or choose a source.",
            ),
        ),
    )
