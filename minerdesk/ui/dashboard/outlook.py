"""The lines at the foot: what changed lately, the next retarget, what stops next."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

import numpy as np

from minerdesk.domain.readings import NetworkState
from minerdesk.domain.text import _
from minerdesk.services.evaluation import OFF, Evaluation, Standing
from minerdesk.services.history_view import MarginHistory
from minerdesk.services.words import DASH, Formats, retarget_text

if TYPE_CHECKING:
    from minerdesk.services.standing.view import StandingView

_DAY: Final = timedelta(days=1)
_NEAR: Final = timedelta(hours=2)


def retarget_line(network: NetworkState, formats: Formats, now: datetime) -> str:
    """Return the projection of the next retarget as a sentence; empty where there is none."""
    text = retarget_text(network, formats, now)
    return "" if text == DASH else _("Next retarget {text}.").format(text=text)


def since_yesterday(
    evaluation: Evaluation, margins: MarginHistory, formats: Formats, now: datetime
) -> str:
    """Return how margin and price moved in a day.

    Empty where today's numbers are no ground for advice, or where nothing was kept within two hours
    of this time yesterday: a comparison with another hour would not be one of a day.
    """
    totals, figures = evaluation.totals, evaluation.figures
    if evaluation.standing is not Standing.ADVICE or totals is None or figures is None:
        return ""
    if margins.currency != evaluation.currency or not len(margins.time_s):
        return ""
    away = np.abs(margins.time_s - (now - _DAY).timestamp())
    nearest = int(away.argmin())
    if away[nearest] > _NEAR.total_seconds():
        return ""
    currency = evaluation.currency
    return _("Since yesterday: margin {was} → {is_now} a day, BTC {price_was} → {price}.").format(
        was=formats.money(float(margins.margin_now_per_day[nearest]), ""),
        is_now=formats.money(totals.margin_per_day, currency),
        price_was=formats.money(float(margins.price_per_btc[nearest]), "", 0),
        price=formats.money(figures.now.price_per_btc, currency, 0),
    )


def lately(standing: object, evaluation: Evaluation, formats: Formats) -> str:
    """Return what changed in the last day and matters to this fleet; empty for nothing.

    Args:
        standing: the slice; one of another book says nothing of this.
        evaluation: the newest.
        formats: the operator's locale.
    """
    view = _of_this(standing, evaluation)
    if view is None:
        return ""
    from minerdesk.services.standing.words import change_words

    return change_words(view.change, formats, view.currency)


def after_retarget(standing: object, evaluation: Evaluation, formats: Formats) -> str:
    """Return what the next retarget does to the rigs; arguments as of `lately`."""
    view = _of_this(standing, evaluation)
    if view is None:
        return ""
    from minerdesk.services.standing.words import after_retarget_words

    return after_retarget_words(view, formats)


def _of_this(standing: object, evaluation: Evaluation) -> StandingView | None:
    """Return the view of this very book, where its numbers are good for advice."""
    if standing is None or evaluation.standing is not Standing.ADVICE:
        return None
    # Before the first view there is nothing to say, and the start does not wait for this.
    from minerdesk.services.standing.view import StandingView

    if not isinstance(standing, StandingView):
        return None
    return standing if standing.evaluation.book is evaluation.book else None


def stops_next(evaluation: Evaluation, formats: Formats) -> str:
    """Return which running group stops paying first if the BTC price falls; empty without one."""
    figures = evaluation.figures
    if figures is None or evaluation.standing is not Standing.ADVICE:
        return ""
    groups, steps = figures.blocks.group, figures.ladder.price_per_btc
    runs = figures.fleet.off[groups] < figures.fleet.count[groups]
    runs &= figures.blocks.from_mode == OFF
    below = np.where(runs & (steps < figures.now.price_per_btc), steps, -np.inf)
    if not len(below) or not np.isfinite(below.max()):
        return ""
    block = int(below.argmax())
    group = evaluation.book.groups[int(groups[block])]
    site = evaluation.book.sites[int(figures.fleet.site[groups[block]])].name
    return _("First to stop paying: {model}, {site}, below {price} a BTC.").format(
        model=group.model,
        site=site,
        price=formats.money(float(steps[block]), evaluation.currency, 0),
    )
