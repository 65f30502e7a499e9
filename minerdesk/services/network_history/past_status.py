"""How bringing the network's past up to date goes, as the window keeps it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from minerdesk.services.network_history.history import Progress


@dataclass(frozen=True, slots=True)
class PastStatus:
    """The slice ``past``: how bringing it up to date goes.

    Attributes:
        asking: a step is under way. last: the newest step, or None before the first.
        problem: why nothing could be brought, a sentence; empty where nothing was wrong.
        changes: how often anything was kept or removed; another number is another past.
    """

    asking: bool = False
    last: Progress | None = None
    problem: str = ""
    changes: int = 0
