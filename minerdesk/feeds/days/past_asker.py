"""What the sources of daily values share; apart, because it loads the HTTP library."""

from __future__ import annotations

from typing import Final

from minerdesk.feeds.asker import Asker

PUBLIC_PAUSE_S: Final = 60.0


class PastAsker(Asker):
    """Base of the sources of daily values: public ones, asked once a minute at most."""

    @property
    def pause_s(self) -> float:
        """Seconds between two steps."""
        return PUBLIC_PAUSE_S

    @property
    def currency(self) -> str:
        """Of its prices, where it has any."""
        return "USD"
