"""A decision the operator took on a move, with the numbers of that moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Outcome(StrEnum):
    """What became of a move."""

    DONE = "done"
    NOT_DONE = "not_done"


@dataclass(frozen=True, slots=True)
class Decision:
    """One line of the log. It holds its own names, so that it reads the same after every edit.

    Attributes:
        at: when it was taken, UTC.
        outcome, reason: done, or not done and why.
        book: the book's lasting key, empty where it had no file; ``book_name`` what it is called.
        site, group: ids; ``site_name`` and ``model`` what they are called.
        count: rigs. before, after: name of a power mode, or ``off``.
        due, until: UTC; from when to when the move was advised; None where it had no end.
        why: the sentence that was shown.
        worth, doubt: money in ``currency``: over the move's duration, or a day where ``a_day``.
        price_per_btc: in ``currency``. price_per_kwh, break_even_per_kwh: at the meter.
        hashprice_per_ph_day: before costs.
        sources: where the numbers came from and how old they were.
        move_key: names the move in its plan; empty where there was no plan.
        plan_made_at, book_revision, network_revision: what the advice was made from.
        withdrawn_at: when it was taken back, or None.
        id: its number in the log; 0 before it is kept.
    """

    at: datetime
    outcome: Outcome
    group: str
    site: str
    model: str
    site_name: str
    count: int
    before: str
    after: str
    due: datetime
    until: datetime | None
    why: str
    worth: float
    doubt: float
    currency: str
    price_per_btc: float
    difficulty: float
    hashprice_per_ph_day: float
    price_per_kwh: float
    break_even_per_kwh: float
    sources: str
    reason: str = ""
    a_day: bool = False
    book: str = ""
    book_name: str = ""
    move_key: str = ""
    plan_made_at: datetime | None = None
    book_revision: int = 0
    network_revision: int = 0
    withdrawn_at: datetime | None = None
    id: int = 0

    @property
    def in_force(self) -> bool:
        """Whether it was not taken back."""
        return self.withdrawn_at is None
