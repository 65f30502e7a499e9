"""``minerdesk-cli plan``: which rigs to run when, on given or live numbers."""

from __future__ import annotations

from argparse import Namespace
from datetime import UTC, datetime
from typing import Final

from minerdesk.cli.as_json import as_json
from minerdesk.cli.live import DEADLINE_S, formats_of, open_desk
from minerdesk.domain.book import Book
from minerdesk.domain.cancel import CancelToken, cancelled_after
from minerdesk.domain.errors import Cancelled, UserError, WorldError
from minerdesk.domain.readings import NetworkState, Quantity
from minerdesk.domain.text import _
from minerdesk.services.book_reading import look_at, read_book
from minerdesk.services.desk import limits_of
from minerdesk.services.evaluation import AdviceLimits
from minerdesk.services.given import GivenNumbers, check_reward, network_of, over, with_retarget
from minerdesk.services.given_plan import SeriesNamed, kept_series, with_price_files
from minerdesk.services.planning.plan import Plan, PlanOptions
from minerdesk.services.planning.planner import Planner
from minerdesk.services.power.site_prices import SitePrices
from minerdesk.services.reports.plan_data import plan_data
from minerdesk.services.reports.plan_text import plan_text
from minerdesk.services.words import Formats
from minerdesk.storage.paths import Profile

# The first plan is waited for beyond the time that was given for a better one, but not for ever.
_PATIENCE_S: Final = 30.0


def run(asked: Namespace) -> str:
    """Return the plan of a book.

    Raises:
        UserError: the book, a number or a file cannot be used, or there can be no plan.
        WorldError: the profile cannot be used, or no numbers are known.
    """
    book = read_book(asked.book)
    now = asked.begin or datetime.now(UTC)
    if not book.groups:
        raise UserError(_("The book has no rigs, so there is nothing to plan."))
    given = (asked.price, asked.difficulty, asked.fees, asked.height)
    if None not in given:
        numbers = GivenNumbers(*given, currency=book.currency)
        check_reward(numbers)
        profile = Profile.system() if asked.profile is None else Profile.at(asked.profile)
        network = network_of(numbers, now)
        plan = _plan(asked, book, network, now, AdviceLimits(), kept_series(profile))
        return _said(asked, plan, Formats("en"), now)
    with open_desk(asked.profile, offline=asked.offline) as desk:
        look_at(asked.book, desk.book)
        formats = formats_of(desk, as_json=asked.json)
        network = over(desk.poll(CancelToken(), deadline_s=DEADLINE_S), _given(asked), now)
        limits = limits_of(desk.settings)
        plan = _plan(asked, book, network, now, limits, kept_series(desk.profile))
        return _said(asked, plan, formats, now)


def _given(asked: Namespace) -> dict[Quantity, float]:
    """Return what was given; of a network the height is that of its tip."""
    tip = None if asked.height is None else asked.height - 1
    every = {
        Quantity.PRICE: asked.price,
        Quantity.DIFFICULTY: asked.difficulty,
        Quantity.FEES: asked.fees,
        Quantity.HEIGHT: tip,
    }
    return {quantity: float(value) for quantity, value in every.items() if value is not None}


def _plan(
    asked: Namespace,
    book: Book,
    network: NetworkState,
    now: datetime,
    limits: AdviceLimits,
    kept: SeriesNamed,
) -> Plan:
    if asked.retarget is not None:
        network = with_retarget(network, asked.retarget, now)
    paid, series = with_price_files(book, asked.prices, now, kept)
    options = PlanOptions(hours=asked.hours, step_minutes=asked.step, seconds=asked.seconds)
    planner = Planner(SitePrices(series))
    try:
        with cancelled_after(asked.seconds + _PATIENCE_S) as token:
            plan = planner.plan(paid, network, now, options, token, tolerance=limits.tolerance)
    except Cancelled as error:
        sentence = _(
            "No plan that keeps every rule was found in {n} s; plan fewer hours, or give it longer "
            "with --seconds."
        )
        seconds = round(asked.seconds + _PATIENCE_S)
        raise WorldError(sentence.format(n=seconds)) from error
    if plan is None:
        raise WorldError(
            _("Price, difficulty, height or fees are not known; connect, or give all four.")
        )
    if plan.cannot:
        raise UserError(plan.cannot)
    return plan


def _said(asked: Namespace, plan: Plan, formats: Formats, now: datetime) -> str:
    if asked.json:
        return as_json(plan_data(plan, Formats("en")))
    return plan_text(plan, formats, now)
