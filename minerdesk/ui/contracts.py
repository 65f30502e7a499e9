"""What the window asks of the layers below, as protocols; it builds none of it.

The real classes live in `services` and are handed in by the composition root.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

from minerdesk.domain.book import Book

Change = Callable[[Book], Book]


class Formats(Protocol):
    """Numbers, money and ages in the operator's locale (`services.words.Formats`)."""

    def number(self, value: float | None, digits: int = 0) -> str:
        """Return a number; None is an en dash."""
        ...

    def money(self, value: float | None, currency: str, digits: int | None = None) -> str:
        """Return an amount with its currency's code."""
        ...

    def percent(self, fraction: float | None, digits: int = 1) -> str:
        """Return a fraction as percent."""
        ...

    def age(self, age: timedelta) -> str:
        """Return an age in words, such as ``12 min``."""
        ...


class Clock(Protocol):
    """The time now."""

    def __call__(self) -> datetime:
        """Return the time now, UTC and aware."""
        ...
