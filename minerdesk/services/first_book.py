"""The guided start: from the answers to a few questions to a site with its tariff and rigs."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from minerdesk.domain.book import Book
from minerdesk.domain.errors import UserError
from minerdesk.domain.rigs import RigGroup, RigModel
from minerdesk.domain.sites import Site
from minerdesk.domain.tariff import Adder, Percentage, Tariff
from minerdesk.domain.text import _
from minerdesk.engine.tariff import simple_price_per_kwh
from minerdesk.services import edits

_NOT_PLAIN = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Answers:
    """What the guided start asked for.

    Attributes:
        currency: ISO 4217 code of the tariff and, where the book has no site yet, of the book.
        site_name, time_zone: of the site; the zone is an IANA name.
        price_per_kwh, adders, percentages: the tariff, as `domain.book.Tariff`.
        rigs: models and how many of each.
        pool_fee: fraction in [0, 1).
    """

    currency: str
    site_name: str
    time_zone: str
    price_per_kwh: float
    adders: tuple[Adder, ...] = ()
    percentages: tuple[Percentage, ...] = ()
    rigs: tuple[tuple[RigModel, int], ...] = ()
    pool_fee: float = 0.0


def price_in_all(answers: Answers) -> float:
    """Return the price of one kWh with adders and percentages, money of ``answers.currency``."""
    return simple_price_per_kwh(_tariff(answers, "tariff", answers.site_name))


def with_answers(book: Book, answers: Answers) -> Book:
    """Return the book with one more site, its tariff and its rigs.

    A book without sites takes the currency, and its name from the site where it has none.

    Raises:
        UserError: there are no rigs, or the site's name is taken.
    """
    if not answers.rigs:
        raise UserError(_("Add at least one rig."))
    name = answers.site_name.strip() or _("My site")
    if any(site.name.casefold() == name.casefold() for site in book.sites):
        raise UserError(_("There is a site {name} already; choose another name.").format(name=name))
    if not book.sites:
        book = replace(
            book,
            name=book.name or name,
            currency=answers.currency,
            assumptions=replace(book.assumptions, pool_fee=answers.pool_fee),
        )
    plain = _plain(name)
    tariff_id = edits.new_id({tariff.id for tariff in book.tariffs}, plain)
    site_id = edits.new_id({site.id for site in book.sites}, plain)
    site = Site(site_id, name, tariff_id, answers.time_zone)
    book = edits.put_site(book, site, _tariff(answers, tariff_id, name))
    groups = [
        RigGroup(
            f"{site_id}-{_plain(model.name)}",
            site_id,
            model.name,
            count,
            uptime=book.assumptions.uptime,
            pool_fee=answers.pool_fee,
        )
        for model, count in answers.rigs
    ]
    return edits.add_groups(book, groups, [model for model, _count in answers.rigs])


def _tariff(answers: Answers, tariff_id: str, name: str) -> Tariff:
    return Tariff(
        tariff_id,
        name,
        answers.price_per_kwh,
        answers.currency,
        answers.adders,
        answers.percentages,
    )


def _plain(name: str) -> str:
    return _NOT_PLAIN.sub("-", name.casefold()).strip("-") or "site"
