"""The columns that hold money, coins and days."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np

from minerdesk.domain.text import _
from minerdesk.services.words.formats import DASH
from minerdesk.ui.fleet.columns import (
    PENDING,
    ColumnSpec,
    any_figure,
    coin_scale,
    figure_column,
    hash_scale,
)
from minerdesk.ui.fleet.rows import NO_ROW, FleetRows

_WHOLE_FROM = 1_000.0


def _currency(rows: FleetRows) -> str:
    return rows.book.currency


def _per(what: str) -> Callable[[FleetRows], str]:
    return lambda rows: f"{_currency(rows)}/{what}"


def _day_digits(rows: FleetRows) -> int:
    """Return no decimals where groups earn or lose thousands a day, two where none does."""
    values = rows.figure("margin_per_day")
    known = values[np.isfinite(values)]
    return 0 if known.size and float(np.abs(known).max()) >= _WHOLE_FROM else 2


def _none(_rows: FleetRows) -> int:
    return 0


def _four(_rows: FleetRows) -> int:
    return 4


def _row(
    key: str,
    title: str,
    unit: Callable[[FleetRows], str],
    digits: Callable[[FleetRows], int],
    help_: str,
    *,
    width: int = 92,
    filled: Callable[[FleetRows], bool] | None = None,
) -> ColumnSpec:
    made = figure_column(key, title, help_, unit=unit, digits=digits, width=width)
    return replace(made, filled=filled)


def day_columns() -> tuple[ColumnSpec, ...]:
    """Return what each group earns a day."""
    a_day = _per(_("day"))
    gain = _("What following the verdict adds, against what runs now.")
    margin = _("Revenue less power if all rigs run in the mode shown; italic while off.")
    margin += " " + _("Where a host takes a share of a site's profit, it is what the host leaves.")
    rig = _("The margin of one rig.")
    return (
        _row("gain_per_day", _("Gain"), a_day, _day_digits, gain, width=80),
        _row("margin_per_day", _("Margin"), a_day, _day_digits, margin, width=80),
        _row("margin_per_rig_day", _("Per rig"), a_day, lambda _rows: 2, rig, width=80),
    )


def limit_columns() -> tuple[ColumnSpec, ...]:
    """Return prices, limits, costs and payback."""
    a_kwh, a_coin, a_day = _per("kWh"), _per("BTC"), _per(_("day"))
    price = _("What a kWh costs at the meter, with all adders and percentages of the tariff.")
    revenue = _("What the group's coins are worth at today's price, after the pool's fee.")
    even = _("The power price at which the rigs earn nothing.")
    shutdown = _("The BTC price under which the rigs should stop.")
    return (
        _row("price_per_kwh", _("Power price"), a_kwh, _four, price),
        _row("revenue_per_day", _("Revenue"), a_day, _day_digits, revenue, width=80),
        _coins(),
        _row("break_even_price_per_kwh", _("Break-even"), a_kwh, _four, even),
        _row("shutdown_price_per_btc", _("Shutdown"), a_coin, _none, shutdown),
        _hashcost(),
        *_layers(),
        _payback(),
    )


def _coins() -> ColumnSpec:
    return figure_column(
        "btc_per_day",
        _("Coins"),
        _("Coins the group is expected to earn, after the pool's fee."),
        unit=lambda rows: _("sats/day") if rows.small else _("BTC/day"),
        digits=lambda rows: 0 if rows.small else 6,
        scale=coin_scale,
        shown=False,
    )


def _hashcost() -> ColumnSpec:
    return figure_column(
        "hashcost_per_ph_day",
        _("Hashcost, cash"),
        _("What the work costs in power that stops with the rigs."),
        unit=lambda rows: f"{_currency(rows)}/{_('TH/day') if rows.small else _('PH/day')}",
        digits=lambda rows: 4 if rows.small else 2,
        scale=hash_scale,
        width=124,
    )


def _layers() -> tuple[ColumnSpec, ...]:
    """Return what one BTC costs, by layer; the outer ones only where they were entered."""
    avoidable, all_in = "cost_per_btc_avoidable", "cost_per_btc_all_in"
    row = partial(_row, unit=_per("BTC"), digits=_none, width=124)
    of_cash = _("What one BTC costs in power that stops when the rigs stop.")
    of_site = _("Cash cost with hosting, staff and fixed load, which stop when the site closes.")
    of_all = _("Every cost, with overhead, capital and the wear of the rigs.")
    return (
        row("cost_per_btc", _("1 BTC, cash"), help_=of_cash),
        row(avoidable, _("1 BTC, avoidable"), help_=of_site, filled=any_figure(avoidable)),
        row(all_in, _("1 BTC, all-in"), help_=of_all, filled=any_figure(all_in)),
    )


def _payback() -> ColumnSpec:
    def text(rows: FleetRows, row: int) -> str:
        if rows.evaluated(row) == NO_ROW:
            return DASH if rows.figures is None else PENDING
        return rows.formats.days(float(rows.figure("payback_days")[row]))

    return ColumnSpec(
        "payback_days",
        _("Payback"),
        _("Time in which the margin pays for the rigs, if today's numbers stayed."),
        text,
        lambda rows: rows.figure("payback_days"),
        filled=lambda rows: any(group.purchase is not None for group in rows.book.groups),
    )
