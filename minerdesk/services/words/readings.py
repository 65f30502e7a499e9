"""Where the network's numbers come from, how old they are, and the next retarget, in words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from minerdesk.domain.readings import Gauge, NetworkState, Provenance, Quantity, Reading
from minerdesk.domain.text import _
from minerdesk.domain.units import HS_PER_THS
from minerdesk.services.in_force import typed_quantities
from minerdesk.services.words.formats import DASH, Formats


@dataclass(frozen=True, slots=True)
class ReadingRow:
    """One number of the network as a report shows it.

    Attributes:
        key: its name in JSON, such as ``fees``. name: its name for people. value: with unit.
        source: a sentence on where it comes from. age: in words. stale: too old to rely on.
    """

    key: str
    name: str
    value: str
    source: str
    age: str
    stale: bool
    gauge: Gauge


def gauges(network: NetworkState) -> tuple[tuple[str, Gauge], ...]:
    """Return the gauges of a state by their name in JSON."""
    return (
        ("price", network.price),
        ("height", network.height),
        ("difficulty", network.difficulty),
        ("fees", network.fees),
        ("hashrate", network.hashrate),
    )


def reading_rows(network: NetworkState, formats: Formats, now: datetime) -> tuple[ReadingRow, ...]:
    """Return a row for each number of the network, known or not."""
    names = {
        "price": _("BTC price"),
        "height": _("block height"),
        "difficulty": _("difficulty"),
        "fees": _("fees per block"),
        "hashrate": _("network hashrate"),
    }
    if network.given:  # what was given is shown as it was given, not the tip below it
        names["height"] = _("block being mined")
    return tuple(
        ReadingRow(
            key=key,
            name=names[key],
            value=_value(network, gauge, formats),
            source=source_text(gauge, formats, note=network.price_note if key == "price" else ""),
            age=age_text(gauge, formats, now),
            stale=is_stale(network, gauge, now),
            gauge=gauge,
        )
        for key, gauge in gauges(network)
    )


def _value(network: NetworkState, gauge: Gauge, formats: Formats) -> str:
    reading = gauge.reading
    if reading is None:
        return DASH
    if network.given and reading.quantity is Quantity.HEIGHT:
        reading = replace(reading, value=reading.value + 1)
    return value_text(reading, formats, network.currency)


def is_stale(network: NetworkState, gauge: Gauge, now: datetime) -> bool:
    """Whether a number is not to be relied on; the numbers of an example never are."""
    return network.example_of is not None or gauge.is_stale(now)


def value_text(reading: Reading, formats: Formats, currency: str = "") -> str:
    """Return a reading with its unit."""
    value = reading.value
    if reading.quantity is Quantity.PRICE:
        return formats.money(value, reading.currency or currency)
    if reading.quantity is Quantity.DIFFICULTY:
        return formats.difficulty(value, 2)
    if reading.quantity is Quantity.FEES:
        return formats.btc(value, 4)
    if reading.quantity is Quantity.HASHRATE:
        return formats.hashrate(value / HS_PER_THS)
    if reading.quantity is Quantity.EXCHANGE_RATE:
        return f"{formats.number(value, 4)} {reading.currency}/USD"
    return formats.number(value)


def quantity_name(quantity: Quantity) -> str:
    """Return what a sentence calls a number that can be typed."""
    return {
        Quantity.PRICE: _("BTC price"),
        Quantity.HEIGHT: _("block height"),
        Quantity.DIFFICULTY: _("difficulty"),
        Quantity.FEES: _("fees per block"),
        Quantity.HASHRATE: _("network hashrate"),
        Quantity.EXCHANGE_RATE: _("exchange rate"),
    }.get(quantity, quantity.value)


def typed_sentence(network: NetworkState, formats: Formats) -> str:
    """Say which typed numbers the money rests on, such as ``With the BTC price typed at …``.

    Empty where all of them are live.
    """
    typed = typed_quantities(network)
    in_force = [g.reading for _key, g in gauges(network) if g.reading is not None]
    own_rates = [r for r in network.rates if r.currency == network.currency]
    said = [
        (quantity_name(reading.quantity), value_text(reading, formats, network.currency))
        for reading in (*in_force, *own_rates)
        if reading.quantity in typed
    ]
    if not said:
        return ""
    if len(said) == 1:
        name, value = said[0]
        return _("With the {name} typed at {value}.").format(name=name, value=value)
    return _("With typed numbers: {numbers}.").format(
        numbers=", ".join(f"{name} {value}" for name, value in said)
    )


def age_text(gauge: Gauge, formats: Formats, now: datetime) -> str:
    """Return how old the number in force is, ``typed``, or a dash where there is none."""
    if gauge.reading is None:
        return DASH
    if gauge.is_typed:
        return _("typed")
    return formats.age(gauge.reading.age(now))


def source_text(gauge: Gauge, formats: Formats, note: str = "") -> str:
    """Return where a number comes from: source, conversion, dispute and what was left out.

    Args:
        gauge: the number.
        formats: the operator's locale.
        note: by which rate it was converted, empty where it was not.
    """
    reading = gauge.reading
    if reading is None:
        return _("no source has answered yet")
    if reading.provenance is Provenance.TYPED:
        parts = [_("typed by you")]
    elif reading.provenance is Provenance.EMBEDDED:
        parts = [_("example that came with the program")]
    else:
        parts = [reading.source]
    if reading.window_days is not None:
        parts.append(_("mean of {n} days").format(n=formats.number(reading.window_days)))
    if note:
        parts.append(note.rstrip("."))
    if gauge.disputed:
        parts.append(
            _("disputed: two sources are {distance} apart").format(
                distance=formats.percent(2 * gauge.spread)
            )
        )
    if gauge.left_out:
        parts.append(_("left out as outlier: {names}").format(names=", ".join(gauge.left_out)))
    return "; ".join(parts)


def retarget_text(network: NetworkState, formats: Formats, now: datetime) -> str:
    """Return the next retarget, such as ``−3.8% ±1.2 in 3 d 10 h``; a dash where not known."""
    found = network.retarget
    if found is None:
        return DASH
    return _("{change} in {time}").format(
        change=formats.change(found.change_pct, found.error_pct),
        time=formats.duration(max(found.at - now, timedelta(0))),
    )


def retarget_detail(network: NetworkState, formats: Formats) -> str:
    """Return the certainty and the source of the projection; empty where there is none."""
    found = network.retarget
    if found is None:
        return ""
    return _("with 95% certainty ±{twice}; block {height}; {source}").format(
        twice=formats.percent_points(1.96 * found.error_pct),
        height=formats.number(found.height),
        source=_("own formula, from the times of this epoch's blocks")
        if found.source == _("own formula")
        else found.source,
    )
