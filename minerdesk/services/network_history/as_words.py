"""The joined past as the readings take it: arrays, who says so, and every doubt in a sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType

import numpy as np

from minerdesk.domain.network_days import DayQuantity
from minerdesk.domain.text import _, ngettext
from minerdesk.services.network_history.candidates import COIN_METRICS
from minerdesk.services.network_history.daily import EPOCH, JOINED, JoinedHistory, Used
from minerdesk.services.network_history.retarget_join import EMBEDDED
from minerdesk.services.network_reading.indicators import DailyHistory

_SHOWN = 3


def as_daily(found: JoinedHistory) -> DailyHistory:
    """Return the joined past with its sources and doubts in words."""
    daily = np.isfinite(found.days.price).any() or (
        found.hashrate_resolution != EPOCH and np.isfinite(found.days.hashrate_hs).any()
    )
    sources = {
        quantity.value: "; ".join(map(_source, used))
        for quantity in JOINED
        if (used := found.provenance(quantity))
    }
    days = found.days
    if found.hashrate_resolution == EPOCH:
        # The readings spread epochs over days themselves, and say so.
        days = replace(days, hashrate_hs=np.full(days.count, np.nan))
    return DailyHistory(
        days if daily else None,
        found.retargets,
        MappingProxyType(sources),
        tuple(_notes(found)),
        embedded_alone=not daily and set(found.retarget_sources) <= {EMBEDDED},
    )


def _source(used: Used) -> str:
    sentence = _("{source}: {days} days from {first} to {last}, taken {taken}")
    if used.taken_at is None:
        sentence = _("{source}: {days} days from {first} to {last}")
    words = sentence.format(
        source=used.source,
        days=used.days,
        first=used.first.isoformat(),
        last=used.last.isoformat(),
        taken=_stamp(used.taken_at),
    )
    if used.source == COIN_METRICS:
        words = _("{source}, for non-commercial use").format(source=words)
    return f"{words} ({used.derived})" if used.derived else words


def _notes(found: JoinedHistory) -> Iterator[str]:
    for quantity, gaps in found.gaps.items():
        if gaps:
            spans = [g.first.isoformat() if g.days == 1 else f"{g.first} – {g.last}" for g in gaps]
            yield _("{quantity}: {n} days lack ({spans}).").format(
                quantity=name_of(quantity), n=sum(g.days for g in gaps), spans=_list(spans)
            )
    for quantity in JOINED:
        differ = [d for d in found.disagreements if d.quantity is quantity]
        if differ:
            days = [
                _("{day}: {source} {value:.6g}, {other} {other_value:.6g}").format(
                    day=d.day.isoformat(),
                    source=d.source,
                    value=d.value,
                    other=d.other_source,
                    other_value=d.other_value,
                )
                for d in differ
            ]
            n = len({d.day for d in differ})  # one day may have several that differ
            text = ngettext(
                "{quantity}: sources disagree on {n} day; the first named is used ({days}).",
                "{quantity}: sources disagree on {n} days; the first named is used ({days}).",
                n,
            )
            yield text.format(quantity=name_of(quantity), n=n, days=_list(days))
        doubles = [d for d in found.doubles if d.quantity is quantity]
        if doubles:
            days = [f"{d.source} {d.day}: {d.value:.6g}, {d.other:.6g}" for d in doubles]
            yield _("{quantity}: two values for a day, the first is used ({days}).").format(
                quantity=name_of(quantity), days=_list(days)
            )
    if found.misplaced:
        text = ngettext(
            "{n} retarget does not fit in time and is left out ({heights}).",
            "{n} retargets do not fit in time and are left out ({heights}).",
            len(found.misplaced),
        )
        heights = [f"{source} {height}" for height, source in found.misplaced]
        yield text.format(n=len(found.misplaced), heights=_list(heights))
    for conflict in found.conflicts:
        yield _(
            "Difficulty of block {height}: {source} says {value}, {other} says {other_value}."
        ).format(
            height=conflict.height,
            source=conflict.source,
            value=conflict.difficulty,
            other=conflict.other_source,
            other_value=conflict.other_difficulty,
        )


def name_of(quantity: DayQuantity) -> str:
    """Return what a joined quantity is called."""
    return {
        DayQuantity.PRICE: _("Price"),
        DayQuantity.HASHRATE: _("Hashrate"),
        DayQuantity.DIFFICULTY: _("Difficulty"),
        DayQuantity.FEES: _("Fees"),
        DayQuantity.ISSUANCE: _("New coins"),
    }[quantity]


def _list(words: Sequence[str]) -> str:
    shown = ", ".join(words[-_SHOWN:])
    return shown if len(words) <= _SHOWN else f"… {shown}"


def _stamp(at: datetime | None) -> str:
    return "" if at is None else f"{at:%Y-%m-%d %H:%M} UTC"
