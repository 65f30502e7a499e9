"""``minerdesk-cli bill``: a month's bill under a metered load."""

from __future__ import annotations

from argparse import Namespace
from datetime import UTC, datetime

from minerdesk.cli.as_json import as_json
from minerdesk.services.book_reading import read_book
from minerdesk.services.given_plan import kept_series, site_named, told_of, with_price_files
from minerdesk.services.month_bill import month_bill
from minerdesk.services.power.load_table import read_load
from minerdesk.services.reports.bill import bill_data, bill_text
from minerdesk.services.words import Formats
from minerdesk.storage.paths import Profile


def run(asked: Namespace) -> str:
    """Return the bill.

    Raises:
        UserError: the book, the site, the month or a file cannot be used.
        WorldError: the profile's prices cannot be read.
    """
    book = read_book(asked.book)
    named = site_named(book, asked.site, "--site")
    with told_of(asked.load):
        load = read_load(asked.load)
    profile = Profile.system() if asked.profile is None else Profile.at(asked.profile)
    files = [] if asked.prices is None else [(named.id, asked.prices)]
    paid, series = with_price_files(book, files, datetime.now(UTC), kept_series(profile))
    site = next(each for each in paid.sites if each.id == named.id)
    found = month_bill(paid, site, load, asked.month, series)
    return as_json(bill_data(found)) if asked.json else bill_text(found, Formats("en"))
