"""The columns that hold money, coins and days."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

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


def _day(key: str, title: str, help_: str) -> ColumnSpec:
    return figure_column(key, title, help_, unit=_per(_("day")), digits=_day_digits, width=80)


def day_columns() -> tuple[ColumnSpec, ...]:
    """Return what each group earns a day."""
    return (
        _day(
            "gain_per_day",
            _("Gain"),
            _("What following the verdict adds, against what runs now."),
        ),
        _day(
            "margin_per_day",
            _("Margin"),
            _("Revenue less power if all rigs run in the mode shown; italic while off.")
            + " "
            + _("Where a host takes a share of a site's profit, it is what the host leaves."),
        ),
        figure_column(
            "margin_per_rig_day",
            _("Per rig"),
            _("The margin of one rig."),
            unit=_per(_("day")),
            width=80,
        ),
    )


def limit_columns() -> tuple[ColumnSpec, ...]:
    """Return prices, limits, costs and payback."""
    return (
        figure_column(
            "price_per_kwh",
            _("Power price"),
            _("What a kWh costs at the meter, with all adders and percentages of the tariff."),
            unit=_per("kWh"),
            digits=lambda _rows: 4,
        ),
        _day(
            "revenue_per_day",
            _("Revenue"),
            _("What the group's coins are worth at today's price, after the pool's fee."),
        ),
        figure_column(
            "btc_per_day",
            _("Coins"),
            _("Coins the group is expected to earn, after the pool's fee."),
            unit=lambda rows: _("sats/day") if rows.small else _("BTC/day"),
            digits=lambda rows: 0 if rows.small else 6,
            scale=coin_scale,
            shown=False,
        ),
        figure_column(
            "break_even_price_per_kwh",
            _("Break-even"),
            _("The power price at which the rigs earn nothing."),
            unit=_per("kWh"),
            digits=lambda _rows: 4,
        ),
        figure_column(
            "shutdown_price_per_btc",
            _("Shutdown"),
            _("The BTC price under which the rigs should stop."),
            unit=_per("BTC"),
            digits=lambda _rows: 0,
        ),
        figure_column(
            "hashcost_per_ph_day",
            _("Hashcost, cash"),
            _("What the work costs in power that stops with the rigs."),
            unit=lambda rows: f"{_currency(rows)}/{_('TH/day') if rows.small else _('PH/day')}",
            digits=lambda rows: 4 if rows.small else 2,
            scale=hash_scale,
            width=124,
        ),
        *_layers(),
    )


def _layers() -> tuple[ColumnSpec, ...]:
    return (
        _coin_cost(
            "cost_per_btc",
            _("1 BTC, cash"),
            _("What one BTC costs in power that stops when the rigs stop."),
        ),
        _coin_cost(
            "cost_per_btc_avoidable",
            _("1 BTC, avoidable"),
            _("Cash cost with hosting, staff and fixed load, which stop when the site closes."),
            filled=any_figure("cost_per_btc_avoidable"),
        ),
        _coin_cost(
            "cost_per_btc_all_in",
            _("1 BTC, all-in"),
            _("Every cost, with overhead, capital and the wear of the rigs."),
            filled=any_figure("cost_per_btc_all_in"),
        ),
        _payback(),
    )


def _coin_cost(
    key: str, title: str, help_: str, filled: Callable[[FleetRows], bool] | None = None
) -> ColumnSpec:
    made = figure_column(key, title, help_, unit=_per("BTC"), digits=lambda _rows: 0, width=124)
    return replace(made, filled=filled)


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
