"""A table of a metered load, read strictly, and the part of it that one month needs."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from minerdesk.domain.errors import UserError
from minerdesk.domain.limits import NOT_NEGATIVE
from minerdesk.domain.prices import STEPS_MINUTES
from minerdesk.domain.text import _
from minerdesk.services.exchange.number_style import Spot, StyleState, find_style
from minerdesk.services.power.price_table import check_lengths, common_step
from minerdesk.services.power.price_times import TimeText, local_text, read_times
from minerdesk.services.quantities import DECIMAL_DOT, NumberStyle, parse_number
from minerdesk.storage.tables import Cell, RawTable, read_table

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_OTHER_UNITS: Final = ("w", "mw", "gw", "wh", "kwh", "mwh")


@dataclass(frozen=True, slots=True)
class Load:
    """A metered load of equal steps.

    Attributes:
        start_s: (N,) seconds since 1970 UTC, rising. kw: (N,) mean of each step.
    """

    name: str
    start_s: Ints
    kw: Floats
    step_minutes: int


class MonthLoad(NamedTuple):
    """The load of every step of a month; steps are those of the file, or parts of them."""

    kw: Floats
    step_minutes: int


def read_load(path: Path) -> Load:
    """Read a load file: columns ``start`` (ISO 8601 with offset) and ``kw``, equal steps.

    Raises:
        UserError: one sentence with the line, the value and what would work.
    """
    table = read_table(path)
    headers = [header.strip().lower() for header in table.header]
    if headers.count("start") != 1 or headers.count("kw") != 1:
        raise _wrong_columns(table, headers)
    at, column = headers.index("start"), headers.index("kw")
    rows = [(table.first_row + i, row) for i, row in enumerate(table.rows) if row]
    if len(rows) < 2:
        sentence = _("{name} holds {n} steps; a load needs two or more, so its step is known.")
        raise UserError(sentence.format(name=table.source_name, n=len(rows)))
    texts = [TimeText(line, str(row[at]) if at < len(row) else "") for line, row in rows]
    starts = read_times(texts)
    for i in range(1, len(starts)):
        if starts[i] <= starts[i - 1]:
            sentence = _(
                "Line {line}: “{value}” is not after the time of line {before}; sort the rows by "
                "time and tell each step once."
            )
            raise UserError(
                sentence.format(line=texts[i].line, value=texts[i].text, before=texts[i - 1].line)
            )
    check_lengths(table)
    cells = [(line, row[column] if column < len(row) else "") for line, row in rows]
    style = _style(cells)
    kw = [_kw(line, cell, style) for line, cell in cells]
    return Load(
        table.source_name,
        np.array(starts, np.int64),
        np.array(kw, np.float64),
        common_step(texts, starts),
    )


def month_load(load: Load, first_s: int, last_s: int, month: str, zone: str) -> MonthLoad:
    """Return the load of a month, whatever the file holds beside it.

    Where the month does not begin or end on a step of the file, as with whole hours of UTC in a
    zone half an hour from it, each step is split into equal parts of its mean.

    Args:
        load: as it was metered.
        first_s: when the month begins, seconds since 1970 UTC.
        last_s: when it ends.
        month: such as ``2026-01``.
        zone: of the site, for the sentences.

    Raises:
        UserError: steps are missing, or begin on minutes that no month begins on.
    """
    step_s = load.step_minutes * 60
    # Of its own rows: others may begin elsewhere in the hour, as before a zone was moved.
    mine = load.start_s[(load.start_s < last_s) & (load.start_s + step_s > first_s)]
    part_s = math.gcd(step_s, last_s - first_s, int(np.gcd.reduce(mine - first_s)))
    parts = [minutes for minutes in STEPS_MINUTES if part_s % (minutes * 60) == 0]
    if not parts:
        odd = mine[(mine - first_s) % (STEPS_MINUTES[0] * 60) != 0]
        sentence = _(
            "The steps of {name} begin on minutes such as {when}; they must begin on the hour, or "
            "on a multiple of 5 minutes after it."
        )
        raise UserError(sentence.format(name=load.name, when=local_text(int(odd[0]), zone)))
    starts = np.arange(first_s, last_s, parts[-1] * 60)
    row = np.searchsorted(load.start_s, starts, side="right") - 1
    covered = (row >= 0) & (starts < load.start_s[row] + step_s)
    if not covered.all():
        missing = starts[~covered]
        sentence = (
            _(
                "{name} has no load for {n} of the {steps} steps of {month}, first at {when}; a "
                "bill needs every one, so add those rows (the file runs from {start} to {end})."
            )
            if covered.any()
            else _(
                "{name} has no load for any of the {steps} steps of {month}: it runs from {start} "
                "to {end}; ask for a month inside, or give that month's load."
            )
        )
        raise UserError(
            sentence.format(
                name=load.name,
                n=len(missing),
                steps=len(starts),
                month=month,
                when=local_text(int(missing[0]), zone),
                start=local_text(int(load.start_s[0]), zone),
                end=local_text(int(load.start_s[-1]) + step_s, zone),
            )
        )
    return MonthLoad(load.kw[row], parts[-1])


def _wrong_columns(table: RawTable, headers: list[str]) -> UserError:
    columns = ", ".join(filter(None, table.header)) or "–"
    other = next((header for header in headers if header in _OTHER_UNITS), None)
    sentence = (
        _("{name} needs the columns start and kw; found {columns}.")
        if other is None or "kw" in headers
        else _(
            "{name} needs the columns start and kw, the mean of each step in kW; found {columns}: "
            "convert “{other}” into kW."
        )
    )
    return UserError(sentence.format(name=table.source_name, columns=columns, other=other))


def _style(cells: list[tuple[int, Cell]]) -> NumberStyle:
    """Return the style of the numbers: the dot, unless commas can only be decimal signs."""
    finding = find_style(Spot(line, "kw", cell) for line, cell in cells if isinstance(cell, str))
    unclear = finding.ambiguous
    if finding.state is StyleState.UNDECIDED and unclear is not None and "." not in unclear.text:
        sentence = _(
            "Line {line}, column “kw”: “{value}” may have a comma between thousands or a decimal "
            "comma; write it with a decimal dot and without thousands signs."
        )
        raise UserError(
            sentence.format(line=unclear.row, value=unclear.text.strip()), value=unclear.text
        )
    return finding.style or DECIMAL_DOT


def _kw(line: int, cell: Cell, style: NumberStyle) -> float:
    # A number of a spreadsheet has no style; written exactly, it is read as any other.
    text, style = (cell, style) if isinstance(cell, str) else (repr(float(cell)), DECIMAL_DOT)
    try:
        value = parse_number(text, style)
    except UserError as error:
        sentence = _("Line {line}, column “kw”: {why}")
        raise UserError(sentence.format(line=line, why=error.sentence), value=text) from None
    if not NOT_NEGATIVE.allow(value):
        sentence = _("Line {line}, column “kw”: a load must be {limits}, found {value}.")
        limits = NOT_NEGATIVE.sentence(value)
        raise UserError(sentence.format(line=line, limits=limits, value=text), value=text)
    return value
