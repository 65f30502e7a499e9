"""The live numbers as plain values: what each tile says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from math import sqrt

from minerdesk.domain.readings import Gauge, NetworkState
from minerdesk.domain.text import _
from minerdesk.domain.units import BLOCKS_PER_DAY
from minerdesk.services.words import Formats, ReadingRow, reading_rows, value_text


@dataclass(frozen=True, slots=True)
class NumberWords:
    """One number.

    Attributes:
        key: stable name. name: what it is. value: with unit.
        source: where it comes from. age: how old, in words.
        remark: what is odd about it (disputed, left out, its error), or empty.
        stale: outlined. typed: pinned. odd: sources disagree.
    """

    key: str
    name: str
    value: str
    source: str
    age: str = ""
    remark: str = ""
    stale: bool = False
    typed: bool = False
    odd: bool = False

    def spoken(self) -> str:
        """Return all of it for who does not see it."""
        parts = (
            f"{self.name}: {self.value}",
            self.source,
            self.age,
            self.remark,
            _("stale") if self.stale else "",
        )
        return ", ".join(part for part in parts if part)


def number_words(
    network: NetworkState, hashprice: float | None, formats: Formats, now: datetime
) -> tuple[NumberWords, ...]:
    """Return what the tiles say, in their order.

    Args:
        network: what is known.
        hashprice: money for 1 PH/s and day, or None.
        formats: the operator's locale.
        now: for the ages, UTC.
    """
    rows = {row.key: row for row in reading_rows(network, formats, now)}
    made = {key: _words(network, row, formats) for key, row in rows.items()}
    order = ("difficulty", "hashrate", "height", "fees")
    return (
        made["price"],
        _hashprice(network, hashprice, formats, now),
        *(made[key] for key in order),
    )


def hashrate_error(window_days: float | None) -> float:
    """Return one standard deviation of a hashrate counted from blocks, as a fraction.

    Blocks found in a window are Poisson distributed.
    """
    return 1 / sqrt(BLOCKS_PER_DAY * (window_days or 7.0))


def _words(network: NetworkState, row: ReadingRow, formats: Formats) -> NumberWords:
    gauge = row.gauge
    return NumberWords(
        key=row.key,
        name=row.name[:1].upper() + row.name[1:],
        value=row.value,
        source=_source(gauge, network, formats),
        age=_age(network, gauge, row.age, stale=row.stale),
        remark=_remark(row, network, formats),
        stale=row.stale,
        typed=gauge.is_typed,
        odd=gauge.disputed or bool(gauge.left_out),
    )


def _source(gauge: Gauge, network: NetworkState, formats: Formats) -> str:
    if gauge.reading is None:
        return _("no answer yet")
    if gauge.is_typed:
        return _("typed by you, until released")
    if network.example_of is not None:
        return _("Example of {date}").format(date=formats.utc_date(network.example_of))
    return gauge.reading.source


def _age(network: NetworkState, gauge: Gauge, age: str, *, stale: bool) -> str:
    if gauge.reading is None or gauge.is_typed or network.example_of is not None:
        return ""
    return _("{age} old").format(age=age) if stale else age


def _remark(row: ReadingRow, network: NetworkState, formats: Formats) -> str:
    gauge = row.gauge
    parts = []
    if row.key == "hashrate" and gauge.reading is not None:
        days = gauge.reading.window_days or 7.0
        parts.append(
            _("mean of {n} days, ±{error}").format(
                n=formats.number(days), error=formats.percent(hashrate_error(days))
            )
        )
    if gauge.disputed or gauge.left_out:
        each = ", ".join(
            f"{reading.source} {value_text(reading, formats, network.currency)}"
            for reading in gauge.beside
            if reading.source not in gauge.left_out
        )
        if gauge.disputed:
            parts.append(_("disputed: {values}").format(values=each))
    if gauge.left_out:
        out = ", ".join(
            f"{reading.source} {value_text(reading, formats, network.currency)}"
            for reading in gauge.beside
            if reading.source in gauge.left_out
        )
        parts.append(_("left out: {values}").format(values=out or ", ".join(gauge.left_out)))
    if row.key == "price" and network.price_note:
        parts.append(network.price_note)
    return "; ".join(parts)


def _hashprice(
    network: NetworkState, hashprice: float | None, formats: Formats, now: datetime
) -> NumberWords:
    parts = (network.price, network.difficulty, network.fees)
    live = [gauge.reading for gauge in parts if gauge.reading and not gauge.is_typed]
    oldest = max((reading.age(now) for reading in live), default=None)
    example = network.example_of is not None
    stale = example or any(gauge.is_stale(now) for gauge in parts)
    age = "" if oldest is None or example else formats.age(oldest)
    return NumberWords(
        key="hashprice",
        name=_("Hashprice"),
        value=formats.money(hashprice, network.currency, 2),
        source=_("1 PH/s for a day, gross"),
        age=_("{age} old").format(age=age) if stale and age else age,
        stale=stale,
        typed=any(gauge.is_typed for gauge in parts),
    )
