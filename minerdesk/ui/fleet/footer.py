"""Totals of the selected groups, or of all that are shown."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from minerdesk.domain.text import _, ngettext
from minerdesk.domain.units import DAYS_PER_MONTH, SATOSHI_PER_BTC, W_PER_KW
from minerdesk.services.words.formats import DASH
from minerdesk.ui.fleet.rows import FleetRows, Ints
from minerdesk.ui.widgets.basics import label, set_tone


@dataclass(frozen=True, slots=True)
class Sums:
    """Sums over some groups, of what runs now; money in the book's currency a day.

    NaN where nothing was computed yet.
    """

    groups: int
    rigs: float
    running: float
    hashrate_ths: float
    power_kw: float
    margin_per_day: float
    revenue_per_day: float
    gain_per_day: float


def sums_of(rows: FleetRows, places: Ints) -> Sums:
    """Add up the groups at ``places``."""

    def total(name: str) -> float:
        values = rows.figure(name)[places]
        known = values[~np.isnan(values)]
        return float(known.sum()) if known.size or not len(places) else float("nan")

    def advised() -> float:
        """Add up what is advised; what is too close to call is no advice."""
        gain, sure = rows.figure("gain_per_day")[places], rows.figure("advised")[places]
        return float(gain[sure > 0].sum())

    counts = rows.numbers("count", lambda group: group.count)
    running = rows.numbers(
        "running",
        lambda g: g.count if g.state_now is None else g.state_now.running_count,
    )
    return Sums(
        len(places),
        float(counts[places].sum()),
        float(running[places].sum()),
        total("hashrate_ths_now"),
        total("power_kw_now"),
        total("margin_now"),
        total("revenue_now"),
        advised(),
    )


class Footer(QWidget):
    """One line of totals; where there is no room the least important ones are left out."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        box = QHBoxLayout(self)
        box.setContentsMargins(16, 8, 16, 8)
        box.setSpacing(24)
        self._what = label("", "muted")
        self._rigs, self._power = label(), label()
        self._margin, self._gain = label(), label()
        self._has_gain = False
        for part in (self._what, self._rigs, self._power, self._margin, self._gain):
            box.addWidget(part)
        box.addStretch(1)
        self._box = box
        self._power.setToolTip(
            _("With cooling and losses (PUE) and rigs that idle; a site's fixed load is not in it.")
        )
        # Its parts go before the window has to grow.
        self.setMinimumWidth(1)

    @property
    def labels(self) -> tuple[QLabel, ...]:
        """What it is for, rigs, power, margin and gain."""
        return self._what, self._rigs, self._power, self._margin, self._gain

    def show_sums(self, rows: FleetRows, places: Ints, *, selected: bool) -> None:
        """Show the totals of groups."""
        sums, formats = sums_of(rows, places), rows.formats
        n = formats.count(sums.groups)
        words = (
            ngettext("{n} group selected", "{n} groups selected", sums.groups)
            if selected
            else ngettext("{n} group", "{n} groups", sums.groups)
        )
        self._what.setText(words.format(n=n))
        self._rigs.setText(
            _("{n} of {m} rigs run").format(
                n=formats.count(sums.running), m=formats.count(sums.rigs)
            )
        )
        known = not math.isnan(sums.power_kw)
        power = formats.power(sums.power_kw * W_PER_KW) if known else DASH
        self._power.setText(
            _("{hashrate}, rigs draw {power} at the meter").format(
                hashrate=formats.hashrate(sums.hashrate_ths), power=power
            )
        )
        self._margin.setText(self._money(rows, sums))
        set_tone(self._margin, "lose" if sums.margin_per_day < 0 else "")
        gain = formats.money(sums.gain_per_day, rows.book.currency)
        self._gain.setText(_("advice is worth {money} a day").format(money=gain))
        self._has_gain = sums.gain_per_day > 0 and rows.is_advice
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as much as there is room for."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        edges = self._box.contentsMargins()
        room = self.width() - edges.left() - edges.right() + self._box.spacing()
        left_out = []
        for part in (self._margin, self._gain, self._rigs, self._what, self._power):
            wanted = part is not self._gain or self._has_gain
            room -= (part.sizeHint().width() + self._box.spacing()) if wanted else 0
            fits = room >= 0 or part is self._margin
            part.setVisible(wanted and fits)
            if wanted and not fits:
                left_out.append(part.text())
        self.setToolTip("\n".join(left_out))

    def _money(self, rows: FleetRows, sums: Sums) -> str:
        formats, currency = rows.formats, rows.book.currency
        day = formats.money(sums.margin_per_day, currency)
        if not rows.small:
            return _("margin now {money} a day").format(money=day)
        month = formats.money(sums.margin_per_day * DAYS_PER_MONTH, currency)
        words = _("margin now {day} a day, {month} a month").format(day=day, month=month)
        price = rows.figures.now.price_per_btc if rows.figures is not None else 0.0
        if price > 0:
            sats = formats.number(sums.revenue_per_day / price * SATOSHI_PER_BTC)
            words += " · " + _("{sats} sats a day").format(sats=sats)
        return words
