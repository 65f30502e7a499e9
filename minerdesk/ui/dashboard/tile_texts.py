"""What the tiles say: the numbers the answer rests on, each with its unit and what it means."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from minerdesk.domain.text import _, ngettext
from minerdesk.domain.units import DAYS_PER_MONTH, THS_PER_PHS, W_PER_KW
from minerdesk.services.evaluation import Evaluation, Figures
from minerdesk.services.planning.agenda import plan_in_force
from minerdesk.services.totals import Totals
from minerdesk.services.words import DASH, Formats, is_small
from minerdesk.ui.widgets.tips import layers

_SAME_PRICE: Final = 5e-5  # per kWh


@dataclass(frozen=True, slots=True)
class TileText:
    """One tile.

    Attributes:
        value: with its unit. note: beneath it. tone: repeats the value's sign.
    """

    value: str = DASH
    note: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class TileTexts:
    """The four tiles of the Dashboard."""

    margin: TileText = TileText()
    running: TileText = TileText()
    cost: TileText = TileText()
    break_even: TileText = TileText()


def tile_texts(evaluation: Evaluation | None, formats: Formats) -> TileTexts:
    """Return what the tiles say; dashes for what is not known."""
    if evaluation is None:
        return TileTexts()
    totals, figures = evaluation.totals, evaluation.figures
    if totals is None or figures is None:
        return TileTexts(running=_running_by_book(evaluation, formats))
    small = is_small(evaluation)
    return TileTexts(
        margin=_margin(evaluation, totals, formats, small=small),
        running=_running(totals, formats),
        cost=_cost(evaluation, totals, formats),
        break_even=_break_even(evaluation, totals, figures, formats),
    )


def hints() -> TileTexts:
    """Return what each tile means, as the note of its text."""
    return TileTexts(
        margin=TileText(
            note=_(
                "Revenue less the power of what runs now, for one day at today's numbers. "
                "Monthly costs, fixed loads and purchase prices are not in it. "
                "The bars are the last 30 days, each the mean of what was seen that day."
            )
            + " "
            + _("Where a host takes a share of a site's profit, it is what the host leaves.")
        ),
        running=TileText(
            note=_(
                "What runs now as the book knows it: typed, or marked done. Power is at the meter, "
                "with cooling, idle rigs and the sites' fixed load."
            )
        ),
        cost=TileText(
            note=_("What one BTC costs the rigs that run now, in three layers.") + " " + layers()
        ),
        break_even=TileText(
            note=_(
                "The power price at which what runs now earns nothing after all its power. What "
                "should stop is told by a higher price where rigs draw power while they are off: "
                "only the power that stops counts there."
            )
        ),
    )


def _margin(evaluation: Evaluation, totals: Totals, formats: Formats, *, small: bool) -> TileText:
    margin, currency = totals.margin_per_day, evaluation.currency
    notes = []
    if small:
        notes.append(
            _("{month} a month, {sats} a day").format(
                month=formats.money(margin * DAYS_PER_MONTH, currency, signed=True),
                sats=formats.sats(totals.btc_per_day),
            )
        )
    if _hourly(evaluation):
        notes.append(_("at this hour's price of power"))
    if totals.host_share_per_day > 0:
        share = formats.money(totals.host_share_per_day, currency)
        notes.append(_("after {amount} to the host").format(amount=share))
    if totals.groups_to_move and math.isfinite(totals.margin_advised_per_day):
        after = formats.money(totals.margin_advised_per_day, currency, signed=True)
        notes.append(_("{amount} after the moves").format(amount=after))
    tone = "" if math.isnan(margin) else "earn" if margin >= 0 else "lose"
    return TileText(formats.money(margin, currency, signed=True), "\n".join(notes), tone)


def _hourly(evaluation: Evaluation) -> bool:
    """Whether power costs another amount at other hours: a day of this hour is no day then."""
    plan = plan_in_force(evaluation)
    if plan is None:
        return False
    return any(float(np.ptp(site.price.per_kwh)) > _SAME_PRICE for site in plan.sites)


def _running(totals: Totals, formats: Formats) -> TileText:
    drawn = _("of {n}, {hashrate}\n{power} at the meter").format(
        n=formats.count(totals.rigs),
        power=formats.power(totals.power_kw * W_PER_KW),
        hashrate=formats.hashrate(totals.hashrate_phs * THS_PER_PHS),
    )
    return TileText(_rigs(totals.running, formats), drawn)


def _running_by_book(evaluation: Evaluation, formats: Formats) -> TileText:
    book = evaluation.book
    running = sum(
        group.count if group.state_now is None else group.state_now.running_count
        for group in book.groups
    )
    return TileText(
        _rigs(running, formats),
        _("of {n}").format(n=formats.count(book.rig_count)),
    )


def _cost(evaluation: Evaluation, totals: Totals, formats: Formats) -> TileText:
    def outer(cost: float) -> str:
        return formats.number(cost, 0)

    note = _("cash; avoidable {avoidable}, all-in {all_in}").format(
        avoidable=outer(totals.cost_per_btc_avoidable), all_in=outer(totals.cost_per_btc_all_in)
    )
    return TileText(formats.money(totals.cost_per_btc, evaluation.currency, 0), note)


def _break_even(
    evaluation: Evaluation, totals: Totals, figures: Figures, formats: Formats
) -> TileText:
    currency = evaluation.currency
    notes = []
    if math.isfinite(totals.price_per_kwh):
        notes.append(_("I pay {price}").format(price=formats.number(totals.price_per_kwh, 3)))
    prices = figures.fleet.price_per_kwh
    if len(evaluation.book.sites) > 1 and np.isfinite(prices).any():
        group = int(np.nanargmax(prices))
        site = evaluation.book.sites[int(figures.fleet.site[group])].name
        notes.append(
            _("dearest: {site} {price}").format(
                site=site, price=formats.number(float(prices[group]), 3)
            )
        )
    value = formats.price_per_kwh(totals.break_even_price_per_kwh, currency, 3)
    return TileText(value, "; ".join(notes))


def _rigs(count: int, formats: Formats) -> str:
    return ngettext("{n} rig", "{n} rigs", count).format(n=formats.count(count))
