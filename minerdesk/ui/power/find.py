"""Sites and tariffs by id."""

from __future__ import annotations

from minerdesk.domain.book import Book
from minerdesk.domain.sites import Site
from minerdesk.domain.tariff import Tariff


def site_of(book: Book, site_id: str) -> Site | None:
    """Return a site, or None."""
    return next((site for site in book.sites if site.id == site_id), None)


def tariff_of(book: Book, site_id: str) -> Tariff | None:
    """Return the tariff of a site, or None."""
    site = site_of(book, site_id)
    if site is None:
        return None
    return next((tariff for tariff in book.tariffs if tariff.id == site.tariff), None)
