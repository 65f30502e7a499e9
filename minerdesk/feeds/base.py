"""What a feed is, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from minerdesk.domain.cancel import CancelToken
from minerdesk.domain.errors import WorldError
from minerdesk.domain.readings import Reading


@dataclass(frozen=True, slots=True)
class FeedAnswer:
    """What one call of a feed brought.

    Attributes:
        readings: the numbers that hold now.
        series: numbers of earlier times (``taken_at`` is their own time), for history alone.
        fresh_until: UTC, before which the source asks not to be called again, or None.
        problems: one sentence for each field that was refused; the rest of the answer is used.
    """

    readings: tuple[Reading, ...] = ()
    series: tuple[Reading, ...] = ()
    fresh_until: datetime | None = None
    problems: tuple[str, ...] = ()


class Feed(Protocol):
    """One endpoint, or a few that belong together, of one source."""

    @property
    def name(self) -> str:
        """Unique among the feeds, such as ``mempool hashrate``."""
        ...

    @property
    def source(self) -> str:
        """Who is asked, as readings name it, such as ``mempool.space``."""
        ...

    @property
    def interval_s(self) -> float:
        """Seconds between calls while all is well, at least 60."""
        ...

    def fetch(self, token: CancelToken) -> FeedAnswer:
        """Ask the source once. Called by one thread at a time.

        Raises:
            WorldError: nothing of the answer can be used; one sentence with the source and why.
            Cancelled: the token was cancelled meanwhile.
        """
        ...


class RetryLater(WorldError):  # noqa: N818 - it says what to do
    """The source refused and asked for patience.

    Attributes:
        retry_after_s: seconds it asked for, or None where it named none.
    """

    def __init__(self, sentence: str, retry_after_s: float | None = None) -> None:
        super().__init__(sentence)
        self.retry_after_s = retry_after_s
