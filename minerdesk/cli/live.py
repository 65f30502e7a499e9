"""``minerdesk-cli report`` and ``network``: what stands on the numbers of the network."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

from minerdesk import assembly
from minerdesk.cli.as_json import as_json
from minerdesk.domain.cancel import CancelToken, cancelled_after
from minerdesk.domain.errors import Cancelled
from minerdesk.domain.text import _
from minerdesk.services.book_reading import look_at, read_book
from minerdesk.services.desk import Desk
from minerdesk.services.network_reading.as_data import readings_data
from minerdesk.services.network_reading.from_file import (
    embedded_history,
    readings_from_file,
    readings_from_past,
)
from minerdesk.services.network_reading.indicators import DailyHistory, last_complete_day
from minerdesk.services.network_reading.words import readings_text
from minerdesk.services.reports import network_data, network_text, report_data, report_text
from minerdesk.services.reports.plain import Plain
from minerdesk.services.words import Formats, language

# A report waits for its sources no longer than this; what was known before serves for the rest.
DEADLINE_S: Final = 2.5
_PLAN_S: Final = 1.0
_PATIENCE_S: Final = 10.0  # with a book whose first plan takes longer


def report(asked: Namespace) -> str:
    """Return the report of a book.

    Raises:
        UserError: the file is no book.
        WorldError: the profile cannot be used.
    """
    read_book(asked.book)  # a bad book is refused before anything is built
    with open_desk(asked.profile, offline=asked.offline) as desk:
        book = look_at(asked.book, desk.book)
        formats = formats_of(desk, as_json=asked.json)
        token = CancelToken()
        network = desk.poll(token, deadline_s=DEADLINE_S)
        revision = desk.book.revision
        # With a plan it says what the window says; what is not proved by then is good enough.
        options = replace(desk.plan_options, seconds=_PLAN_S)
        plan, late = None, ""
        try:
            with cancelled_after(_PLAN_S + _PATIENCE_S) as soon:
                plan = desk.plan(book, revision, network, options, soon)
        except Cancelled:
            sentence = _(
                "No plan that keeps every rule was found in {n} s, so this is without one."
            )
            late = sentence.format(n=round(_PLAN_S + _PATIENCE_S))
        evaluation = desk.evaluate(book, revision, network, token, plan)
        if asked.json:
            made = report_data(evaluation, formats, desk.now)
            return as_json({**made, "problems": _problems(desk, late)})
        return report_text(evaluation, formats, desk.now) + _notes(desk, late)


def network(asked: Namespace) -> str:
    """Return the numbers of the network and what its history says.

    With a file of history or a day in the past no source is asked.

    Raises:
        UserError: the file cannot be read.
        WorldError: the profile cannot be used.
    """
    if asked.history is not None or asked.as_of is not None:
        return _network_as_of(asked)
    with open_desk(asked.profile, offline=asked.offline) as desk:
        formats = formats_of(desk, as_json=asked.json)
        state = desk.poll(CancelToken(), deadline_s=DEADLINE_S)
        statuses = desk.refresh.statuses()
        live = state.example_of is None
        readings = readings_from_past(
            desk.past.read_days(CancelToken()),
            last_complete_day(desk.now),
            asked.power_price,
            state.retarget if live else None,
        )
        if asked.json:
            found = network_data(state, formats, desk.now, statuses)
            past = readings_data(readings, state.difficulty.value if live else None)
            return as_json({**past, **found, "problems": _problems(desk)})
        return (
            network_text(state, formats, desk.now, statuses)
            + "\n"
            + readings_text(readings, formats)
            + _notes(desk)
        )


def _network_as_of(asked: Namespace) -> str:
    # A day that is not over is not used.
    last = last_complete_day(datetime.now(UTC))
    as_of = last if asked.as_of is None else min(asked.as_of, last)
    if asked.history is not None:
        readings = readings_from_file(asked.history, as_of, asked.power_price)
    else:
        readings = readings_from_past(_kept(asked.profile, as_of), as_of, asked.power_price)
    if asked.json:
        return as_json(readings_data(readings))
    return readings_text(readings, Formats("en"))


def _kept(profile: Path | None, as_of: date) -> DailyHistory:
    """Return what the profile knows up to a day; one that does not exist is not made for it."""
    if not assembly.keeps_history(profile):
        return embedded_history()
    with open_desk(profile, offline=True) as desk:
        return desk.past.read_days(CancelToken(), as_of)


@contextmanager
def open_desk(profile: Path | None, *, offline: bool) -> Iterator[Desk]:
    """Build a desk for one command, and close it.

    Raises:
        WorldError: the profile cannot be used.
    """
    desk = assembly.build(profile, offline=offline)
    try:
        yield desk
    finally:
        desk.close()


def _problems(desk: Desk, more: str = "") -> list[Plain]:
    """Return what could not be used, and why the sources were not asked, a sentence each."""
    return list(filter(None, (*desk.troubles, desk.why_not_polling, more)))


def _notes(desk: Desk, more: str = "") -> str:
    return "".join(f"\n{problem}\n" for problem in _problems(desk, more))


def formats_of(desk: Desk, *, as_json: bool) -> Formats:
    """Speak the language the operator chose; English by default, since scripts read this too.

    Before anything is made that holds sentences, or they would be in two languages. JSON is free of
    locale.
    """
    formats = Formats("en" if as_json else desk.settings.text("display.locale") or "en")
    if not as_json:
        language.speak(formats.locale)
    return formats
