"""A plan's moves as a table, a calendar and plain text."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Final

from minerdesk.domain.errors import WorldError
from minerdesk.domain.text import _
from minerdesk.services.planning.plan import Move, Plan
from minerdesk.services.words.formats import Formats
from minerdesk.services.words.plan_words import PlanWords
from minerdesk.storage import atomic
from minerdesk.storage.raw_table import RawTable
from minerdesk.storage.table_csv import format_csv

REMIND_BEFORE: Final = timedelta(minutes=10)
# How long a move stands in a calendar: it is a moment, but a moment cannot be seen there.
_SHOWN_FOR: Final = timedelta(minutes=15)
_HEADS: Final = (
    *("at", "until", "site", "group", "model", "count", "from", "to", "worth", "doubt", "currency"),
    *("price_per_kwh", "break_even_per_kwh", "on_forecast", "advised", "forced", "why"),
)


def moves_csv(
    plan: Plan, formats: Formats, *, every_move: bool = False, decimal_comma: bool = False
) -> bytes:
    """Return the moves as CSV: times are ISO 8601 in UTC, money is the plan's currency.

    Args:
        plan: any.
        formats: the operator's locale, for the reasons.
        every_move: also those too close to call.
        decimal_comma: as spreadsheets in such countries expect numbers.
    """
    words = PlanWords(plan, formats, UTC)
    rows = tuple(
        (
            move.at.astimezone(UTC).isoformat(),
            "" if move.until is None else move.until.astimezone(UTC).isoformat(),
            words.site_name(move.site),
            move.group,
            words.group(move.group).model,
            move.count,
            move.before,
            move.after,
            _or_empty(move.worth, 4),
            _or_empty(move.doubt, 4),
            plan.currency,
            _or_empty(move.price_per_kwh, 8),
            _or_empty(move.break_even_per_kwh, 8),
            round(move.on_forecast, 4),
            "yes" if move.advised else "no",
            "yes" if move.forced else "no",
            words.why(move),
        )
        for move in _chosen(plan, every_move=every_move)
    )
    return format_csv(RawTable(_HEADS, rows), decimal_comma=decimal_comma)


def moves_calendar(plan: Plan, formats: Formats, *, every_move: bool = False) -> bytes:
    """Return the moves as iCalendar (RFC 5545), each with an alarm ten minutes before.

    An event keeps its UID from plan to plan, so that a calendar that imports a newer plan replaces
    what it held.

    Args:
        plan: any.
        formats: the operator's locale.
        every_move: also those too close to call.
    """
    # Few ask for a calendar, and the library takes its time to load.
    from icalendar import Alarm, Calendar, Event

    # A calendar may be read on a phone in another zone, which moves the events and not the words.
    words = PlanWords(plan, formats, name_zone=True)
    calendar = Calendar()
    calendar.add("prodid", "-//minerdesk//plan//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", _("Power-down plan: {book}").format(book=plan.book.name))
    for move in _chosen(plan, every_move=every_move):
        title = _title(words, move)
        event = Event()
        event.add("uid", _uid(plan, move))
        event.add("dtstamp", plan.made_at.astimezone(UTC))
        event.add("dtstart", move.at.astimezone(UTC))
        event.add("dtend", move.at.astimezone(UTC) + _SHOWN_FOR)
        event.add("summary", title)
        event.add("location", words.site_name(move.site))
        event.add("description", "\n".join((words.move(move), *words.told(move))))
        event.add("transp", "TRANSPARENT")
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", title)
        alarm.add("trigger", -REMIND_BEFORE)
        event.add_component(alarm)
        calendar.add_component(event)
    made: bytes = calendar.to_ical()
    return made


def moves_text(
    plan: Plan,
    formats: Formats,
    now: datetime,
    *,
    zone: tzinfo | None = None,
    every_move: bool = False,
) -> str:
    """Return the headline and a line for each move, as one would send it to who does it.

    Args:
        plan: any.
        formats: the operator's locale.
        now: UTC.
        zone: of the times; None means the operator's.
        every_move: also those too close to call, apart.
    """
    words = PlanWords(plan, formats, zone)
    said = words.headline(now)
    lines = [said.sentence, said.detail, ""]
    lines += [_line(words, move) for move in plan.advised]
    close = [move for move in plan.moves if not move.advised]
    if every_move and close:
        lines += ["", _("Too close to call:"), *(_line(words, move) for move in close)]
    return "\n".join(lines).rstrip() + "\n"


def table_csv(
    heads: Sequence[str], rows: Iterable[Sequence[str]], *, decimal_comma: bool = False
) -> bytes:
    """Return a chart's table as CSV.

    Args:
        heads: a heading per column.
        rows: of texts, numbers with a decimal dot.
        decimal_comma: write and separate as spreadsheets in such countries expect.
    """
    read = tuple(tuple(_number_or_text(cell) for cell in row) for row in rows)
    return format_csv(RawTable(tuple(heads), read), decimal_comma=decimal_comma)


def write_export(path: Path, data: bytes) -> None:
    """Write an export whole or not at all.

    Raises:
        WorldError: the disk refuses.
    """
    try:
        atomic.write(path, data, mode=atomic.ORDINARY)
    except OSError as error:
        raise WorldError(
            _("{file} could not be written: {why}").format(file=path, why=error.strerror or error)
        ) from error


def _chosen(plan: Plan, *, every_move: bool) -> Iterator[Move]:
    return (move for move in plan.moves if every_move or move.advised)


def _line(words: PlanWords, move: Move) -> str:
    return f"{words.move(move)} ({words.worth(move)}; {words.why(move)})"


def _title(words: PlanWords, move: Move) -> str:
    deed = words.deed(move)
    deed = f"{deed[:1].upper()}{deed[1:]}"
    return deed if move.advised else _("Too close to call: {deed}").format(deed=deed)


def _uid(plan: Plan, move: Move) -> str:
    key = f"{plan.book.name}/{move.key}"
    return f"{hashlib.sha256(key.encode()).hexdigest()[:32]}@minerdesk"


def _or_empty(value: float, digits: int) -> float | str:
    return round(value, digits) if math.isfinite(value) else ""


def _number_or_text(cell: str) -> float | str:
    try:
        value = float(cell)
    except ValueError:
        return cell
    return value if math.isfinite(value) else cell
