"""Prices from exchanges: the last trade at Coinbase and Kraken, one feed per currency."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

import msgspec

from minerdesk.domain.cancel import CancelToken
from minerdesk.domain.errors import WorldError
from minerdesk.domain.readings import Quantity
from minerdesk.domain.text import _
from minerdesk.feeds import fields as f
from minerdesk.feeds.address import Address
from minerdesk.feeds.asker import Asker, Tools
from minerdesk.feeds.base import FeedAnswer
from minerdesk.feeds.fields import UNKNOWN, Fields

COINBASE: Final = "Coinbase"
KRAKEN: Final = "Kraken"
COINBASE_CURRENCIES: Final = frozenset({"USD", "EUR", "GBP"})
KRAKEN_CURRENCIES: Final = frozenset({"USD", "EUR", "GBP", "CAD", "CHF", "AUD", "JPY"})


class _CoinbaseTicker(msgspec.Struct):
    price: msgspec.Raw = UNKNOWN
    time: str | None = None


class _KrakenPair(msgspec.Struct):
    c: list[msgspec.Raw] = []


class _KrakenTicker(msgspec.Struct):
    error: list[str] = []
    result: dict[str, _KrakenPair] = {}


class CoinbasePrice(Asker):
    """Coinbase's last trade in one currency, with its own time."""

    def __init__(self, address: Address, tools: Tools, currency: str) -> None:
        super().__init__(f"coinbase {currency}", COINBASE, 60, address, tools)
        self._currency = currency

    def fetch(self, token: CancelToken) -> FeedAnswer:
        """Ask once; see `Feed.fetch`."""
        answer = self.door.get(f"products/BTC-{self._currency}/ticker", token)
        found = f.decode(answer.body, _CoinbaseTicker, self.source)
        fields = Fields(self.source)
        price = fields.numeral("price", found.price, f.PRICE)
        now = self.tools.clock()
        taken_at = min(_iso_time(found.time) or now, now)
        reading = self.reading(Quantity.PRICE, price, taken_at=taken_at, currency=self._currency)
        return self.answer(fields, (reading,), answer.fresh_for_s)


class KrakenPrice(Asker):
    """Kraken's last trade in one currency. It answers errors with HTTP 200."""

    def __init__(self, address: Address, tools: Tools, currency: str) -> None:
        super().__init__(f"kraken {currency}", KRAKEN, 60, address, tools)
        self._currency = currency

    def fetch(self, token: CancelToken) -> FeedAnswer:
        """Ask once; see `Feed.fetch`."""
        answer = self.door.get(f"0/public/Ticker?pair=XBT{self._currency}", token)
        found = f.decode(answer.body, _KrakenTicker, self.source)
        if found.error:
            raise WorldError(
                _("{source} answered with an error: {why}.").format(
                    source=self.source, why="; ".join(found.error)
                )
            )
        fields = Fields(self.source)
        pair = next((p for name, p in found.result.items() if self._currency in name), None)
        raw = pair.c[0] if pair is not None and pair.c else UNKNOWN
        price = fields.numeral("price", raw, f.PRICE)
        reading = self.reading(Quantity.PRICE, price, currency=self._currency)
        return self.answer(fields, (reading,), answer.fresh_for_s)


def _iso_time(text: str | None) -> datetime | None:
    try:
        found = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
