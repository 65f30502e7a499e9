"""Ids for what an import adds."""

from __future__ import annotations

from collections.abc import Iterable


class FreeIds:
    """Gives out ids that are not taken; O(1) each, however many want the same."""

    def __init__(self, taken: Iterable[str]) -> None:
        self._taken = set(taken)
        self._next: dict[str, int] = {}

    def take(self, wanted: str) -> str:
        """Return ``wanted``, or the first of ``wanted-2``, ``wanted-3`` … that is free; take it."""
        found = wanted
        while found in self._taken:
            number = self._next.get(wanted, 2)
            self._next[wanted] = number + 1
            found = f"{wanted}-{number}"
        self._taken.add(found)
        return found
