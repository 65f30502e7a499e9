"""Things that the start does not wait for: they are loaded and made when first asked for."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class FirstUse(Generic[T]):
    """One thing, made once, by whichever thread asks first; the others wait for it.

    Args:
        make: loads its code and makes it. What it raises reaches who asked, and who asks next
            tries again.
    """

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._lock = threading.RLock()
        self._made: T | None = None

    def __call__(self) -> T:
        """Return it."""
        found = self._made
        if found is None:
            with self._lock:
                found = self._made
                if found is None:
                    self._made = found = self._make()
        return found

    @property
    def made(self) -> T | None:
        """The thing where it was made already, else None; nothing is made for this."""
        return self._made
