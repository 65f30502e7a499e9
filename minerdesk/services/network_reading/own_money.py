"""USD figures of the network's past in the book's currency, marked as converted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from minerdesk.domain.readings import NetworkState, Provenance
from minerdesk.domain.text import _
from minerdesk.services.words import Formats

USD: Final = "USD"


@dataclass(frozen=True, slots=True)
class OwnMoney:
    """Writes USD in the currency of the book; in USD where no exchange rate is known.

    Attributes:
        formats: the operator's locale.
        currency: of the book. per_usd: units of it for one USD, or None where that is not known.
        source, age: of the rate, in words; empty for a book kept in USD.
    """

    formats: Formats
    currency: str = USD
    per_usd: float | None = 1.0
    source: str = ""
    age: str = ""

    @classmethod
    def of(cls, network: NetworkState, formats: Formats, now: datetime) -> OwnMoney:
        """Return it for the currency and the rates of a network's state."""
        currency = network.currency
        if currency == USD:
            return cls(formats)
        rate = next((r for r in network.rates if r.currency == currency and r.value > 0), None)
        if rate is None:
            return cls(formats, currency, None)
        if network.example_of is not None:
            age = _("of {day}").format(day=formats.utc_date(network.example_of))
        elif rate.provenance is Provenance.TYPED:
            age = _("typed")
        else:
            age = _("{age} old").format(age=formats.age(rate.age(now)))
        return cls(formats, currency, rate.value, rate.source, age)

    @property
    def converts(self) -> bool:
        """Whether amounts are written in another currency than USD."""
        return self.currency != USD and self.per_usd is not None

    def amount(self, usd: float) -> float:
        """Return what `money` writes."""
        return usd * self.per_usd if self.converts and self.per_usd is not None else usd

    def money(self, usd: float | None, digits: int | None = None) -> str:
        """Return an amount of USD in the book's currency."""
        currency = self.currency if self.converts else USD
        return self.formats.money(None if usd is None else self.amount(usd), currency, digits)

    def power_price(self, usd_per_kwh: float) -> str:
        """Return a power price that was chosen in USD, with what it is in the book's currency."""
        chosen = self.formats.price_per_kwh(usd_per_kwh, USD)
        if not self.converts:
            return chosen
        here = self.formats.price_per_kwh(self.amount(usd_per_kwh), self.currency)
        return f"{chosen} ({here})"

    def origin(self, usd: float | None, digits: int | None = None) -> str:
        """Say from how many USD an amount is converted; nothing where it is not."""
        if usd is None or not self.converts:
            return ""
        return _("converted from {money}").format(money=self.formats.money(usd, USD, digits))

    def rate(self) -> str:
        """Say by which rate amounts are converted, or why not; nothing for a book kept in USD."""
        if self.currency == USD:
            return ""
        if self.per_usd is None:
            return _("In USD: the exchange rate of {currency} is not known.").format(
                currency=self.currency
            )
        return _("1 USD = {rate} {currency}, {source}, {age}").format(
            rate=self.formats.number(self.per_usd, 4),
            currency=self.currency,
            source=self.source,
            age=self.age,
        )
