"""What a book from outside must hold beyond types: references, time zones, currencies, times."""

from __future__ import annotations

import difflib
import re
import zoneinfo
from collections.abc import Iterator

from minerdesk.domain.book import Book, check_references
from minerdesk.domain.rigs import RigGroup
from minerdesk.domain.text import _
from minerdesk.storage.book_tree import Misplaced

_CURRENCY = re.compile(r"[A-Z]{3}")


def check(book: Book) -> None:
    """Check a decoded book.

    Raises:
        Misplaced: with the first such place, and the value found there.
    """
    try:
        check_references(book)
    except ValueError as error:
        place = next(_bad_references(book), "$")
        raise Misplaced(str(error), place, None) from error
    for place, code in _currencies(book):
        if not _CURRENCY.fullmatch(code):
            _refuse(place, _("a currency is three capital letters, such as USD"), code)
    for index, site in enumerate(book.sites):
        if not _is_time_zone(site.time_zone):
            place = f"$.sites[{index}].time_zone"
            known = sorted(zoneinfo.available_timezones())
            near = difflib.get_close_matches(site.time_zone, known, 3) or ["America/Chicago", "UTC"]
            what = _("the time zone is unknown; write one such as {near}")
            _refuse(place, what.format(near=", ".join(near)), site.time_zone)
    for index, group in enumerate(book.groups):
        since = group.state_now.since if group.state_now else None
        if since is not None and since.tzinfo is None:
            place = f"$.groups[{index}].state_now.since"
            _refuse(place, _("a time needs its offset, such as Z"), since.isoformat())


def _refuse(place: str, what: str, value: str) -> None:
    raise Misplaced(what, place, value)


def _bad_references(book: Book) -> Iterator[str]:
    """Yield the places `check_references` may have meant, in its own order."""
    for name in ("sites", "tariffs", "models", "groups"):
        seen: set[str] = set()
        key = "name" if name == "models" else "id"
        for index, row in enumerate(getattr(book, name)):
            if getattr(row, key) in seen:
                yield f"$.{name}[{index}].{key}"
            seen.add(getattr(row, key))
    tariffs = {tariff.id for tariff in book.tariffs}
    for index, site in enumerate(book.sites):
        if site.tariff not in tariffs:
            yield f"$.sites[{index}].tariff"
    sites = {site.id for site in book.sites}
    models = {model.name: [mode.name for mode in model.modes] for model in book.models}
    for index, group in enumerate(book.groups):
        if group.site not in sites:
            yield f"$.groups[{index}].site"
        if group.model not in models:
            yield f"$.groups[{index}].model"
        yield from _bad_modes(f"$.groups[{index}]", group, models.get(group.model, []))


def _bad_modes(place: str, group: RigGroup, modes: list[str]) -> Iterator[str]:
    known = [*modes]
    for override in group.overrides:
        if override.mode not in known and None in (override.hashrate_ths, override.power_w):
            yield f"{place}.overrides"
        known.append(override.mode)
    for index, entry in enumerate(group.state_now.running if group.state_now else ()):
        if entry.mode not in known:
            yield f"{place}.state_now.running[{index}].mode"


def _currencies(book: Book) -> Iterator[tuple[str, str]]:
    yield "$.currency", book.currency
    places = [(f"$.tariffs[{i}]", tariff.currency) for i, tariff in enumerate(book.tariffs)]
    for i, site in enumerate(book.sites):
        costs = enumerate(site.monthly_costs)
        places += [(f"$.sites[{i}].monthly_costs[{j}]", cost.currency) for j, cost in costs]
        if site.capital:
            places.append((f"$.sites[{i}].capital", site.capital.currency))
    for i, group in enumerate(book.groups):
        if group.purchase:
            places.append((f"$.groups[{i}].purchase", group.purchase.currency))
    yield from ((f"{place}.currency", code) for place, code in places if code)


def _is_time_zone(name: str) -> bool:
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
