"""Exchange rates of the European Central Bank's daily file (``eurofxref-daily.xml``)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Final
from xml.parsers import expat

import msgspec

from minerdesk.domain.cancel import CancelToken
from minerdesk.domain.errors import WorldError
from minerdesk.domain.readings import Quantity
from minerdesk.domain.text import _
from minerdesk.feeds import fields as f
from minerdesk.feeds.address import Address
from minerdesk.feeds.asker import Asker, Tools
from minerdesk.feeds.base import FeedAnswer
from minerdesk.feeds.fields import Fields

ECB: Final = "European Central Bank"
_FILE: Final = "stats/eurofxref/eurofxref-daily.xml"
# Rates are agreed at 14:10 in Frankfurt and published at about 16:00, which is 15:00 UTC at most.
_PUBLISHED_AT: Final = time(15, 0, tzinfo=UTC)


class EcbRates(Asker):
    """Units of each currency for one USD, by way of the euro."""

    def __init__(self, address: Address, tools: Tools) -> None:
        super().__init__("ecb rates", ECB, 6 * 3600, address, tools)
        self._path = "" if address.base.endswith(".xml") else _FILE

    def fetch(self, token: CancelToken) -> FeedAnswer:
        """Ask once; see `Feed.fetch`."""
        answer = self.door.get(self._path, token)
        day, rates = _parse(answer.body)
        fields = Fields(self.source)
        per_euro = {
            currency: fields.numeral(currency, msgspec.Raw(msgspec.json.encode(rate)), f.RATE)
            for currency, rate in rates.items()
        }
        usd = per_euro.pop("USD", None)
        if usd is None:
            fields.refuse("USD", _("the file lacks it"))
            fields.give_up()
        now = self.tools.clock()
        taken_at = now if day is None else min(datetime.combine(day, _PUBLISHED_AT), now)
        readings = [
            self.reading(
                Quantity.EXCHANGE_RATE,
                None if rate is None else rate / usd,
                taken_at=taken_at,
                currency=currency,
            )
            for currency, rate in {"EUR": 1.0, **per_euro}.items()
        ]
        return self.answer(fields, readings, answer.fresh_for_s)


def _parse(body: bytes) -> tuple[date | None, dict[str, str]]:
    """Return the file's day and its rates per euro, as text.

    A document type is refused, so no entity can grow or reach outside.
    """
    rates: dict[str, str] = {}
    days: list[date] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag.rpartition(":")[2] != "Cube":
            return
        if "time" in attributes:
            days.append(date.fromisoformat(attributes["time"]))
        if "currency" in attributes and "rate" in attributes:
            rates[attributes["currency"]] = attributes["rate"]

    def refuse(*_arguments: object) -> None:
        raise WorldError(_("{source} sent a document type.").format(source=ECB))

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(body, True)
    except (expat.ExpatError, ValueError) as error:
        raise WorldError(
            _("{source} sent a file that cannot be read: {why}.").format(source=ECB, why=error)
        ) from error
    return (days[0] if days else None), rates
