"""CSV as operators have it: any of three separators, several encodings, quoted newlines."""

from __future__ import annotations

import csv
import io
from itertools import islice
from typing import Final

from minerdesk.domain.errors import UserError
from minerdesk.domain.text import _
from minerdesk.storage.raw_table import RawTable, Rows, harmless, number_text

_SEPARATORS: Final = (",", ";", "\t")
_LOOKED_AT: Final = 200
_BOMS: Final = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)


def parse_csv(data: bytes, source_name: str) -> RawTable:
    """Read a CSV file's bytes; encoding and separator are found out.

    Raises:
        UserError: it is no text, a quotation is not closed, it is empty or too large.
    """
    text, notes = _decode(data, source_name)
    separator, text = _separator(text)
    rows = Rows(source_name)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        for cells in reader:
            rows.add(list(cells))
    except csv.Error as error:
        sentence = _("{name} is damaged in line {line}: {why}. Check the quotation marks there.")
        raise UserError(
            sentence.format(name=source_name, line=reader.line_num, why=error),
            where=f"line {reader.line_num}",
        ) from error
    return rows.table(notes)


def format_csv(table: RawTable, *, decimal_comma: bool = False) -> bytes:
    """Write a table as CSV in UTF-8 with a byte order mark, by which spreadsheets know it.

    Args:
        table: what to write; texts are made harmless.
        decimal_comma: write numbers with a decimal comma and separate cells by semicolons, as
            spreadsheets in such countries expect.

    Returns:
        The file's bytes.
    """
    separator, decimal = (";", ",") if decimal_comma else (",", ".")
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=separator, lineterminator="\r\n")
    for row in (table.header, *table.rows):
        writer.writerow(
            harmless(cell) if isinstance(cell, str) else number_text(cell, decimal) for cell in row
        )
    return out.getvalue().encode("utf-8-sig", errors="replace")


def _decode(data: bytes, source_name: str) -> tuple[str, tuple[str, ...]]:
    encoding = next((name for bom, name in _BOMS if data.startswith(bom)), None)
    start = data[:1000]
    if encoding is None and 4 * start.count(0) > len(start):
        # In UTF-16 a Latin letter, a digit and a separator have a zero in every other byte.
        encoding = "utf-16-be" if data[:1] == b"\x00" else "utf-16-le"
    try:
        text = data.decode(encoding or "utf-8")
    except UnicodeDecodeError as error:
        fault = error
    else:
        _refuse_zeros(text, source_name)
        return text, ()
    if encoding is None:
        try:
            text = data.decode("cp1252")
        except UnicodeDecodeError as error:
            fault = error
        else:
            _refuse_zeros(text, source_name)
            note = _("{name} is not UTF-8 and was read as Windows-1252; check accents and signs.")
            return text, (note.format(name=source_name),)
    sentence = _("{name} is no readable text; save it as CSV in UTF-8 or as XLSX.")
    raise UserError(sentence.format(name=source_name)) from fault


def _refuse_zeros(text: str, source_name: str) -> None:
    """Refuse text with a character that no table has: it is damaged, or of an unknown encoding."""
    at = text.find("\x00")
    if at < 0:
        return
    line = text.count("\n", 0, at) + 1
    sentence = _(
        "{name} is damaged in line {line}: it holds a zero character; save it anew as CSV in UTF-8."
    )
    raise UserError(sentence.format(name=source_name, line=line), where=f"line {line}")


def _separator(text: str) -> tuple[str, str]:
    """Return the separator and the text without a spreadsheet's own ``sep=`` line."""
    first, _newline, rest = text.partition("\n")
    if first.lower().startswith("sep=") and len(first.rstrip("\r")) == 5:
        # Keeping the line's end leaves a blank line, so that rows keep their numbers.
        return first[4], f"\n{rest}"
    # Where none splits the header the first, the comma, is taken.
    return max(_SEPARATORS, key=lambda separator: _fitness(text, separator)), text


def _fitness(text: str, separator: str) -> tuple[bool, float, int]:
    """Judge a separator: does it split the header, in how many rows as often, in how many cells."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    widths: list[int] = []
    try:
        widths.extend(len(row) for row in islice(reader, _LOOKED_AT) if any(map(str.strip, row)))
    except csv.Error:
        widths.append(0)
    columns = widths[0] if widths else 0
    alike = sum(width == columns for width in widths) / max(1, len(widths))
    return (True, round(alike, 1), columns) if columns > 1 else (False, 0.0, 0)
