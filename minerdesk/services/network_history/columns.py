"""Which column of a history file is what, in which unit: known by its name, or guessed by size."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from minerdesk.domain.network_days import DayQuantity

HASHRATE_UNITS: Final = {"H/s": 1.0, "GH/s": 1e9, "TH/s": 1e12, "PH/s": 1e15, "EH/s": 1e18}
BTC: Final = "BTC"
SATS: Final = "sat"
USD_TO_BTC: Final = "USD"  # of issuance and fees: divided by the day's price
UNITS: Final = {**HASHRATE_UNITS, BTC: 1.0, SATS: 1e-8, USD_TO_BTC: 1.0, "": 1.0}
TIME_NAMES: Final = ("time", "date", "day", "timestamp", "datum", "datetime")

_KNOWN: Final = {
    "priceusd": (DayQuantity.PRICE, ""),
    "price": (DayQuantity.PRICE, ""),
    "close": (DayQuantity.PRICE, ""),
    "close_usd": (DayQuantity.PRICE, ""),
    "price_usd": (DayQuantity.PRICE, ""),
    "market-price": (DayQuantity.PRICE, ""),
    "difficulty": (DayQuantity.DIFFICULTY, ""),
    "diffmean": (DayQuantity.DIFFICULTY, ""),
    "difflast": (DayQuantity.DIFFICULTY, ""),
    "feetotntv": (DayQuantity.FEES, BTC),
    "fees_btc": (DayQuantity.FEES, BTC),
    "transaction-fees": (DayQuantity.FEES, BTC),
    "isstotntv": (DayQuantity.ISSUANCE, BTC),
    "issuance_btc": (DayQuantity.ISSUANCE, BTC),
    "isstotusd": (DayQuantity.ISSUANCE, USD_TO_BTC),
}
_HASHRATE: Final = re.compile(r"(?:network[_ ]?)?hash[-_ ]?rate(?:[-_ (]*([ehtgp]?h/?s?)\)?)?")
# The network's hashrate at the middle of a year, H/s: right within a factor of ten, while units
# are a thousand apart.
_HS_OF_YEAR: Final = (
    *(5e6, 5e9, 1e13, 1.5e13, 2e14, 1e17, 4e17, 1.5e18, 6e18, 3.5e19, 6e19, 1.2e20, 1.4e20, 2.1e20),
    *(3.7e20, 6e20, 9e20, 9.5e20),
)
_FIRST_YEAR: Final = 2009


@dataclass(frozen=True, slots=True)
class ColumnUse:
    """What a column is.

    Attributes:
        column: its header. unit: a key of `UNITS`.
        guessed: the unit was found by the size of the values, not by a name: look at it.
    """

    column: str
    quantity: DayQuantity
    unit: str = ""
    guessed: bool = False

    @property
    def factor(self) -> float:
        """What a value is multiplied with."""
        return UNITS[self.unit]


def known_column(header: str) -> ColumnUse | None:
    """Return what a column of this name is; a hashrate without a unit comes with an empty one."""
    name = header.strip().lower()
    if name in _KNOWN:
        quantity, unit = _KNOWN[name]
        return ColumnUse(header, quantity, unit)
    if header.strip() == "HashRate":  # Coin Metrics'
        return ColumnUse(header, DayQuantity.HASHRATE, "TH/s")
    match = _HASHRATE.fullmatch(name)
    if match is None:
        return None
    letters = (match.group(1) or "").replace("/", "").removesuffix("s")
    return ColumnUse(header, DayQuantity.HASHRATE, f"{letters.upper()}/s" if letters else "")


def guess_hashrate_unit(values: Sequence[tuple[int, float]]) -> str:
    """Return the unit in which hashrates are most likely, by what the network had in their year.

    Args:
        values: year and value, the value greater than 0; at least one.
    """
    year, value = values[-1]
    usual_hs = _HS_OF_YEAR[min(max(year - _FIRST_YEAR, 0), len(_HS_OF_YEAR) - 1)]
    return min(
        HASHRATE_UNITS, key=lambda unit: abs(math.log(value * HASHRATE_UNITS[unit] / usual_hs))
    )
