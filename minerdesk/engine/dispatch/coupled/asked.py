"""What whoever runs a site's plan wants of it, and how long work is left off where it stands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


class Enough(Exception):  # noqa: N818 - it ends the work, and nothing went wrong
    """Time is out or the work was cancelled; what has been found counts."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The asker's side of a site's plan.

    Attributes:
        tolerance: gives the money by which the site's plan may miss its bound.
        stop: whether to stop now. seconds: gives the seconds that are left.
    """

    tolerance: Callable[[], float]
    stop: Callable[[], bool]
    seconds: Callable[[], float]

    def check(self) -> None:
        """Raise `Enough` where it is time to stop."""
        if self.stop():
            raise Enough
