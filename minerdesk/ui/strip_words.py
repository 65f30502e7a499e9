"""What the status strip says, as plain values; the widgets only show them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from minerdesk.domain.readings import Gauge, NetworkState, Quantity
from minerdesk.domain.text import _
from minerdesk.domain.units import THS_PER_PHS
from minerdesk.services.in_force import typed_quantities

if TYPE_CHECKING:
    from collections.abc import Sequence

    from minerdesk.services.sources import SourceStatus
    from minerdesk.services.words.formats import Formats

DASH = "–"


@dataclass(frozen=True, slots=True)
class Standing:
    """How the program stands: words with a shape, the tone that repeats them, and why."""

    text: str
    tone: str = ""
    tip: str = ""


@dataclass(frozen=True, slots=True)
class GaugeWords:
    """One number of the strip.

    Attributes:
        id: ``price``, ``hashprice``, ``difficulty``, ``retarget`` or ``fees``.
        quantity: the reading a click opens.
        name: what it is; ``value``: number with unit; ``age``: how old, empty where unknown.
        tip: one sentence more.
    """

    id: str
    quantity: Quantity
    name: str
    value: str
    age: str = ""
    stale: bool = False
    typed: bool = False
    tip: str = ""

    def spoken(self) -> str:
        """Return all of it for who does not see it."""
        parts = [f"{self.name}: {self.value}"]
        if self.typed:
            parts.append(_("typed by you"))
        if self.age:
            parts.append(_("{age} old").format(age=self.age))
        if self.stale:
            parts.append(_("stale"))
        return ", ".join(parts)


def standing_of(
    network: NetworkState, sources: Sequence[SourceStatus] | None, *, offline: bool
) -> Standing:
    """Return how the program stands.

    Args:
        network: what is known.
        sources: how each source stands, or None before they were asked.
        offline: the operator chose to ask nobody.
    """
    if network.example_of is not None:
        return Standing(_("◇ example"), "warn", _("Numbers of an earlier day, to look around."))
    if offline:
        at = Standing(_("○ offline"), "", _("No source is asked, as you chose."))
    elif network.online:
        at = Standing(_("● live"), "earn")
    elif sources is None:
        at = Standing(_("○ asking…"))
    else:
        at = Standing(_("○ no answer"), "warn", _worst(sources))
    typed = typed_quantities(network)
    if not typed:
        return at
    names = ", ".join(_name(quantity) for quantity in typed)
    if len(typed) == 1:
        said = _("{standing}, {name} typed").format(standing=at.text, name=names)
    else:
        said = _("{standing}, {n} typed").format(standing=at.text, n=len(typed))
    why = _("You typed and have not released: {names}.").format(names=names)
    return Standing(said, "warn", " ".join(filter(None, (why, at.tip))))


def _worst(sources: Sequence[SourceStatus]) -> str:
    """Return the error of the source that has been silent longest; never asked comes first."""
    failed = [each for each in sources if each.last_error]
    if not failed:
        return ""
    worst = min(failed, key=lambda each: each.last_ok.timestamp() if each.last_ok else 0.0)
    return worst.last_error


def _name(quantity: Quantity) -> str:
    return {
        Quantity.PRICE: _("price"),
        Quantity.DIFFICULTY: _("difficulty"),
        Quantity.HEIGHT: _("height"),
        Quantity.FEES: _("fees"),
    }.get(quantity, _("exchange rate"))


def strip_words(
    network: NetworkState,
    hashprice: float | None,
    formats: Formats,
    now: datetime,
    *,
    small: bool = False,
) -> tuple[GaugeWords, ...]:
    """Return the five numbers of the strip.

    Args:
        network: what is known.
        hashprice: money for 1 PH/s and day, or None.
        formats: the operator's locale.
        now: for the ages, UTC.
        small: the fleet is so small that it speaks of TH/s.
    """
    price, difficulty, fees = network.price, network.difficulty, network.fees
    return (
        _words(
            GaugeWords(
                "price",
                Quantity.PRICE,
                _("BTC price"),
                formats.money(price.value, network.currency, 0),
                tip=network.price_note,
            ),
            price,
            formats,
            now,
        ),
        _hashprice(network, hashprice, formats, now, small=small),
        _words(
            GaugeWords(
                "difficulty",
                Quantity.DIFFICULTY,
                _("difficulty"),
                formats.difficulty(difficulty.value),
            ),
            difficulty,
            formats,
            now,
        ),
        _retarget(network, formats, now),
        _words(
            GaugeWords(
                "fees",
                Quantity.FEES,
                _("fees"),
                formats.btc(fees.value, 4),
            ),
            fees,
            formats,
            now,
        ),
    )


def _words(made: GaugeWords, gauge: Gauge, formats: Formats, now: datetime) -> GaugeWords:
    """Add age, staleness and source."""
    reading = gauge.reading
    return replace(
        made,
        age="" if reading is None or gauge.is_typed else formats.age(reading.age(now)),
        stale=gauge.is_stale(now),
        typed=gauge.is_typed,
        tip=" ".join(filter(None, (reading.source if reading else "", made.tip))),
    )


def _hashprice(
    network: NetworkState,
    hashprice: float | None,
    formats: Formats,
    now: datetime,
    *,
    small: bool,
) -> GaugeWords:
    """The hashprice is as old as the oldest number it is made of."""
    said, tip = DASH, _("gross revenue of 1 PH/s for a day, from difficulty")
    if small:
        tip = _("gross revenue of 1 TH/s for a day, from difficulty")
    if hashprice is not None and small:
        money = formats.money(hashprice / THS_PER_PHS, network.currency, 4)
        said = _("{money}/TH/day").format(money=money)
    elif hashprice is not None:
        said = _("{money}/PH/day").format(money=formats.money(hashprice, network.currency, 2))
    parts = [network.price, network.difficulty, network.fees]
    live = [gauge.reading for gauge in parts if gauge.reading and not gauge.is_typed]
    oldest = max((reading.age(now) for reading in live), default=None)
    return GaugeWords(
        "hashprice",
        Quantity.DIFFICULTY,
        _("hashprice"),
        said,
        age="" if oldest is None or hashprice is None else formats.age(oldest),
        stale=hashprice is None or any(gauge.is_stale(now) for gauge in parts),
        typed=any(gauge.is_typed for gauge in parts),
        tip=tip,
    )


def _retarget(network: NetworkState, formats: Formats, now: datetime) -> GaugeWords:
    found = network.retarget
    if found is None:
        return GaugeWords("retarget", Quantity.RETARGET, _("next retarget"), DASH, stale=True)
    left = max(found.at - now, timedelta(0))
    twice = formats.percent_points(1.96 * found.error_pct)
    return GaugeWords(
        "retarget",
        Quantity.RETARGET,
        _("retarget in {time}").format(time=formats.duration(left)),
        formats.change(found.change_pct, found.error_pct),
        age=formats.age(max(now - found.taken_at, timedelta(0))),
        stale=network.difficulty.is_stale(now),
        tip=_("{source}; with 95% certainty within ±{twice}").format(
            source=found.source, twice=twice
        ),
    )
