"""The rig catalogue's file: CSV, one row per power mode."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final, TypeVar

from minerdesk.domain.errors import UserError, WorldError
from minerdesk.domain.rigs import Cooling, PowerMode, RigModel
from minerdesk.domain.text import _

COLUMNS: Final = (
    "maker",
    "model",
    "mode",
    "hashrate_ths",
    "power_w",
    "cooling",
    "use",
    "released",
    "idle_w",
    "confidence",
    "note",
)
CONFIDENCES: Final = ("high", "medium", "single-source", "conflict")

_MODE_COLUMNS = ("mode", "hashrate_ths", "power_w")
_USES = {"hall": False, "home": True}
_MONTH = re.compile(r"20\d\d-(0[1-9]|1[0-2])")

_Value = TypeVar("_Value")


def load_catalogue(path: Path) -> tuple[RigModel, ...]:
    """Read a rig catalogue.

    A row with an empty ``model`` is a further power mode of the model above it.

    Args:
        path: a UTF-8 CSV file whose header is `COLUMNS`.

    Returns:
        The models in the file's order.

    Raises:
        UserError: the first fault, with its row (as a spreadsheet counts), column and value.
        WorldError: the file cannot be read.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise WorldError(_("{path} cannot be read: {why}.").format(path=path, why=error)) from error
    except UnicodeDecodeError as error:
        raise UserError(
            _("The rig catalogue {path} is not UTF-8 text.").format(path=path), where=str(path)
        ) from error
    rows = csv.reader(text.splitlines(), strict=True)
    models: dict[str, RigModel] = {}
    open_rows: list[_Row] = []
    try:
        _check_header(next(rows, []))
        for number, cells in enumerate(rows, start=2):
            row = _Row(number, cells)
            if row["model"]:
                _close(open_rows, models)
                open_rows = [row]
            elif open_rows:
                open_rows.append(row)
            else:
                raise row.fault("model", _("must name a model"))
        _close(open_rows, models)
    except csv.Error as error:
        raise UserError(
            _("The rig catalogue {path} is not CSV: {why}.").format(path=path, why=error),
            where=str(path),
        ) from error
    return tuple(models.values())


class _Row:
    """One line of the file, by column."""

    def __init__(self, number: int, cells: list[str]) -> None:
        self.number = number
        if len(cells) != len(COLUMNS):
            raise UserError(
                _("Row {row} has {found} columns, not {needed}.").format(
                    row=number, found=len(cells), needed=len(COLUMNS)
                ),
                where=f"row {number}",
                value=",".join(cells),
            )
        self._cells = dict(zip(COLUMNS, (cell.strip() for cell in cells), strict=True))

    def __getitem__(self, column: str) -> str:
        return self._cells[column]

    def read(self, column: str, convert: Callable[[str], _Value], needed: str) -> _Value:
        """Return a converted cell, or raise its fault when ``convert`` cannot."""
        try:
            return convert(self[column])
        except (ValueError, KeyError) as error:
            raise self.fault(column, needed) from error

    def fault(self, column: str, needed: str) -> UserError:
        """Return the error of one cell."""
        return UserError(
            _("Row {row}, column {column}: {value!r} {needed}.").format(
                row=self.number, column=column, value=self[column], needed=needed
            ),
            where=f"row {self.number}, column {column}",
            value=self[column],
        )


def _check_header(cells: list[str]) -> None:
    if tuple(cells) != COLUMNS:
        raise UserError(
            _("Row 1 must hold the column names {names}.").format(names=",".join(COLUMNS)),
            where="row 1",
            value=",".join(cells),
        )


def _close(rows: list[_Row], models: dict[str, RigModel]) -> None:
    """Make one model of its rows and add it under its folded name."""
    if not rows:
        return
    first = rows[0]
    key = first["model"].casefold()
    if key in models:
        raise first.fault("model", _("stands in the catalogue twice"))
    models[key] = _model(first, tuple(_modes(rows)))


def _model(row: _Row, modes: tuple[PowerMode, ...]) -> RigModel:
    return RigModel(
        name=row["model"],
        modes=modes,
        maker=row.read("maker", _filled, _("must name the maker")),
        cooling=row.read("cooling", Cooling, _one_of(list(Cooling))),
        released=row.read("released", _month, _("must be a month as YYYY-MM")),
        idle_w=row.read("idle_w", _not_negative, _("must be a number of W, at least 0")),
        confidence=row.read("confidence", _confidence, _one_of(CONFIDENCES)),
        home=row.read("use", _USES.__getitem__, _one_of(_USES)),
        note=row["note"],
    )


def _modes(rows: list[_Row]) -> list[PowerMode]:
    modes: dict[str, PowerMode] = {}
    for row in rows:
        name = row.read("mode", _filled, _("must name a power mode"))
        if name in modes:
            raise row.fault("mode", _("stands in this model twice"))
        if row is not rows[0]:
            _check_blank(row)
        modes[name] = PowerMode(
            name=name,
            hashrate_ths=row.read("hashrate_ths", _positive, _("must be TH/s greater than 0")),
            power_w=row.read("power_w", _positive, _("must be W greater than 0")),
        )
    return list(modes.values())


def _check_blank(row: _Row) -> None:
    for column in COLUMNS:
        if column not in _MODE_COLUMNS and row[column]:
            raise row.fault(column, _("must be empty in a further mode of the model above"))


def _one_of(words: Iterable[str]) -> str:
    return _("must be one of {words}").format(words=", ".join(words))


def _filled(text: str) -> str:
    if not text:
        raise ValueError
    return text


def _month(text: str) -> str:
    if not _MONTH.fullmatch(text):
        raise ValueError
    return text


def _confidence(text: str) -> str:
    if text not in CONFIDENCES:
        raise ValueError
    return text


def _positive(text: str) -> float:
    value = _not_negative(text)
    if value == 0:
        raise ValueError
    return value


def _not_negative(text: str) -> float:
    # A plain decimal: float() alone would also take "inf", "nan" and "1_0".
    if not re.fullmatch(r"\d{1,9}(\.\d{1,9})?", text, re.ASCII):
        raise ValueError
    return float(text)
