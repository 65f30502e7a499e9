"""A table with a column of times and one of prices, read strictly."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

from minerdesk.domain.errors import UserError
from minerdesk.domain.limits import PER_KWH
from minerdesk.domain.prices import STEPS_MINUTES
from minerdesk.domain.text import _
from minerdesk.services.exchange.number_style import Spot, StyleState, find_style
from minerdesk.services.money_text import unit_of_price
from minerdesk.services.power.price_times import TimeText, local_text, once_doubled, read_times
from minerdesk.services.quantities import DECIMAL_DOT, NumberStyle, parse_number
from minerdesk.storage.tables import Cell, RawTable


class PriceUnit(StrEnum):
    """What a price of a file is per."""

    KWH = "per_kwh"
    MWH = "per_mwh"
    CENT_KWH = "cent_per_kwh"


_POWER: Final = {PriceUnit.KWH: 0, PriceUnit.MWH: -3, PriceUnit.CENT_KWH: -2}
_CONTRACT: Final = {"price_per_kwh": PriceUnit.KWH, "price_per_mwh": PriceUnit.MWH}
_TIME_NAMES: Final = (
    *("start", "time", "timestamp", "interval start", "datetime", "datum von", "mtu (utc)"),
    *("mtu (cet/cest)", "date", "datum", "von", "from"),
)


@dataclass(frozen=True, slots=True)
class Mapping:
    """How a file of another layout is read.

    Attributes:
        time, price: headers of the two columns.
        zone: of times without an offset; empty where each has one.
        day_first: whether 03/04/2026 is the third of April; None finds it out.
        style: of numbers; None finds it out, or asks where none can tell.
    """

    time: str
    price: str
    unit: PriceUnit
    zone: str = ""
    day_first: bool | None = None
    style: NumberStyle | None = None


class Hole(NamedTuple):
    """A span without prices, seconds since 1970 UTC."""

    start_s: int
    end_s: int

    def sentence(self, name: str, zone: str = "") -> str:
        """Say where it is."""
        text = _("{name} has no prices from {start} to {end}.")
        start, end = local_text(self.start_s, zone), local_text(self.end_s, zone)
        return text.format(name=name, start=start, end=end)


class Parsed(NamedTuple):
    """What a table holds: sorted starts, a price for each, the step, and what is missing."""

    start_s: list[int]
    per_kwh: list[float]
    step_minutes: int
    holes: tuple[Hole, ...]
    zone: str


def contract_mapping(table: RawTable) -> Mapping:
    """Return the mapping of the layout with ``start`` and ``price_per_kwh`` or ``price_per_mwh``.

    Raises:
        UserError: the table's columns are others.
    """
    headers = [header.strip().lower() for header in table.header]
    prices = [header for header in headers if header in _CONTRACT]
    if "start" not in headers or len(prices) != 1:
        sentence = _(
            "{name} needs the columns start and either price_per_kwh or price_per_mwh; found "
            "{columns}."
        )
        raise UserError(
            sentence.format(
                name=table.source_name, columns=", ".join(filter(None, table.header)) or "—"
            ),
            where="line 1",
        )
    style = find_style(_spots(table, headers.index(prices[0]))).style or DECIMAL_DOT
    return Mapping("start", prices[0], _CONTRACT[prices[0]], style=style)


def guess_mapping(table: RawTable) -> Mapping | None:
    """Return how the table is probably read, for the operator to look at; None where none fits."""
    headers = [header.strip().lower() for header in table.header]
    time = next((name for name in _TIME_NAMES if name in headers), None)
    for header in headers:
        unit = _unit_in(header)
        if time is not None and unit is not None:
            zone = "UTC" if "utc" in time else "Europe/Brussels" if "cet" in time else ""
            return Mapping(time, header, unit, zone)
    return None


def parse_table(table: RawTable, mapping: Mapping) -> Parsed:
    """Read a table's times and prices; holes are told, everything else is refused.

    Raises:
        UserError: one sentence with the line, the value and what would work.
    """
    time_at, price_at = (_column(table, name) for name in (mapping.time, mapping.price))
    rows = [(table.first_row + i, row) for i, row in enumerate(table.rows) if row]
    if len(rows) < 2:
        sentence = _("{name} holds {n} prices; a series needs two or more, so its step is known.")
        raise UserError(sentence.format(name=table.source_name, n=len(rows)))
    texts = [TimeText(line, str(_cell(row, time_at))) for line, row in rows]
    starts = read_times(texts, mapping.zone, mapping.day_first)
    check_lengths(table)
    style = mapping.style or _style(table, price_at)
    prices = [_price(line, _cell(row, price_at), mapping, style) for line, row in rows]
    _check_order(texts, starts)
    step = common_step(texts, starts)
    holes = tuple(
        Hole(one + step * 60, other)
        for one, other in itertools.pairwise(starts)
        if other - one != step * 60
    )
    for hole in holes:
        if once_doubled(hole.start_s - step * 60, hole.end_s, mapping.zone):
            sentence = _(
                "{name} tells the hour that clocks go back in {zone} once, and it happens twice: "
                "there are no prices from {start} to {end}; add those rows, or write times with "
                "their offset."
            )
            start, end = (local_text(second, mapping.zone) for second in hole)
            raise UserError(
                sentence.format(name=table.source_name, zone=mapping.zone, start=start, end=end)
            )
    return Parsed(starts, prices, step, holes, mapping.zone)


def check_lengths(table: RawTable) -> None:
    """Check that no row has a cell that the header has no name for, such as half a number.

    Raises:
        UserError: with the first such line, and what is most likely wrong there.
    """
    names = len(table.header)
    for line, row in enumerate(table.rows, table.first_row):
        if len(row) > names:
            sentence = _(
                "Line {line} has {n} cells and the header of {name} names {names}: put a number "
                "with a decimal comma in quotation marks, or separate the cells by semicolons."
            )
            raise UserError(
                sentence.format(line=line, n=len(row), name=table.source_name, names=names),
                where=f"line {line}",
            )


def _check_order(texts: Sequence[TimeText], starts: Sequence[int]) -> None:
    for i, (one, other) in enumerate(itertools.pairwise(starts)):
        if other > one:
            continue
        twice = _told_before(texts, i + 1)
        if other == one:
            sentence = _(
                "Lines {before} and {line} are both “{value}”; where clocks go back the second "
                "hour has another offset, otherwise remove one of them."
            )
        elif twice is not None:
            sentence = _(
                "Lines {twice} and {line} are both “{value}”: that time is there twice. Put the "
                "second hour of clocks going back right after the first, or write times with their "
                "offset; otherwise remove one of them."
            )
        elif all(b < a for a, b in itertools.pairwise(starts)):
            sentence = _(
                "Line {line}: “{value}” is before line {before}: the newest price stands "
                "first; sort the rows by time."
            )
        else:
            sentence = _(
                "Line {line}: “{value}” is before the time of line {before}; sort the rows by time."
            )
        text = texts[i + 1]
        raise UserError(
            sentence.format(
                line=text.line,
                before=texts[i].line,
                twice=texts[twice or 0].line,
                value=text.text.strip(),
            ),
            where=f"line {text.line}",
            value=text.text,
        )


def _told_before(texts: Sequence[TimeText], place: int) -> int | None:
    """Return an earlier row with the same time as that of a place, or None."""
    same = (k for k in range(place) if texts[k].text.strip() == texts[place].text.strip())
    return next(same, None)


def common_step(texts: Sequence[TimeText], starts: Sequence[int]) -> int:
    """Return the step in minutes: the commonest distance of two rows.

    Raises:
        UserError: it is no step that prices and loads may have, or rows are closer than it.
    """
    distances = [(b - a) // 60 for a, b in itertools.pairwise(starts)]
    ((step, _times),) = Counter(distances).most_common(1)
    if step not in STEPS_MINUTES:
        sentence = _(
            "Lines {before} and {line} are {minutes} minutes apart; steps may be 5, 15, 30 or 60 "
            "minutes."
        )
        raise _at(texts, distances.index(step), sentence, minutes=step)
    for i, distance in enumerate(distances):
        run = distances[i : i + 2] == [distance] * 2
        if distance % step or (distance != step and run and distance in STEPS_MINUTES):
            sentence = _(
                "Lines {before} and {line} are {minutes} minutes apart, and most others {step}; "
                "import each step from a file of its own."
            )
            raise _at(texts, i, sentence, minutes=distance, step=step)
    return step


def _at(texts: Sequence[TimeText], i: int, sentence: str, **numbers: int) -> UserError:
    before, line = texts[i].line, texts[i + 1].line
    return UserError(
        sentence.format(before=before, line=line, **numbers),
        where=f"line {line}",
        value=texts[i + 1].text,
    )


def _price(line: int, cell: Cell, mapping: Mapping, style: NumberStyle) -> float:
    # A number of a spreadsheet has no style; written exactly, it is read as any other.
    text, style = (cell, style) if isinstance(cell, str) else (repr(float(cell)), DECIMAL_DOT)
    if not text.strip():
        sentence = _("Line {line}: the price is missing; write a number in “{column}”.")
        raise UserError(
            sentence.format(line=line, column=mapping.price), where=f"line {line}", value=text
        )
    try:
        price = parse_number(text, style, _POWER[mapping.unit])
    except UserError as error:
        raise _bad_price(line, mapping, error.sentence, text) from None
    if not PER_KWH.allow(price):
        sentence = _("the price of a kWh must be {limits}, found {value}.")
        why = sentence.format(limits=PER_KWH.sentence(price), value=text.strip())
        raise _bad_price(line, mapping, why, text)
    return price


def _bad_price(line: int, mapping: Mapping, why: str, text: str) -> UserError:
    sentence = _("Line {line}, column “{column}”: {why}")
    return UserError(
        sentence.format(line=line, column=mapping.price, why=why), where=f"line {line}", value=text
    )


def _style(table: RawTable, column: int) -> NumberStyle:
    finding = find_style(_spots(table, column))
    if finding.style is None or finding.state in {StyleState.UNDECIDED, StyleState.MIXED}:
        raise UserError(finding.question)
    return finding.style


def _spots(table: RawTable, column: int) -> list[Spot]:
    header = table.header[column]
    return [
        Spot(table.first_row + i, header, cell)
        for i, row in enumerate(table.rows)
        if isinstance(cell := _cell(row, column), str)
    ]


def _column(table: RawTable, name: str) -> int:
    headers = [header.strip().lower() for header in table.header]
    wanted = name.strip().lower()
    if headers.count(wanted) != 1:
        sentence = (
            _("{name} has no column “{column}”; it has {columns}.")
            if wanted not in headers
            else _("{name} has several columns “{column}”; rename all but one ({columns}).")
        )
        columns = ", ".join(table.header)
        raise UserError(
            sentence.format(name=table.source_name, column=name, columns=columns),
            where="line 1",
            value=name,
        )
    return headers.index(wanted)


def _cell(row: Sequence[Cell], column: int) -> Cell:
    return row[column] if column < len(row) else ""


def _unit_in(header: str) -> PriceUnit | None:
    """Find the unit in a header such as ``price_per_mwh`` or ``Day-ahead Price [EUR/MWh]``."""
    if header in _CONTRACT:
        return _CONTRACT[header]
    for bracket, end in ("[]", "()"):
        _before, found, rest = header.partition(bracket)
        unit = rest.partition(end)[0]
        if found and unit_of_price(unit):
            if "mwh" in unit:
                return PriceUnit.MWH
            cents = any(word in unit for word in ("ct", "cent", "¢"))
            return PriceUnit.CENT_KWH if cents else PriceUnit.KWH
    return PriceUnit.MWH if header in {"lmp", "spp", "settlement point price"} else None
