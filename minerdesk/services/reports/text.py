"""Reports as text, the answer first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from minerdesk.domain.book import Book
from minerdesk.domain.readings import NetworkState
from minerdesk.domain.text import _, ngettext
from minerdesk.domain.units import DAYS_PER_MONTH
from minerdesk.services.evaluation import Evaluation
from minerdesk.services.planning.agenda import agenda_in_force
from minerdesk.services.reports.break_evens import break_evens
from minerdesk.services.reports.table import table
from minerdesk.services.sources import SourceStatus
from minerdesk.services.totals import Totals
from minerdesk.services.words import (
    DASH,
    Formats,
    column_digits,
    example_prefix,
    headline,
    is_small,
    reading_rows,
    retarget_detail,
    retarget_text,
    sentence_prefix,
)
from minerdesk.services.words.todo import TodoList, todo_list

_MOST_ROWS: Final = 200


def report_text(evaluation: Evaluation, formats: Formats, now: datetime) -> str:
    """Return the report of a book. Its first line is the headline."""
    agenda = agenda_in_force(evaluation, now)
    said = headline(evaluation, formats, now, agenda)
    book, begin = evaluation.book, sentence_prefix(evaluation, formats)
    lines = [said.sentence, *([said.detail] if said.detail else []), ""]
    lines.append(f"{book.name or _('Book')}: {holds(book, formats)}; {formats.date_time(now)}")
    if evaluation.figures is not None and evaluation.totals is not None:
        lines += _section(_("Totals"), _totals(evaluation, evaluation.totals, formats))
        lines += _section(_("Sites"), _sites(evaluation, formats))
        lines += _section(
            begin + _("Moves, worth most first"),
            _moves(todo_list(evaluation, agenda, formats), formats),
        )
        lines += _section(
            begin + _("Too close to call"),
            _moves(todo_list(evaluation, agenda, formats, advised=False), formats),
        )
        rows = break_evens(evaluation, evaluation.figures, evaluation.totals, formats, _MOST_ROWS)
        more = max(0, len(book.groups) - _MOST_ROWS)
        lines += _section(
            _("Break-evens"), _table(rows, formats, frozenset(range(3, 9)), more=more)
        )
    lines += _section(_("Network"), _readings(evaluation.network, formats, now))
    return "\n".join(lines) + "\n"


def holds(book: Book, formats: Formats) -> str:
    """Return how many rigs, groups and sites a book holds."""
    rigs, groups, sites = book.rig_count, len(book.groups), len(book.sites)
    return ", ".join(
        (
            ngettext("{n} rig", "{n} rigs", rigs).format(n=formats.count(rigs)),
            ngettext("{n} group", "{n} groups", groups).format(n=formats.count(groups)),
            ngettext("{n} site", "{n} sites", sites).format(n=formats.count(sites)),
        )
    )


def network_text(
    network: NetworkState, formats: Formats, now: datetime, statuses: Sequence[SourceStatus] = ()
) -> str:
    """Return the numbers of the network with source and age, and which sources fail."""
    if network.example_of is not None:
        first = example_prefix(network, formats) + _("no live number is known yet.")
    elif network.online:
        first = _("Live numbers, {when}").format(when=formats.date_time(now))
    else:
        first = _("Not connected: the last known numbers, {when}").format(
            when=formats.date_time(now)
        )
    failing = list(
        dict.fromkeys((each.source, each.last_error) for each in statuses if each.last_error)
    )
    lines = [first, *_readings(network, formats, now)]
    lines += _section(_("Sources that do not answer well"), table(failing))
    return "\n".join(lines) + "\n"


def _section(title: str, lines: list[str]) -> list[str]:
    return ["", title, *lines] if lines else []


def _totals(evaluation: Evaluation, totals: Totals, formats: Formats) -> list[str]:
    currency, small = evaluation.currency, is_small(evaluation)

    def a_day(value: float, *, signed: bool = False) -> str:
        return _("{money} a day").format(money=formats.money(value, currency, signed=signed))

    layers = (
        (totals.cost_per_btc, _("cash")),
        (totals.cost_per_btc_avoidable, _("avoidable")),
        (totals.cost_per_btc_all_in, _("all-in")),
    )
    cost = ", ".join(f"{formats.money(value, currency)} ({name})" for value, name in layers)
    running = _("{n} rigs, {hashrate}, {power} at the meter").format(
        n=formats.count(totals.running),
        hashrate=formats.hashrate(totals.hashrate_phs * 1000),
        power=formats.power(totals.power_kw * 1000),
    )
    share = totals.host_share_per_day
    shared = [(_("host's share of the profit"), a_day(share))] if share > 0 else []
    rows = [
        (_("margin now"), a_day(totals.margin_per_day, signed=True)),
        (_("margin after the moves"), a_day(totals.margin_advised_per_day, signed=True)),
        (_("advice is worth"), a_day(totals.gain_per_day)),
        (_("revenue"), a_day(totals.revenue_per_day)),
        (_("power cost"), a_day(totals.power_cost_per_day)),
        *shared,
        (_("coins"), _("{coins} a day").format(coins=_coins(totals, formats, small=small))),
        (_("running"), running),
        (_("cost of one BTC"), cost),
        (
            _("break-even power price, all power"),
            formats.price_per_kwh(totals.break_even_price_per_kwh, currency, 4),
        ),
        (_("paid for power"), formats.price_per_kwh(totals.price_per_kwh, currency, 4)),
    ]
    if small:
        month = totals.margin_per_day * DAYS_PER_MONTH
        rows[1:1] = [
            (
                _("margin a month"),
                formats.money(month, currency, signed=True),
            )
        ]
    return table(rows)


def _coins(totals: Totals, formats: Formats, *, small: bool) -> str:
    return formats.coins(totals.btc_per_day, small=small)


def _sites(evaluation: Evaluation, formats: Formats) -> list[str]:
    currency = evaluation.currency
    rows = [
        (
            _("site"),
            _("rigs"),
            _("running"),
            _("hashrate"),
            _("power at the meter"),
            _("margin a day"),
            _("pays"),
            _("break-even, all power"),
        )
    ]
    rows += [
        (
            site.name or DASH,
            formats.count(sums.rigs),
            formats.count(sums.running),
            formats.hashrate(sums.hashrate_phs * 1000),
            formats.power(sums.power_kw * 1000),
            formats.money(sums.margin_per_day, currency, signed=True),
            formats.price_per_kwh(sums.price_per_kwh, currency, 4),
            formats.price_per_kwh(sums.break_even_price_per_kwh, currency, 4),
        )
        for site, sums in zip(
            evaluation.book.sites[:_MOST_ROWS], evaluation.sites[:_MOST_ROWS], strict=True
        )
    ]
    more = max(0, len(evaluation.sites) - _MOST_ROWS)
    return _table(rows, formats, frozenset(range(1, 8)), more=more)


def _moves(todo: TodoList, formats: Formats) -> list[str]:
    shown = [todo.row(place) for place in range(min(_MOST_ROWS, len(todo.places)))]
    digits = column_digits(todo.worths[: len(shown)])
    rows = []
    for place, row in enumerate(shown):
        worth = formats.money(row.worth, todo.evaluation.currency, digits)
        until = (row.until,) if todo.timed else ()
        rows.append(
            (
                row.what,
                f"{formats.count(row.count)} × {row.model}",
                row.site or DASH,
                *until,
                _("{money} a day").format(money=worth) if row.a_day else worth,
                todo.reason(place),
            )
        )
    right = frozenset({4 if todo.timed else 3})
    return _table(rows, formats, right, more=len(todo.places) - len(rows))


def _table(
    rows: Sequence[tuple[str, ...]], formats: Formats, right: frozenset[int], *, more: int
) -> list[str]:
    """Return the table, and how many rows were left out of it."""
    lines = table(rows, right)
    if more > 0:
        text = ngettext("and {n} more", "and {n} more", more).format(n=formats.count(more))
        lines.append(f"  {text}")
    return lines


def _readings(network: NetworkState, formats: Formats, now: datetime) -> list[str]:
    rows = [
        (row.name, row.value, row.age, _("stale") if row.stale else "", row.source)
        for row in reading_rows(network, formats, now)
    ]
    rows.append(
        (
            _("next retarget"),
            retarget_text(network, formats, now),
            "",
            "",
            retarget_detail(network, formats),
        )
    )
    return table(rows)
