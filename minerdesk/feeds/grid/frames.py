"""From the tables the libraries give to rows of prices, without knowing pandas."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any, Final, Protocol

from minerdesk.domain.errors import UserError, WorldError
from minerdesk.domain.limits import PER_KWH
from minerdesk.domain.prices import STEPS_MINUTES, PriceRows
from minerdesk.domain.text import _

START, END, PRICE = "Interval Start", "Interval End", "Price"
_PRICES: Final = ("LMP", "SPP", "Pool Price", PRICE)  # every market of these gives money per MWh
_LOCATIONS: Final = ("Location", "Location Name", "Location Short Name", "Location Id")
_NAMED: Final = 8


class Frame(Protocol):
    """What is used of a pandas data frame."""

    def to_dict(self, orient: Any) -> list[dict[Hashable, Any]]:  # noqa: ANN401 - pandas has overloads
        """Return the rows, with ``orient`` of ``records``."""
        ...


def rows_of(
    frames: Iterable[Frame], location: str, currency: str, source: str, now: datetime
) -> PriceRows:
    """Return the prices of one location, sorted, per kWh.

    Args:
        frames: rows with ``Interval Start`` (aware), a price per MWh, and perhaps a location.
        location: which; empty where the area has one price.
        currency: of the prices.
        source: for `PriceRows.source`.
        now: UTC.

    Raises:
        UserError: the location is missing or unknown; the sentence names some there are.
        WorldError: there is nothing that can be used.
    """
    records: list[Mapping[Hashable, Any]] = [r for f in frames for r in f.to_dict("records")]
    if not records:
        sentence = (
            _("{source} has no prices for these days, or no location of exactly that name.")
            if location
            else _("{source} has no prices for these days.")
        )
        raise WorldError(sentence.format(source=source))
    price_at = next((name for name in _PRICES if name in records[0]), None)
    if price_at is None or START not in records[0]:
        columns = ", ".join(str(name) for name in records[0])
        sentence = _("{source} gave a table that is not understood: {columns}.")
        raise WorldError(sentence.format(source=source, columns=columns))
    prices: dict[int, float] = {}
    lengths: Counter[int] = Counter()
    for record in _at_location(records, location, source):
        start, price = record[START], float(record[price_at])
        if PER_KWH.allow(price / 1000):  # what is not settled yet is empty
            prices[int(start.timestamp())] = price / 1000
            if END in record:
                lengths[round((record[END] - start).total_seconds() / 60)] += 1
    return _sorted(prices, lengths, currency, source, now)


def _at_location(
    records: list[Mapping[Hashable, Any]], location: str, source: str
) -> list[Mapping[Hashable, Any]]:
    columns = [name for name in _LOCATIONS if name in records[0]]
    if not columns:
        return records
    wanted = location.strip().casefold()
    found = [
        record
        for record in records
        if any(str(record[column]).casefold() == wanted for column in columns)
    ]
    if found:
        return found
    known = sorted({str(record[columns[0]]) for record in records})
    if len(known) == 1 and not wanted:
        return records
    folded = {name.casefold(): name for name in known}
    near = [folded[name] for name in difflib.get_close_matches(wanted, folded, _NAMED, 0.5)]
    sentence = (
        _("{source} has no location “{location}”; it has such as {near}.")
        if wanted
        else _("{source} has a price for each location; choose one such as {near}.")
    )
    raise UserError(
        sentence.format(source=source, location=location, near=", ".join(near or known[:_NAMED])),
        value=location,
    )


def _sorted(
    prices: Mapping[int, float], lengths: Counter[int], currency: str, source: str, now: datetime
) -> PriceRows:
    starts = sorted(prices)
    if not lengths:
        lengths.update((later - start) // 60 for start, later in pairwise(starts))
    step = lengths.most_common(1)[0][0] if lengths else 0
    if step not in STEPS_MINUTES:
        sentence = _("{source} gave prices in steps of {n} minutes, which is not understood.")
        raise WorldError(sentence.format(source=source, n=step))
    return PriceRows(
        tuple(starts),
        tuple(prices[start] for start in starts),
        step,
        currency,
        source,
        now.astimezone(UTC),
    )
