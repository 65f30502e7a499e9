"""What the Power page shows: each site's price of a kWh for the next days, and its last bill."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
_SAME_PRICE: Final = 5e-7  # below what a price is written with


@dataclass(frozen=True, slots=True)
class PartSteps:
    """One named part of the price, money per kWh by step, shape (T,)."""

    name: str
    per_kwh: Floats


@dataclass(frozen=True, slots=True)
class PriceSteps:
    """The price of one more kWh at a site, by step; arrays have the shape (T,).

    Attributes:
        start_s: Unix time, s, rising, one step after the other. hours: length of a step.
        per_kwh: the sum of the parts; may be negative. It is NaN in a hole of a price series.
        known: whether it is a known price; the others are forecast.
    """

    start_s: Floats
    hours: float
    per_kwh: Floats
    parts: tuple[PartSteps, ...]
    known: Bools

    def index_at(self, at_s: float) -> int | None:
        """Return the step in which a Unix time lies, or None outside of all."""
        index = int(np.searchsorted(self.start_s, at_s, side="right")) - 1
        if index < 0 or at_s >= self.start_s[index] + self.hours * 3600:
            return None
        return index

    def next_change(self, index: int) -> int | None:
        """Return the next step whose price differs from that of step ``index``, or None."""
        after = self.per_kwh[index + 1 :]
        differs = np.flatnonzero(np.abs(after - self.per_kwh[index]) > _SAME_PRICE)
        return index + 1 + int(differs[0]) if len(differs) else None

    def main_change(self, index: int, until: int) -> str:
        """Return the name of the part that changes most between two steps."""
        by = [abs(float(part.per_kwh[until] - part.per_kwh[index])) for part in self.parts]
        return self.parts[int(np.argmax(by))].name if by else ""


class BillBasis(StrEnum):
    """What load a bill was made from."""

    IMPORTED = "imported"  # a load the operator imported
    AS_NOW = "as_now"  # as if what runs now had run all month


@dataclass(frozen=True, slots=True)
class BillRow:
    """One line of a bill; quantity and rate are None where a line has none."""

    name: str
    quantity: float | None
    unit: str
    rate: float | None
    amount: float


@dataclass(frozen=True, slots=True)
class BillView:
    """The bill of a month, line by line, in the tariff's currency.

    Attributes:
        month: ``YYYY-MM``, local.
        basis: what load it is of.
        currency: of its money. notes: sentences on what it lacks.
        problem: why there is no bill, a sentence; empty where there is one.
    """

    month: str
    basis: BillBasis
    lines: tuple[BillRow, ...] = ()
    total: float = 0.0
    kwh: float = 0.0
    peak_kw: float = 0.0
    currency: str = ""
    notes: tuple[str, ...] = ()
    problem: str = ""


@dataclass(frozen=True, slots=True)
class SeriesState:
    """What is known of the price series of an index.

    Attributes:
        as_of: when it was taken, UTC. known_until: end of the last known price, UTC.
        problem: what is wrong with it, a sentence; empty where nothing is.
    """

    name: str
    as_of: datetime | None = None
    known_until: datetime | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class SitePower:
    """Power at one site.

    Attributes:
        zone: IANA name of its civil time. currency: of all its money.
        steps: from the step that holds now, seven days; None where there is no price.
        break_even_least, break_even_most: money per kWh at which the site's first and its last
            group earns nothing, in the site's currency; None where unknown or without rigs.
        bills: by month, the newest first. series: of its index, or None.
        problem: why there is no price, a sentence; empty where there is one.
        notes: further sentences on what the price rests on.
    """

    site: str
    name: str
    tariff: str
    tariff_name: str
    zone: str
    currency: str
    steps: PriceSteps | None = None
    break_even_least: float | None = None
    break_even_most: float | None = None
    bills: tuple[BillView, ...] = ()
    series: SeriesState | None = None
    problem: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PowerView:
    """What the slice ``power`` holds: every site in the book's order.

    Attributes:
        book_revision, network_revision: of what it was made from. made_at: UTC.
    """

    book_revision: int
    network_revision: int
    made_at: datetime
    sites: tuple[SitePower, ...] = field(default=())

    def site(self, site_id: str) -> SitePower | None:
        """Return one site's power, or None."""
        return next((each for each in self.sites if each.site == site_id), None)
