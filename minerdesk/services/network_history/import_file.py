"""A file of the network's past: looked at first, then kept as a source of its own.

Known by themselves: Coin Metrics' CSV, blockchain.com's JSON (of its interface, or saved from its
charts), and a CSV whose columns have the names of `columns.known_column`. Anything else needs a
`HistoryMapping`. Taking an import back is removing its source.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Final

from minerdesk.domain.errors import UserError
from minerdesk.domain.limits import Limits
from minerdesk.domain.network_days import DayQuantity, DayRows
from minerdesk.domain.text import _, ngettext
from minerdesk.feeds.days.base import GENESIS_DAY, LIMITS
from minerdesk.services.exchange.number_style import Spot, find_style
from minerdesk.services.network_history.columns import (
    TIME_NAMES,
    UNITS,
    USD_TO_BTC,
    ColumnUse,
    guess_hashrate_unit,
    known_column,
)
from minerdesk.services.network_history.file_days import read_days
from minerdesk.services.network_history.file_json import chart_table, looks_like_json
from minerdesk.services.network_history.reports import Span
from minerdesk.services.quantities import DECIMAL_DOT, NumberStyle, parse_number
from minerdesk.storage.history_day_rows import DayBatch
from minerdesk.storage.raw_table import Cell, RawTable
from minerdesk.storage.tables import parse_table
from minerdesk.storage.whole_file import read_bytes

_SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class HistoryMapping:
    """How a file is read.

    Attributes:
        time: header of the column of days.
        columns: what others are; those not named are left out.
        currency: of prices.
        day_first: whether 03/04/2026 is the third of April; None finds it out.
        style: of numbers; None finds it out, or asks where none can tell.
    """

    time: str
    columns: tuple[ColumnUse, ...]
    currency: str = "USD"
    day_first: bool | None = None
    style: NumberStyle | None = None


@dataclass(frozen=True, slots=True)
class PartPreview:
    """What one column would bring.

    Attributes:
        days: how many different days; first, last: of them.
        gaps: days between that it lacks.
        doubles: days with several values that differ; the last one would hold.
    """

    use: ColumnUse
    days: int
    first: date
    last: date
    gaps: tuple[Span, ...]
    doubles: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class HistoryPreview:
    """A file as it would be kept; nothing has been written.

    Attributes:
        name: of the file, and of the source it becomes.
        headers: of all columns. mapping: how they were read, to look at and to change.
        rows: how many have a day. first, last: of them.
        parts: by column. sample: the first rows as they stand in the file.
        notes: what was assumed or left out, sentences.
        series: what would be kept.
    """

    name: str
    headers: tuple[str, ...]
    mapping: HistoryMapping
    rows: int
    first: date
    last: date
    parts: tuple[PartPreview, ...]
    sample: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...]
    series: tuple[DayRows, ...]

    def batch(self, now: datetime) -> DayBatch:
        """Return what to keep (`NetworkHistory.keep`); ``now`` is UTC."""
        return DayBatch(self.name, now, self.series, from_file=True)


def read_table_of(path: Path) -> RawTable:
    """Read a file as a table, a chart of blockchain.com among them.

    Raises:
        UserError: it cannot be read, or is neither.
    """
    data = read_bytes(path)
    if looks_like_json(data):
        return chart_table(data, path.name)
    return parse_table(data, path.name)


def guess_mapping(table: RawTable) -> HistoryMapping | None:
    """Return how a table is probably read, or None where no column of days or values is known."""
    time = next((h for name in TIME_NAMES for h in table.header if h.strip().lower() == name), None)
    uses: dict[DayQuantity, ColumnUse] = {}
    for header in table.header:
        use = known_column(header)
        if use is None or header == time:
            continue
        held = uses.get(use.quantity)
        # New coins in BTC go before those in USD.
        if held is None or held.unit == USD_TO_BTC:
            uses[use.quantity] = use
    return HistoryMapping(time, tuple(uses.values())) if time is not None and uses else None


def preview(table: RawTable, today: date, mapping: HistoryMapping | None = None) -> HistoryPreview:
    """Read a table without keeping anything.

    Args:
        table: the file.
        today: UTC; this day and later ones are not over and are left out.
        mapping: how to read it; None guesses.

    Raises:
        UserError: a column is not there or not known, or a cell is no day or number, with its line.
    """
    mapping = mapping or guess_mapping(table)
    if mapping is None:
        sentence = _(
            "{name} has no column of days and values that are known by name; say which is what "
            "({columns})."
        )
        raise UserError(
            sentence.format(name=table.source_name, columns=", ".join(table.header)),
            where="line 1",
        )
    if not mapping.columns:
        sentence = _("Say of at least one column of {name} what it is.")
        raise UserError(sentence.format(name=table.source_name))
    time_at = _column(table, mapping.time)
    lines = [(table.first_row + i, row) for i, row in enumerate(table.rows) if row]
    days = read_days([(line, _cell(row, time_at)) for line, row in lines], mapping.day_first)
    if not days:
        raise UserError(_("{name} holds no day.").format(name=table.source_name))
    notes = list(table.notes)
    values = {use: _values(table, lines, use, mapping.style) for use in mapping.columns}
    uses = tuple(_with_unit(use, days, values[use]) for use in mapping.columns)
    prices = next(
        (values[use] for use in mapping.columns if use.quantity is DayQuantity.PRICE), None
    )
    series: list[DayRows] = []
    for use, raw in zip(uses, mapping.columns, strict=True):
        rows, refused = _rows(
            use, days, _in_btc(table, use, values[raw], prices), today, mapping.currency
        )
        if refused:
            text = ngettext(
                "{column}: {n} value is left out: it cannot be so, or its day is not over.",
                "{column}: {n} values are left out: they cannot be so, or their days are not over.",
                refused,
            )
            notes.append(text.format(column=use.column, n=refused))
        if rows.day:
            series.append(rows)
    if not series:
        sentence = _("{name} holds no value that can be kept.")
        raise UserError(sentence.format(name=table.source_name))
    by_quantity = {rows.quantity: rows for rows in series}
    return HistoryPreview(
        table.source_name,
        table.header,
        replace(mapping, columns=uses),
        len(days),
        date.fromordinal(min(days)),
        date.fromordinal(max(days)),
        tuple(_part(use, by_quantity[use.quantity]) for use in uses if use.quantity in by_quantity),
        table.rows[:_SHOWN],
        tuple(notes),
        tuple(series),
    )


def _values(
    table: RawTable,
    lines: Sequence[tuple[int, Sequence[Cell]]],
    use: ColumnUse,
    style: NumberStyle | None,
) -> list[float | None]:
    at = _column(table, use.column)
    if use.unit not in UNITS:
        sentence = _("The unit {unit} of “{column}” is not known; use one of {units}.")
        units = ", ".join(filter(None, UNITS))
        raise UserError(sentence.format(unit=use.unit, column=use.column, units=units))
    spots = [Spot(line, use.column, t) for line, r in lines if isinstance(t := _cell(r, at), str)]
    if style is None:
        finding = find_style(spots)
        # Sources write their own files with a dot; only a value that says otherwise counts.
        style = finding.style or DECIMAL_DOT
    found: list[float | None] = []
    for line, row in lines:
        cell = _cell(row, at)
        if not isinstance(cell, str):
            found.append(float(cell))
        elif cell.strip().lower() in {"", "null", "nan", "none"}:
            found.append(None)
        else:
            found.append(_number(line, use.column, cell.strip(), style))
    return found


def _number(line: int, column: str, text: str, style: NumberStyle) -> float:
    if style == DECIMAL_DOT:
        try:
            return float(text)  # files of programs, exponents among them
        except ValueError:
            pass
    try:
        return parse_number(text, style)
    except UserError as error:
        sentence = _("Line {line}, column “{column}”: {why}")
        raise UserError(
            sentence.format(line=line, column=column, why=error.sentence),
            where=f"line {line}",
            value=text,
        ) from None


def _with_unit(use: ColumnUse, days: Sequence[int], values: Sequence[float | None]) -> ColumnUse:
    if use.quantity is not DayQuantity.HASHRATE or use.unit:
        return use
    known = [
        (date.fromordinal(day).year, value)
        for day, value in zip(days, values, strict=True)
        if value is not None and value > 0
    ]
    return replace(use, unit=guess_hashrate_unit(known), guessed=True) if known else use


def _in_btc(
    table: RawTable,
    use: ColumnUse,
    values: Sequence[float | None],
    prices: Sequence[float | None] | None,
) -> list[float | None]:
    """Return values in the unit of their quantity."""
    if use.unit != USD_TO_BTC:
        return [None if value is None else value * use.factor for value in values]
    if prices is None:
        sentence = _("“{column}” of {name} is in USD and needs a column of prices beside it.")
        raise UserError(sentence.format(column=use.column, name=table.source_name), where="line 1")
    return [
        value / price if value is not None and price else None
        for value, price in zip(values, prices, strict=True)
    ]


def _rows(
    use: ColumnUse,
    days: Sequence[int],
    values: Sequence[float | None],
    today: date,
    currency: str,
) -> tuple[DayRows, int]:
    limits: Limits = LIMITS[use.quantity]
    kept: list[tuple[int, float]] = []
    refused = 0
    for day, value in zip(days, values, strict=True):
        # 0 stands for what was not yet: a price before there were markets, a day without block.
        if value is None or (value == 0 and not limits.allow(0)):
            continue
        if limits.allow(value) and GENESIS_DAY <= day < today.toordinal():
            kept.append((day, value))
        else:
            refused += 1
    is_price = use.quantity is DayQuantity.PRICE
    rows = DayRows(
        use.quantity,
        tuple(day for day, _value in kept),
        tuple(value for _day, value in kept),
        currency if is_price else "",
    )
    return rows, refused


def _part(use: ColumnUse, rows: DayRows) -> PartPreview:
    last = dict(zip(rows.day, rows.value, strict=True))
    days = sorted(last)
    doubles = {day for day, value in zip(rows.day, rows.value, strict=True) if value != last[day]}
    return PartPreview(
        use,
        len(days),
        date.fromordinal(days[0]),
        date.fromordinal(days[-1]),
        tuple(_gaps(days)),
        tuple(date.fromordinal(day) for day in sorted(doubles)),
    )


def _gaps(days: Sequence[int]) -> Iterator[Span]:
    for one, other in itertools.pairwise(days):
        if other > one + 1:
            yield Span(date.fromordinal(one + 1), date.fromordinal(other - 1))


def _column(table: RawTable, name: str) -> int:
    headers = [header.strip().lower() for header in table.header]
    wanted = name.strip().lower()
    if headers.count(wanted) != 1:
        sentence = (
            _("{name} has no column “{column}”; it has {columns}.")
            if wanted not in headers
            else _("{name} has several columns “{column}”; rename all but one ({columns}).")
        )
        raise UserError(
            sentence.format(name=table.source_name, column=name, columns=", ".join(table.header)),
            where="line 1",
            value=name,
        )
    return headers.index(wanted)


def _cell(row: Sequence[Cell], column: int) -> Cell:
    return row[column] if column < len(row) else ""
