"""Looking through the decision log, and taking it along as a table."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from minerdesk.domain.decisions import Decision, Outcome
from minerdesk.domain.text import _
from minerdesk.services.planning.plan import OFF
from minerdesk.services.words.formats import DASH, Formats
from minerdesk.storage.raw_table import Cell, RawTable


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for; what is empty or None is no condition.

    Attributes:
        text: words that must all stand somewhere in a line, in whichever order or case.
        since, until: local days, both inside.
        site: name of a site.
    """

    text: str = ""
    since: date | None = None
    until: date | None = None
    site: str = ""


def found_by(search: Search, log: Sequence[Decision], formats: Formats) -> tuple[Decision, ...]:
    """Return the lines that fit, in their order."""
    words = search.text.casefold().split()
    found = []
    for each in log:
        day = formats.local(each.at).date()
        if search.since is not None and day < search.since:
            continue
        if search.until is not None and day > search.until:
            continue
        if search.site and each.site_name != search.site:
            continue
        if words:
            text = _text(each).casefold()
            if not all(word in text for word in words):
                continue
        found.append(each)
    return tuple(found)


def sites_of(log: Sequence[Decision]) -> tuple[str, ...]:
    """Return the names of all sites in the log, sorted."""
    return tuple(sorted({each.site_name for each in log if each.site_name}, key=str.casefold))


def outcome_word(decision: Decision) -> str:
    """Return what became of it."""
    if decision.outcome is Outcome.NOT_DONE:
        return _("not done")
    return _("done") if decision.in_force else _("done, taken back")


def deed_word(decision: Decision) -> str:
    """Return what was decided on, such as ``power down`` or ``start in eco``."""
    if decision.after == OFF:
        return _("power down")
    if decision.before == OFF:
        return _("start in {mode}").format(mode=decision.after)
    return _("change to {mode}").format(mode=decision.after)


def worth_text(decision: Decision, formats: Formats) -> str:
    """Return what it was worth, over its own duration or a day."""
    money = formats.money(decision.worth, decision.currency)
    if decision.a_day and money != DASH:
        return _("{money} a day").format(money=money)
    return money


_COLUMNS: Final = (
    *("taken_at", "outcome", "reason", "taken_back_at", "book", "site", "group", "model", "count"),
    *("from", "to", "due", "until", "why", "worth", "doubt", "worth_is_a_day", "currency"),
    *("price_per_btc", "difficulty", "hashprice_per_ph_day", "price_per_kwh"),
    *("break_even_per_kwh", "sources", "move", "plan_made_at", "book_revision"),
    "network_revision",
)


def as_table(log: Sequence[Decision]) -> RawTable:
    """Return every line with all it holds; times are UTC, what is not known is empty."""
    return RawTable(_COLUMNS, tuple(_cells(each) for each in log), _("Decisions"))


def _cells(each: Decision) -> tuple[Cell, ...]:
    return (
        *(_time(each.at), each.outcome.value, each.reason, _time(each.withdrawn_at)),
        *(each.book_name, each.site_name, each.group, each.model, each.count),
        *(each.before, each.after, _time(each.due), _time(each.until), each.why),
        *(_number(each.worth), _number(each.doubt), "yes" if each.a_day else "no", each.currency),
        *(_number(each.price_per_btc), _number(each.difficulty)),
        *(_number(each.hashprice_per_ph_day), _number(each.price_per_kwh)),
        *(_number(each.break_even_per_kwh), each.sources, each.move_key),
        *(_time(each.plan_made_at), each.book_revision, each.network_revision),
    )


def _time(when: datetime | None) -> str:
    return "" if when is None else when.isoformat(timespec="seconds")


def _number(value: float) -> Cell:
    return value if math.isfinite(value) else ""


def _text(each: Decision) -> str:
    return " ".join(
        (
            *(outcome_word(each), deed_word(each), each.reason, each.site_name, each.group),
            *(each.model, str(each.count), each.why, each.book_name, each.sources),
        )
    )
