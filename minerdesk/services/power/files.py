"""Tariffs and bills to and from files. Everything here blocks on the disk."""

from __future__ import annotations

from pathlib import Path

from minerdesk.domain.tariff import Tariff
from minerdesk.storage import tariff_file, whole_file
from minerdesk.storage.raw_table import RawTable
from minerdesk.storage.tables import write_table

_MOST_BYTES = 20 * 2**20


def save_tariff(path: Path, tariff: Tariff) -> None:
    """Write a tariff to a file of its own.

    Raises:
        WorldError: the disk refuses.
    """
    tariff_file.save(path, tariff)


def load_tariff(path: Path) -> Tariff:
    """Read a tariff from a file of its own.

    Raises:
        UserError: it is none; one sentence says why.
    """
    return tariff_file.load(path)


def read_bytes(path: Path) -> bytes:
    """Return a file's content.

    Raises:
        UserError: it cannot be read, or is far too large.
    """
    return whole_file.read_bytes(path, _MOST_BYTES)


def save_rows(
    path: Path, heads: tuple[str, ...], rows: tuple[tuple[str, ...], ...], *, decimal_comma: bool
) -> None:
    """Write a table of text as CSV or XLSX.

    Raises:
        UserError: the kind of file needs a library that is absent.
        WorldError: the disk refuses.
    """
    cells = tuple(tuple(_cell(text) for text in row) for row in rows)
    write_table(path, RawTable(heads, cells, path.name), decimal_comma=decimal_comma)


def _cell(text: str) -> str | float:
    try:
        return float(text)
    except ValueError:
        return text
