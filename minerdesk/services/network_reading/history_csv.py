"""A file of daily history for the command line: read strictly, gaps kept as gaps."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final, NoReturn

import numpy as np
from numpy.typing import NDArray

from minerdesk.domain.errors import UserError
from minerdesk.domain.limits import Limits
from minerdesk.domain.text import _, ngettext
from minerdesk.domain.units import BLOCKS_PER_DAY, HS_PER_EHS, HS_PER_THS, SATOSHI_PER_BTC
from minerdesk.engine.indicators.days import Days
from minerdesk.engine.network import HALVING_DAYS, INITIAL_SUBSIDY_SAT
from minerdesk.storage.tables import Cell, RawTable, read_table

Floats = NDArray[np.float64]

_COIN_METRICS: Final = ("time", "PriceUSD", "HashRate", "IssTotUSD", "FeeTotNtv")
_PLAIN: Final = ("date", "price", "hashrate_ehs")
_PLAIN_MORE: Final = ("difficulty", "fees_btc", "issuance_btc")
_NUMBER: Final = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ].*)?")
# What is known of every day; a day that lacks it while the days before have it is not complete.
_DAILY: Final = frozenset({*_COIN_METRICS[1:], "price", "hashrate_ehs", "fees_btc", "issuance_btc"})
_DAYS_BEFORE: Final = 7
_NEVER_ZERO: Final = frozenset({"PriceUSD", "price", "HashRate", "hashrate_ehs", "difficulty"})
_LONGEST_DAYS: Final = 40_000
# Far beyond what the network was and will be; sums and quotients of them stay finite.
_COINS: Final = Limits(minimum=0, maximum=21e6)
_LIMITS: Final = {
    **dict.fromkeys(("PriceUSD", "price"), Limits(minimum=1e-30, above=0, maximum=1e12)),
    "HashRate": Limits(minimum=1e-30, above=0, maximum=1e15),
    "hashrate_ehs": Limits(minimum=1e-30, above=0, maximum=1e9),
    "difficulty": Limits(minimum=1e-30, above=0, maximum=1e30),
    "IssTotUSD": Limits(minimum=0, maximum=1e15),
    **dict.fromkeys(("FeeTotNtv", "fees_btc", "issuance_btc"), _COINS),
}


@dataclass(frozen=True, slots=True)
class DailyFile:
    """What a file of daily history holds.

    Attributes:
        days: one entry for each day from the first to the last; NaN where the file says nothing.
        notes: what was assumed or is missing, in sentences.
        name: of the file.
    """

    days: Days
    notes: tuple[str, ...]
    name: str


def read_daily_file(path: Path, until: date = date.max) -> DailyFile:
    """Read a CSV of daily history, known by its header.

    Either ``time, PriceUSD, HashRate`` (TH/s)``, IssTotUSD, FeeTotNtv`` or ``date, price,
    hashrate_ehs`` with any of ``difficulty, fees_btc, issuance_btc``; further columns are ignored.
    Lines in any order; a line that is there twice counts once. Days at the end that lack what the
    days before them have are not complete and are left out.

    Args:
        path: of the file.
        until: numbers of later days are not looked at; the first day is there in any case.

    Raises:
        UserError: the file cannot be read or understood; one sentence with line and value.
    """
    table = read_table(path)
    at = {name: index for index, name in reversed(list(enumerate(table.header)))}
    if all(name in at for name in _COIN_METRICS):
        return _coin_metrics(table, at, until)
    if all(name in at for name in _PLAIN):
        return _plain(table, at, until)
    raise UserError(
        _("{name} needs the columns {first} or {second}; it has {found}.").format(
            name=table.source_name,
            first=", ".join(_COIN_METRICS),
            second=", ".join(_PLAIN),
            found=", ".join(table.header) or _("none"),
        ),
        where=table.source_name,
    )


def subsidy_on(day: date) -> float:
    """Return the new coins of one block on a day, BTC, by the dates of the halvings so far."""
    halvings = sum(day.toordinal() >= each for each in HALVING_DAYS)
    return (INITIAL_SUBSIDY_SAT >> halvings) / SATOSHI_PER_BTC


def _coin_metrics(table: RawTable, at: Mapping[str, int], until: date) -> DailyFile:
    first, column, notes = _columns(table, at, _COIN_METRICS, until)
    price = column("PriceUSD")
    nothing = np.full(len(price), np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        issuance = column("IssTotUSD") / price
    days = Days(
        first, price, column("HashRate") * HS_PER_THS, nothing, column("FeeTotNtv"), issuance
    )
    return DailyFile(days, notes, table.source_name)


def _plain(table: RawTable, at: Mapping[str, int], until: date) -> DailyFile:
    more = [name for name in _PLAIN_MORE if name in at]
    first, column, notes = _columns(table, at, (*_PLAIN, *more), until)
    price = column("price")
    nothing = np.full(len(price), np.nan)
    said = list(notes)
    if "issuance_btc" in more:
        issuance = column("issuance_btc")
    else:
        issuance = np.array(
            [subsidy_on(date.fromordinal(first + i)) * BLOCKS_PER_DAY for i in range(len(price))]
        )
        said.append(_("The file has no issuance_btc: 144 blocks a day were taken."))
    if "fees_btc" in more:
        fees = column("fees_btc")
    else:
        fees = np.zeros(len(price))
        said.append(_("The file has no fees_btc: fees were taken as 0."))
    days = Days(
        first,
        price,
        column("hashrate_ehs") * HS_PER_EHS,
        column("difficulty") if "difficulty" in more else nothing,
        fees,
        issuance,
    )
    return DailyFile(days, tuple(said), table.source_name)


def _columns(
    table: RawTable, at: Mapping[str, int], columns: Sequence[str], until: date
) -> tuple[int, Callable[[str], Floats], tuple[str, ...]]:
    """Return the first day, a way to get each column by day, and what the file lacks.

    The first of ``columns`` is that of the days.
    """
    day_column, *names = columns
    rows, doubled = _by_day(table, at[day_column], day_column)
    first = min(rows)
    last = max((day for day in rows if day <= until.toordinal()), default=first)
    if last - first >= _LONGEST_DAYS:
        sentence = _("{name} spans {n} days, more than there are; look at its dates.")
        raise UserError(sentence.format(name=table.source_name, n=last - first + 1))
    values = {name: np.full(last - first + 1, np.nan) for name in names}
    used = sorted(day for day in rows if day <= last)
    for day in used:
        line, row = rows[day]
        _check_length(table, line, row)
        for name in names:
            values[name][day - first] = _value(table, line, row, at[name], name)
    complete = _complete(values, used)
    end = complete[-1] - first + 1
    notes = (
        *_gaps(complete),
        *_blanks({name: value[:end] for name, value in values.items()}, complete),
        *_doubles([day for day in doubled if day <= last]),
        *_cut_off(used[len(complete) :]),
    )
    return first, lambda name: values[name][:end], notes


def _complete(values: Mapping[str, Floats], days: Sequence[int]) -> Sequence[int]:
    """Return ``days`` without those at the end that lack what the days before them have."""
    known = [np.isfinite(value) for name, value in values.items() if name in _DAILY]

    def lacks(at: int) -> bool:
        return any(not each[at] and each[max(0, at - _DAYS_BEFORE) : at].any() for each in known)

    count = len(days)
    while lacks(days[count - 1] - days[0]):
        count -= 1
    return days[:count]


def _by_day(
    table: RawTable, index: int, name: str
) -> tuple[dict[int, tuple[int, tuple[Cell, ...]]], list[int]]:
    """Return line and row of each day, and the days that are there twice in the same words."""
    found: dict[int, tuple[int, tuple[Cell, ...]]] = {}
    doubled: list[int] = []
    for line, row in enumerate(table.rows, table.first_row):
        if not row:
            continue
        day = _day(table, line, row, index, name)
        if day not in found:
            found[day] = line, row
        elif found[day][1] == row:
            doubled.append(day)
        else:
            _refuse(
                table,
                line,
                name,
                date.fromordinal(day).isoformat(),
                _("another day than that of line {other}").format(other=found[day][0]),
            )
    if not found:
        raise UserError(_("{name} has no rows.").format(name=table.source_name))
    return found, doubled


def _check_length(table: RawTable, line: int, row: Sequence[Cell]) -> None:
    """Refuse a row that is longer than the header: a comma inside a number makes two of it."""
    if any(str(cell).strip() for cell in row[len(table.header) :]):
        sentence = _("{name}, line {line}: {n} values, where the header names {of} columns.")
        raise UserError(
            sentence.format(name=table.source_name, line=line, n=len(row), of=len(table.header)),
            where=f"{table.source_name}:{line}",
        )


def _day(table: RawTable, line: int, row: Sequence[Cell], index: int, name: str) -> int:
    text = str(row[index]).strip() if index < len(row) else ""
    # Python reads more ways to write a day, of weeks and without hyphens, that nobody means here.
    if not _DATE.fullmatch(text):
        _refuse(table, line, name, text, _("a date such as 2026-01-19"))
    try:
        if len(text) == 10:
            return date.fromisoformat(text).toordinal()
        # Sources write nanoseconds, which no date of Python's has.
        when = datetime.fromisoformat(re.sub(r"(\.[0-9]{6})[0-9]+", r"\1", text))
    except ValueError:
        _refuse(table, line, name, text, _("a date such as 2026-01-19"))
    if when.tzinfo is not None:
        when = when.astimezone(UTC)
    if when - datetime.combine(when.date(), datetime.min.time(), when.tzinfo) > timedelta(0):
        _refuse(table, line, name, text, _("a whole day, which begins at 00:00 UTC"))
    return when.date().toordinal()


def _value(table: RawTable, line: int, row: Sequence[Cell], index: int, name: str) -> float:
    cell = row[index] if index < len(row) else ""
    if isinstance(cell, str):
        text = cell.strip()
        if not text:
            return math.nan
        if not _NUMBER.fullmatch(text):
            _refuse(table, line, name, text, _("a number with a dot as decimal sign"))
        value = float(text)
    else:
        value = float(cell)
    # A price, hashrate or difficulty of nothing is how sources write that they know none.
    if value == 0 and name in _NEVER_ZERO:
        return math.nan
    limits = _LIMITS[name]
    if not limits.allow(value):
        _refuse(table, line, name, str(cell), limits.sentence(value))
    return value


def _gaps(days: Sequence[int]) -> Iterator[str]:
    """Tell of days the file lacks, ``days`` being those it has, in order."""
    have = set(days)
    missing = [day for day in range(days[0], days[-1]) if day not in have]
    if missing:
        yield ngettext(
            "{n} day is missing, {first}; means over it are left out.",
            "{n} days are missing, the first is {first}; means over them are left out.",
            len(missing),
        ).format(n=len(missing), first=date.fromordinal(missing[0]).isoformat())


def _blanks(values: Mapping[str, Floats], days: Sequence[int]) -> Iterator[str]:
    """Tell of values that lack on days the file has, between values it has."""
    at = np.array(days) - days[0]
    for name, value in values.items():
        known = np.isfinite(value[at])
        inside = np.logical_or.accumulate(known) & np.logical_or.accumulate(known[::-1])[::-1]
        (lack,) = np.nonzero(inside & ~known)
        if len(lack):
            yield ngettext(
                "{column} has no value on {n} day, {first}; means over it are left out.",
                "{column} has no value on {n} days, the first is {first}; means over them are "
                "left out.",
                len(lack),
            ).format(column=name, n=len(lack), first=date.fromordinal(days[lack[0]]).isoformat())


def _cut_off(days: Sequence[int]) -> Iterator[str]:
    if days:
        yield ngettext(
            "{n} day at the end is not complete and left out, {first}.",
            "{n} days at the end are not complete and left out, the first is {first}.",
            len(days),
        ).format(n=len(days), first=date.fromordinal(days[0]).isoformat())


def _doubles(days: Sequence[int]) -> Iterator[str]:
    if days:
        yield ngettext(
            "{n} line says a day again in the same words, {first}.",
            "{n} lines say a day again in the same words, the first is {first}.",
            len(days),
        ).format(n=len(days), first=date.fromordinal(min(days)).isoformat())


def _refuse(table: RawTable, line: int, column: str, value: str, wanted: str) -> NoReturn:
    raise UserError(
        _("{name}, line {line}: {column} must be {wanted}, found “{value}”.").format(
            name=table.source_name, line=line, column=column, wanted=wanted, value=value
        ),
        where=f"{table.source_name}:{line}",
        value=value,
    )
