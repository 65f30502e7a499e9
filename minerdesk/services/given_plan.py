"""A plan on given numbers and price files, with as little of a profile as is needed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from minerdesk.domain.book import Book
from minerdesk.domain.errors import UserError
from minerdesk.domain.sites import Site
from minerdesk.domain.tariff import PriceIndex
from minerdesk.domain.text import _
from minerdesk.services.power.series import KeptPrices, PriceSeries, read_prices_csv
from minerdesk.storage.paths import Profile
from minerdesk.storage.price_files import PriceFiles

SeriesNamed = Callable[[str], PriceSeries | None]


def kept_series(profile: Profile) -> SeriesNamed:
    """Return the price series of a profile; nothing is written, not even where there is none."""
    return KeptPrices(PriceFiles(profile.prices_dir)).series


def site_named(book: Book, name: str, option: str) -> Site:
    """Return a site by its id, or by its name where only one has it.

    Raises:
        UserError: there is none; the sentence names those there are.
    """
    found = [site for site in book.sites if site.id == name] or [
        site for site in book.sites if site.name.casefold() == name.strip().casefold()
    ]
    if len(found) == 1:
        return found[0]
    sentence = (
        _("{option} names the site “{name}”, which the book has not; it has {sites}.")
        if not found
        else _("{option} names the site “{name}”, and several are called so; write one of {sites}.")
    )
    sites = ", ".join(site.id for site in (found or book.sites)) or "–"
    raise UserError(
        sentence.format(option=option, name=name, sites=sites), where=option, value=name
    )


@contextmanager
def told_of(path: Path) -> Iterator[None]:
    """Put a file's name before what is wrong in it, where the sentence does not hold it.

    Raises:
        UserError: what was raised, with the name.
    """
    try:
        yield
    except UserError as error:
        if path.name in error.sentence:
            raise
        sentence = f"{path.name}: {error.sentence}"
        raise UserError(sentence, where=error.where, value=error.value) from error


def with_price_files(
    book: Book, files: Iterable[tuple[str, Path]], taken_at: datetime, kept: SeriesNamed
) -> tuple[Book, SeriesNamed]:
    """Return a book whose sites pay the prices of files, and what gives their series.

    A site whose tariff has an index takes the file for its series. For any other the file is the
    price of energy in place of the flat price and the periods; adders, percentages and demand stay.

    Args:
        book: the operator's.
        files: a site's id or name with a price file, each site once; prices are in the tariff's
            currency.
        taken_at: UTC.
        kept: gives the other series.

    Raises:
        UserError: a site is not there or comes twice, or a file cannot be used.
    """
    found: dict[str, PriceSeries] = {}
    seen: set[str] = set()
    for name, path in files:
        site = site_named(book, name, "--prices")
        if site.id in seen:
            sentence = _("--prices gives {site} two files; give one with the prices of both.")
            raise UserError(sentence.format(site=site.id), where="--prices", value=name)
        seen.add(site.id)
        tariff = next(each for each in book.tariffs if each.id == site.tariff)
        series = f"{site.id} ({path.name})"
        with told_of(path):
            rows = read_prices_csv(path, tariff.currency or book.currency, taken_at)
        found[series] = PriceSeries.of(series, rows)
        own_id = f"{tariff.id} with {path.name} for {site.id}"
        if tariff.index is None:
            paid = replace(
                tariff,
                id=own_id,
                price_per_kwh=0.0,
                time_of_use=None,
                index=PriceIndex(series),
            )
        else:
            paid = replace(tariff, id=own_id, index=replace(tariff.index, series=series))
        book = replace(
            book,
            tariffs=(*book.tariffs, paid),
            sites=tuple(
                replace(each, tariff=own_id) if each.id == site.id else each for each in book.sites
            ),
        )
    return book, lambda name: found[name] if name in found else kept(name)
