"""What goes into the daily series of the history and comes out of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from minerdesk.domain.network_days import DayQuantity, DayRows, RetargetRow

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Ask:
    """How asking one endpoint stands.

    Attributes:
        endpoint: unique among all. source: whose it is.
        asked_at: the last attempt. answered_at: the last that brought something, or None.
        due_at: not before then is it asked again.
        failures: attempts that failed since the last good one.
        cursor: where its source goes on, opaque; empty where nothing is open.
        problem: what was wrong with the last answer, a sentence; empty where nothing was.
    """

    endpoint: str
    source: str
    asked_at: datetime
    due_at: datetime
    answered_at: datetime | None = None
    failures: int = 0
    cursor: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class DayBatch:
    """Something one source said at one time, kept whole or not at all.

    Attributes:
        source: its name. from_file: it is an imported file.
        taken_at: UTC, when it was said.
        ask: how asking stands after it, or None.
    """

    source: str
    taken_at: datetime
    series: tuple[DayRows, ...] = ()
    retargets: tuple[RetargetRow, ...] = ()
    from_file: bool = False
    ask: Ask | None = None


@dataclass(frozen=True, slots=True, eq=False)
class KeptSeries:
    """One quantity of one source over consecutive days.

    Attributes:
        first_day: ordinal of the first entry. value: shape (D,), NaN where nothing is known; its
            first and last entry are known.
        taken_at: UTC, when the newest of it was said.
        doubles: ordinal and value of what a later value of the same answer and day replaced.
    """

    quantity: DayQuantity
    currency: str
    first_day: int
    value: Floats
    taken_at: datetime
    doubles: tuple[tuple[int, float], ...] = ()

    @property
    def last_day(self) -> int:
        """Ordinal of the last entry."""
        return self.first_day + len(self.value) - 1


@dataclass(frozen=True, slots=True, eq=False)
class KeptSource:
    """All that one source said.

    Attributes:
        retargets: by height. retargets_at: UTC, when they were last said, or None.
        added_at: UTC, when it was first heard.
    """

    name: str
    from_file: bool
    added_at: datetime
    series: tuple[KeptSeries, ...] = ()
    retargets: tuple[RetargetRow, ...] = ()
    retargets_at: datetime | None = None
