"""The lines at the foot: what changed lately, the next retarget, what stops next."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

import numpy as np

from minerdesk.domain.readings import NetworkState
from minerdesk.domain.text import _
from minerdesk.services.evaluation import OFF, Evaluation, Standing
from minerdesk.services.history_view import HistorySlice, MarginHistory, Projections
from minerdesk.services.words import DASH, Formats, retarget_text

if TYPE_CHECKING:
    from minerdesk.services.standing.view import StandingView

_DAY: Final = timedelta(days=1)
_NEAR: Final = timedelta(hours=2)


def outlook(
    evaluation: Evaluation | None,
    network: NetworkState | None,
    standing: object,
    history: HistorySlice,
    formats: Formats,
    now: datetime,
) -> str:
    """Return all the lines: what changed, what stops next, what the retarget brings."""
    expected = moved = changed = since = stops = after = ""
    if network is not None:
        expected = retarget_line(network, formats, now)
        moved = retarget_moved(network, history.projections, formats, now)
    if evaluation is not None:
        changed = lately(standing, evaluation, formats)
        since = since_yesterday(evaluation, history.margins, formats, now, moved)
        stops = stops_next(evaluation, formats)
        after = after_retarget(standing, evaluation, formats) if expected else ""
    # What it does to the rigs stands behind the retarget, and that is said once.
    lines = (since, after, stops) if since and moved else (since, stops, expected, after)
    return " ".join(filter(None, (changed, *lines)))


def retarget_moved(
    network: NetworkState, projections: Projections, formats: Formats, now: datetime
) -> str:
    """Return what retarget was expected a day ago and is now, ``−3.1% → −3.8% ±1.2 in 3 d 10 h``.

    Empty where nothing was kept within two hours of this time yesterday, where the two are of
    different epochs, and where the operator typed the change.
    """
    found = network.retarget
    if found is None or found.typed:
        return ""
    was = projections.then(now - _DAY, found.height, _NEAR)
    if was is None:
        return ""
    return f"{formats.percent_points(was, signed=True)} → {retarget_text(network, formats, now)}"


def retarget_line(network: NetworkState, formats: Formats, now: datetime) -> str:
    """Return the projection of the next retarget as a sentence; empty where there is none."""
    text = retarget_text(network, formats, now)
    return "" if text == DASH else _("Next retarget {text}.").format(text=text)


def since_yesterday(
    evaluation: Evaluation,
    margins: MarginHistory,
    formats: Formats,
    now: datetime,
    retarget: str = "",
) -> str:
    """Return how margin, price and the expected retarget moved in a day.

    Empty where today's numbers are no ground for advice. Margin and price are left out where
    nothing was kept within two hours of this time yesterday: a comparison with another hour would
    not be one of a day; so is the retarget where ``retarget`` (`retarget_moved`) is empty.
    """
    totals, figures = evaluation.totals, evaluation.figures
    if evaluation.standing is not Standing.ADVICE or totals is None or figures is None:
        return ""
    nearest = _a_day_ago(margins, now) if margins.currency == evaluation.currency else None
    if nearest is None:
        if not retarget:
            return ""
        return _("Since yesterday: next retarget {retarget}.").format(retarget=retarget)
    said = _("Since yesterday: margin {was} → {is_now} a day, BTC {price_was} → {price}.")
    if retarget:
        said = _(
            "Since yesterday: margin {was} → {is_now} a day, BTC {price_was} → {price}, "
            "next retarget {retarget}."
        )
    currency = evaluation.currency
    return said.format(
        was=formats.money(float(margins.margin_now_per_day[nearest]), ""),
        is_now=formats.money(totals.margin_per_day, currency),
        price_was=formats.money(float(margins.price_per_btc[nearest]), "", 0),
        price=formats.money(figures.now.price_per_btc, currency, 0),
        retarget=retarget,
    )


def _a_day_ago(margins: MarginHistory, now: datetime) -> int | None:
    """Return which of the margins is of this time yesterday, or None."""
    if not len(margins.time_s):
        return None
    away = np.abs(margins.time_s - (now - _DAY).timestamp())
    nearest = int(away.argmin())
    return None if away[nearest] > _NEAR.total_seconds() else nearest


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
