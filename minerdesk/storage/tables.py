"""Tables from and to files: CSV and XLSX, known by their content when read, by name when written.

Cells that a spreadsheet could run as a formula are written harmless, and reading undoes it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from minerdesk.domain.errors import UserError, WorldError
from minerdesk.domain.text import _
from minerdesk.storage import atomic
from minerdesk.storage.raw_table import Cell, Percent, RawTable, number_text
from minerdesk.storage.table_csv import format_csv, parse_csv
from minerdesk.storage.table_xlsx import format_xlsx, parse_xlsx
from minerdesk.storage.whole_file import read_bytes

__all__ = ["Cell", "Percent", "RawTable", "number_text", "parse_table", "read_table", "write_table"]

_ZIP: Final = b"PK\x03\x04"
_OLD_EXCEL: Final = b"\xd0\xcf\x11\xe0"


def read_table(path: Path) -> RawTable:
    """Read a CSV or XLSX file.

    Raises:
        UserError: the file is missing, too large, damaged, or no table; one sentence says which.
    """
    return parse_table(read_bytes(path), path.name)


def parse_table(data: bytes, source_name: str) -> RawTable:
    """Read the bytes of a CSV or XLSX file.

    Args:
        data: the file's content; which of the two it is shows there, whatever the name.
        source_name: the file's name, for sentences.

    Raises:
        UserError: it is damaged, empty, too large, or no table.
    """
    if data.startswith(_ZIP):
        return parse_xlsx(data, source_name)
    if data.startswith(_OLD_EXCEL):
        sentence = _("{name} is an old or locked Excel file; save it as XLSX or CSV.")
        raise UserError(sentence.format(name=source_name))
    return parse_csv(data, source_name)


def write_table(path: Path, table: RawTable, *, decimal_comma: bool = False) -> None:
    """Write XLSX where the name ends so, else CSV; the file is replaced whole or not at all.

    Args:
        path: where to write.
        table: what to write.
        decimal_comma: for CSV, numbers with a decimal comma, and semicolons between cells.

    Raises:
        UserError: openpyxl is needed and absent.
        WorldError: the disk refused.
    """
    try:
        if path.suffix.lower() == ".xlsx":
            data = format_xlsx(table)  # by way of the system's own temporary files
        else:
            data = format_csv(table, decimal_comma=decimal_comma)
        atomic.write(path, data, mode=atomic.ORDINARY)
    except OSError as error:
        sentence = _("{name} cannot be written: {why}.")
        raise WorldError(sentence.format(name=path, why=error.strerror)) from error
