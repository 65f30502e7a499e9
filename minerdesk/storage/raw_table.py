"""A table as it stands in a file: texts and numbers, nothing understood yet."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Final, TypeAlias

from minerdesk.domain.errors import UserError
from minerdesk.domain.text import _

MAX_BYTES: Final = 64 * 2**20
MAX_ROWS: Final = 200_000
MAX_COLUMNS: Final = 256


class Percent(float):
    """A number that its file shows as a percentage; the value is the fraction, 0.02 for 2 %."""

    __slots__ = ()


Cell: TypeAlias = str | int | float


@dataclass(frozen=True, slots=True)
class RawTable:
    """A header and its rows.

    A row may be shorter than the header (the rest is empty) or longer (which no reader should
    accept silently); a blank row is empty. A number is a number only where the file itself says so
    (a spreadsheet); in a text file every cell is text.

    Attributes:
        source_name: the file's name, for sentences.
        notes: what the reader had to assume, in sentences.
        first_row: number of the first row under the header, as a spreadsheet counts rows.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    source_name: str = ""
    notes: tuple[str, ...] = ()
    first_row: int = 2


class Rows:
    """Collects the rows of a file into a `RawTable`, within the limits."""

    def __init__(self, source_name: str) -> None:
        self._source_name = source_name
        self._header: tuple[str, ...] | None = None
        self._rows: list[tuple[Cell, ...]] = []
        self._blank = 0
        self._first_row = 1

    @property
    def begun(self) -> bool:
        """Whether a header was found."""
        return self._header is not None

    def add(self, cells: list[Cell]) -> None:
        """Take the next row of the file; a blank one counts only where another follows.

        Raises:
            UserError: the table has too many rows or columns.
        """
        row = trimmed(cells)
        if not row:
            self._blank += 1
            return
        if len(row) > MAX_COLUMNS:
            sentence = _("{name} has more than {n} columns; split it.")
            raise UserError(sentence.format(name=self._source_name, n=MAX_COLUMNS))
        if self._header is None:
            self._first_row = self._blank + 2
            self._header = tuple(str(cell).strip() for cell in row)
        else:
            if len(self._rows) + self._blank >= MAX_ROWS:
                sentence = _("{name} has more than {n} rows; split it.")
                raise UserError(sentence.format(name=self._source_name, n=MAX_ROWS))
            self._rows.extend([()] * self._blank)
            self._rows.append(row)
        self._blank = 0

    def table(self, notes: tuple[str, ...]) -> RawTable:
        """Return the table.

        Raises:
            UserError: the file holds no cell at all.
        """
        if self._header is None:
            sentence = _("{name} is empty; its first row must name the columns.")
            raise UserError(sentence.format(name=self._source_name))
        return RawTable(self._header, tuple(self._rows), self._source_name, notes, self._first_row)


def trimmed(cells: list[Cell]) -> tuple[Cell, ...]:
    """Return the cells without the empty ones at the end, each as it was before `harmless`."""
    end = len(cells)
    while end and (cells[end - 1] == "" or not str(cells[end - 1]).strip()):
        end -= 1
    return tuple(
        as_written(cell) if isinstance(cell, str) and cell[:1] == "'" else cell
        for cell in cells[:end]
    )


# What spreadsheets take for the start of a formula, full-width forms included.
_STARTS: Final = "=+\\-@\t\r\n＝＋－＠"
_DANGEROUS: Final = re.compile(f"'*[{_STARTS}]")
_DEFUSED: Final = re.compile(f"'+[{_STARTS}]")
_PLAIN_NUMBER: Final = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)*(?:[eE][+-]?[0-9]+)?")


def harmless(text: str) -> str:
    """Return a text that no spreadsheet runs as a formula: ``=1+1`` becomes ``'=1+1``.

    A plain number stays as it is. A text that already looks defused gets one sign more, so that
    `as_written` undoes it exactly.
    """
    if _DANGEROUS.match(text) and not _PLAIN_NUMBER.fullmatch(text):
        return f"'{text}"
    return text


def as_written(text: str) -> str:
    """Undo `harmless`."""
    return text[1:] if _DEFUSED.match(text) else text


def number_text(value: float, decimal: str = ".") -> str:
    """Write a number so that it reads back exactly and in one way.

    A fraction of exactly three digits gets a zero more: "3.250" could be read as 3250, "3.2500"
    cannot.
    """
    if not math.isfinite(value):
        return ""
    text = repr(int(value)) if float(value).is_integer() and abs(value) < 1e15 else repr(value)
    whole, point, digits = text.partition(".")
    if len(digits) == 3:
        digits += "0"
    return f"{whole}{decimal if point else ''}{digits}"
