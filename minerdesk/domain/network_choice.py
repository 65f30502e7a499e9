"""What the operator chose for the network's readings, and marks of what others said it costs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class ReferenceMark:
    """A dated figure of what mining a BTC costs, as somebody published it.

    Attributes:
        day: it was said of. cost_per_btc: USD. name: whose figure. source: where it stands.
        own: the operator's own, kept in the profile.
    """

    day: date
    cost_per_btc: float
    name: str
    source: str = ""
    own: bool = False


@dataclass(frozen=True, slots=True)
class NetworkChoice:
    """How the readings are computed.

    Attributes:
        price_per_kwh: of power, USD. confirmation_days, confirmation_band: what a cross of the hash
            ribbon must have beyond itself; 1 and 0 ask for nothing.
        marks: the operator's own.
    """

    price_per_kwh: float = 0.05
    confirmation_days: int = 1
    confirmation_band: float = 0.0
    marks: tuple[ReferenceMark, ...] = ()
