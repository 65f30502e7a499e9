"""The load of a site from a file, and cut to the steps of a billing month."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from minerdesk.domain.errors import UserError
from minerdesk.domain.loads import LoadRows
from minerdesk.domain.prices import STEPS_MINUTES
from minerdesk.domain.text import _
from minerdesk.services.number_text import DOT_ONLY
from minerdesk.services.power.price_times import TimeText, local_text, read_times
from minerdesk.services.quantities import parse_power_w
from minerdesk.storage.tables import RawTable, read_table

Floats = NDArray[np.float64]
_KW_PER_W: Final = 1e-3


def read_load(path: Path, zone: str = "") -> LoadRows:
    """Read a load file: the columns ``start`` (ISO 8601) and ``kw``, the mean of each step.

    Args:
        path: CSV or XLSX.
        zone: of times without an offset; empty where each must have one.

    Raises:
        UserError: one sentence with the line, the value and what would work.
    """
    table = read_table(path)
    headers = [header.strip().lower() for header in table.header]
    if "start" not in headers or "kw" not in headers:
        sentence = _("{name} needs the columns start and kw; found {columns}.")
        found = ", ".join(filter(None, table.header)) or "—"
        raise UserError(sentence.format(name=table.source_name, columns=found), where="line 1")
    start_at, kw_at = headers.index("start"), headers.index("kw")
    rows = [(table.first_row + i, row) for i, row in enumerate(table.rows) if row]
    if len(rows) < 2:
        sentence = _("{name} holds {n} loads; two or more are needed, so their step is known.")
        raise UserError(sentence.format(name=table.source_name, n=len(rows)))
    starts = read_times([TimeText(line, _cell(row, start_at)) for line, row in rows], zone)
    loads = [_kw(line, _cell(row, kw_at)) for line, row in rows]
    for number, (one, other) in enumerate(itertools.pairwise(starts)):
        if other <= one:
            sentence = _("Line {line}: its time is not after that of line {before}; sort the rows.")
            raise UserError(sentence.format(line=rows[number + 1][0], before=rows[number][0]))
    return LoadRows(tuple(starts), tuple(loads), _step(table, starts))


def months_of(load: LoadRows, zone: str) -> tuple[str, ...]:
    """Return the local months, ``YYYY-MM``, that a load touches, the newest first."""
    return tuple(sorted({local_text(start, zone)[:7] for start in load.start_s}, reverse=True))


def over(load: LoadRows, start_s: Floats, step_minutes: int) -> Floats:
    """Return the mean load of each step in kW, NaN where any part of it is missing, shape (T,).

    Args:
        load: the rows.
        start_s: of the steps, Unix time, s.
        step_minutes: length of a step.
    """
    grain = math.gcd(load.step_minutes, step_minutes)
    moments = start_s[:, None] + np.arange(step_minutes // grain) * grain * 60.0
    own_start = np.array(load.start_s, dtype=np.float64)
    row = np.searchsorted(own_start, moments, side="right") - 1
    inside = (row >= 0) & (moments - own_start[row] < load.step_minutes * 60)
    found: Floats = np.where(inside, np.array(load.kw)[row], np.nan).mean(axis=1)
    return found


def _cell(row: list[object] | tuple[object, ...], column: int) -> str:
    return str(row[column]) if column < len(row) else ""


def _kw(line: int, text: str) -> float:
    try:
        return parse_power_w(text, DOT_ONLY, "kW") * _KW_PER_W
    except UserError as error:
        sentence = _("Line {line}, column kw: {why}")
        raise UserError(
            sentence.format(line=line, why=error.sentence), where=f"line {line}", value=text
        ) from error


def _step(table: RawTable, starts: list[int]) -> int:
    apart = Counter(other - one for one, other in itertools.pairwise(starts))
    minutes, rest = divmod(apart.most_common(1)[0][0], 60)
    if rest or minutes not in STEPS_MINUTES:
        sentence = _("The rows of {name} are {n} minutes apart; a step is 5, 15, 30 or 60 minutes.")
        raise UserError(sentence.format(name=table.source_name, n=minutes))
    return minutes
