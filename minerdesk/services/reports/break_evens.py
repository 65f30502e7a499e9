"""The table of break-evens: one row for each group, and what they come to."""

from __future__ import annotations

import math

from minerdesk.domain.text import _
from minerdesk.domain.verdicts import Verdict
from minerdesk.services.evaluation import Evaluation, Figures
from minerdesk.services.totals import Totals
from minerdesk.services.words import DASH, Formats, verdict_word
from minerdesk.services.words.reasons import group_facts

Row = tuple[str, ...]


def break_evens(
    evaluation: Evaluation, figures: Figures, totals: Totals, formats: Formats, most: int
) -> list[Row]:
    """Return the heading, at most ``most`` groups, and the sum over all.

    The break-even uses all power; where to stop counts only the power that stops with a rig. The
    margins are of what runs now, so that they add up; what is off says what it would leave if run.
    """
    rows: list[Row] = [
        (
            _("site"),
            _("rigs"),
            _("verdict"),
            _("pays"),
            _("break-even, all power"),
            _("stop above"),
            _("stop below (cash cost of 1 BTC)"),
            _("margin a day"),
            _("hashcost a PH and day"),
        )
    ]
    shown = range(min(most, len(evaluation.book.groups)))
    now = figures.economics.margin_now()
    rows += [_row(evaluation, figures, index, float(now[index]), formats) for index in shown]
    whole = formats.money(totals.margin_per_day, evaluation.currency, signed=True)
    blank = [""] * 5
    rows.append((_("all sites"), formats.count(totals.rigs), *blank, whole, ""))
    return rows


def _row(evaluation: Evaluation, figures: Figures, index: int, now: float, formats: Formats) -> Row:
    currency, book = evaluation.currency, evaluation.book
    group = book.groups[index]

    def figure(name: str) -> float:
        return float(figures.column(name)[index])

    def money(value: float) -> str:
        return formats.money(value, currency, signed=True)

    price = float(figures.fleet.price_per_kwh[index])
    verdict = verdict_word(Verdict(int(figures.decisions.verdict[index])))
    margin = money(now)
    if figures.fleet.off[index] == figures.fleet.count[index]:
        margin = _("{now} ({amount} if run)").format(
            now=margin, amount=money(figure("margin_per_day"))
        )
    return (
        book.sites[int(figures.fleet.site[index])].name or DASH,
        f"{formats.count(group.count)} × {group.model}",
        DASH if math.isnan(price) else verdict,
        formats.price_per_kwh(price, currency, 4),
        formats.price_per_kwh(figure("break_even_price_per_kwh"), currency, 4),
        formats.price_per_kwh(group_facts(figures, index).limit_per_kwh, currency, 4),
        formats.money(figure("shutdown_price_per_btc"), currency),
        margin,
        formats.money(figure("hashcost_per_ph_day"), currency, 2),
    )
