"""XLSX by openpyxl, which is imported where it is used and need not be there."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any, Final

from minerdesk.domain.errors import UserError
from minerdesk.domain.text import _
from minerdesk.storage.raw_table import Cell, Percent, RawTable, Rows, harmless

if TYPE_CHECKING:
    from types import ModuleType

# A formula that no spreadsheet has computed; an empty text as its value has t="str".
_NOT_COMPUTED: Final = re.compile(
    rb'<c(?![^>]*t="str")(?:\s[^>]*)?><f[^>]*>[^<]*</f>\s*(?:<v\s*/>|<v>\s*</v>|</c>)'
)
MAX_UNPACKED_BYTES: Final = 512 * 2**20


def parse_xlsx(data: bytes, source_name: str) -> RawTable:
    """Read the first visible sheet that is not empty; formulas give their last value.

    Raises:
        UserError: openpyxl is absent, the file is damaged, too large or empty.
    """
    openpyxl = _openpyxl()
    try:
        with warnings.catch_warnings():
            # It warns of drawings and validations it leaves out, which no table here needs.
            warnings.simplefilter("ignore")
            notes = _look_inside(data, source_name)
            book = openpyxl.load_workbook(
                io.BytesIO(data), read_only=True, data_only=True, keep_links=False
            )
            return _first_table(book, source_name, notes)
    except UserError:
        raise
    except Exception as error:
        sentence = _("{name} is damaged and cannot be read; save it again or as CSV.")
        raise UserError(sentence.format(name=source_name)) from error


def format_xlsx(table: RawTable) -> bytes:
    """Write a table as the only sheet of an XLSX file; texts are made harmless.

    Raises:
        UserError: openpyxl is absent.
    """
    openpyxl = _openpyxl()
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("minerdesk")
    sheet.freeze_panes = "A2"
    for row in (table.header, *table.rows):
        sheet.append(
            [
                harmless(ILLEGAL_CHARACTERS_RE.sub("\ufffd", cell))
                if isinstance(cell, str)
                else float(cell)
                if isinstance(cell, Percent)
                else cell
                for cell in row
            ]
        )
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _openpyxl() -> ModuleType:
    try:
        import openpyxl
    except ImportError as error:
        sentence = _("XLSX needs openpyxl: pip install minerdesk[xlsx], or use CSV.")
        raise UserError(sentence) from error
    return openpyxl


def _look_inside(data: bytes, source_name: str) -> tuple[str, ...]:
    """Check the unpacked size, and note formulas without a value, which would read as empty."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = archive.infolist()
        if sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
            sentence = _("{name} unpacks to more than {n} MB; split it.")
            raise UserError(sentence.format(name=source_name, n=MAX_UNPACKED_BYTES // 2**20))
        sheets = (part for part in parts if part.filename.startswith("xl/worksheets/"))
        if any(_NOT_COMPUTED.search(archive.read(part)) for part in sheets):
            note = _(
                "{name} has formulas that were never computed and count as empty; open and save it "
                "in a spreadsheet first."
            )
            return (note.format(name=source_name),)
    return ()


def _first_table(book: Any, source_name: str, notes: tuple[str, ...]) -> RawTable:  # noqa: ANN401 - openpyxl's own types
    sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    for sheet in sheets:
        rows = Rows(source_name)
        sheet.reset_dimensions()
        for cells in sheet.iter_rows():
            rows.add([_cell(cell) for cell in cells])
        if rows.begun:
            if len(sheets) > 1:
                note = _("{name} has {n} sheets; “{sheet}” was read.")
                shown = note.format(name=source_name, n=len(sheets), sheet=sheet.title)
                return rows.table((*notes, shown))
            return rows.table(notes)
    return Rows(source_name).table(())


def _cell(cell: Any) -> Cell:  # noqa: ANN401 - one of several cell types of openpyxl
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, (bool, str)):
        return str(value)
    if isinstance(value, (int, float)):
        return Percent(value) if "%" in (cell.number_format or "") else value
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, (date, time)) else str(value)
