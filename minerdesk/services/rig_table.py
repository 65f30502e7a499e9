"""The strict table of ``minerdesk-cli evaluate``: every cell is understood, or the file is refused.

A program wrote it or will read the answer, so nothing is guessed here: the dot is the only decimal
sign, there is no thousands sign and there are no units.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, NoReturn, Protocol

from minerdesk.domain import limits
from minerdesk.domain.book import Book
from minerdesk.domain.errors import UserError
from minerdesk.domain.limits import Limits
from minerdesk.domain.rigs import ModeOverride, PowerMode, RigGroup, RigModel
from minerdesk.domain.sites import Site
from minerdesk.domain.tariff import Tariff
from minerdesk.domain.text import _
from minerdesk.storage.tables import Cell, RawTable, read_table

COLUMNS: Final = (
    *("site", "model", "count", "hashrate_ths", "power_w"),
    *("price_per_kwh", "pue", "pool_fee", "uptime"),
)
_LIMITS: Final = {
    "count": limits.COUNT,
    "hashrate_ths": limits.POSITIVE,
    "power_w": limits.POSITIVE,
    "price_per_kwh": limits.PER_KWH,
    "pue": limits.PUE,
    "pool_fee": limits.FEE,
    "uptime": limits.UPTIME,
}
_NUMBER: Final = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_LARGEST_COUNT: Final = 2**53
_MODE: Final = "normal"


class Catalogue(Protocol):
    """What is needed of the rig catalogue."""

    def matches(self, name: str) -> Sequence[RigModel]:
        """Return every model a name fits."""
        ...

    def closest(self, name: str, n: int = 3) -> Sequence[RigModel]:
        """Return up to ``n`` models whose names are most like ``name``."""
        ...


def load_rig_table(
    path: Path, catalogue: Catalogue, currency: str = "USD"
) -> tuple[Book, tuple[str, ...]]:
    """Read the file as `rig_table` does.

    Raises:
        UserError: the file cannot be read, or is refused.
    """
    return rig_table(read_table(path), catalogue, currency)


def rig_table(
    table: RawTable, catalogue: Catalogue, currency: str = "USD"
) -> tuple[Book, tuple[str, ...]]:
    """Make a book of a table of rigs.

    Args:
        table: columns of `COLUMNS` in any order; ``price_per_kwh`` is needed, and ``model`` or both
            ``hashrate_ths`` and ``power_w``.
        catalogue: where a model without both numbers is looked up.
        currency: of the prices, and of the book.

    Returns:
        The book, whose group *i* is the *i*-th row that is not blank; and the name of the model in
        each of these rows. The book's own model has a number behind it where two rows mean
        different machines by one name.

    Raises:
        UserError: one sentence naming row, column and value; one bad row refuses the whole file.
    """
    where = _positions(table)
    reader = _Rows(table, where, catalogue)
    for offset, cells in enumerate(table.rows):
        if cells:
            reader.read(table.first_row + offset, cells)
    if not reader.groups:
        raise UserError(_("{name} has no row of rigs.").format(name=table.source_name))
    book = Book(
        name=table.source_name,
        currency=currency,
        sites=tuple(reader.sites.values()),
        tariffs=tuple(reader.tariffs),
        models=tuple(reader.models.values()),
        groups=tuple(reader.groups),
    )
    return book, tuple(reader.names)


def _positions(table: RawTable) -> dict[str, int]:
    """Return the place of each column, and refuse unknown, doubled and missing ones."""
    found: dict[str, int] = {}
    for index, header in enumerate(table.header):
        if header not in COLUMNS:
            sentence = _("{name}: column “{column}” is not known; the columns are {columns}.")
            _refuse_header(sentence, table, header)
        if header in found:
            _refuse_header(_("{name}: column “{column}” stands there twice."), table, header)
        found[header] = index
    if "price_per_kwh" not in found:
        _refuse_header(_("{name}: column “{column}” is missing."), table, "price_per_kwh")
    if "model" not in found and not {"hashrate_ths", "power_w"} <= found.keys():
        sentence = _(
            "{name}: column “{column}” is missing, and so are hashrate_ths and power_w together."
        )
        _refuse_header(sentence, table, "model")
    return found


def _refuse_header(sentence: str, table: RawTable, column: str) -> NoReturn:
    columns = ", ".join(COLUMNS)
    text = sentence.format(name=table.source_name, column=column, columns=columns)
    raise UserError(text, where=f"column {column}", value=column)


@dataclass(frozen=True, slots=True)
class _Row:
    """One row; ``cells`` by column, empty where absent."""

    number: int
    source_name: str
    cells: dict[str, str]

    def refuse(self, column: str, why: str) -> NoReturn:
        value = self.cells.get(column, "")
        sentence = _("{name}, row {row}, column {column}, value “{value}”: {why}.")
        raise UserError(
            sentence.format(
                name=self.source_name, row=self.number, column=column, value=value, why=why
            ),
            where=f"row {self.number}, column {column}",
            value=value,
        )

    def number_of(self, column: str) -> float | None:
        """Return a number inside its limits, or None where the cell is empty."""
        text = self.cells.get(column, "")
        if not text:
            return None
        allowed: Limits = _LIMITS[column]
        if _NUMBER.fullmatch(text) is None:
            self.refuse(column, _("a number with at most a decimal dot is needed, such as 0.071"))
        value = float(text)
        if math.isinf(value):
            self.refuse(column, _("it is too large"))
        if not allowed.allow(value):
            self.refuse(column, _("it must be {limits}").format(limits=allowed.sentence(value)))
        return value

    def count(self) -> int:
        value = self.number_of("count")
        if value is None:
            return 1
        if not value.is_integer() or value > _LARGEST_COUNT:
            self.refuse("count", _("it must be a whole number"))
        return int(value)


class _Rows:
    """Collects rows into the parts of a book."""

    def __init__(self, table: RawTable, where: dict[str, int], catalogue: Catalogue) -> None:
        self._table = table
        self._where = where
        self._catalogue = catalogue
        self.sites: dict[tuple[str, float, float], Site] = {}
        self.tariffs: list[Tariff] = []
        self.models: dict[str, RigModel] = {}
        self.groups: list[RigGroup] = []
        self.names: list[str] = []
        self._fits: dict[str, tuple[RigModel, ...]] = {}

    def read(self, number: int, cells: tuple[Cell, ...]) -> None:
        """Take the next row."""
        name = self._table.source_name
        if len(cells) > len(self._table.header):
            sentence = _("{name}, row {row}: “{value}” stands beyond the last column.")
            extra = cells[len(self._table.header)]
            raise UserError(
                sentence.format(name=name, row=number, value=extra), where=f"row {number}"
            )
        texts = {
            column: str(cells[index]).strip()
            for column, index in self._where.items()
            if index < len(cells)
        }
        row = _Row(number, name, texts)
        price = row.number_of("price_per_kwh")
        if price is None:
            row.refuse("price_per_kwh", _("the price of a kWh is needed"))
        pue = row.number_of("pue")
        uptime = row.number_of("uptime")
        model = self._model(row)
        self.names.append(texts.get("model", ""))
        self.groups.append(
            RigGroup(
                id=f"row-{number}",
                site=self._site(texts.get("site", ""), price, 1.0 if pue is None else pue),
                model=model.name,
                count=row.count(),
                overrides=_override(row, model),
                # The table has no column for it, and what nobody entered is not assumed.
                idle_w=0.0,
                uptime=1.0 if uptime is None else uptime,
                pool_fee=row.number_of("pool_fee") or 0.0,
            )
        )

    def _site(self, name: str, price: float, pue: float) -> str:
        key = (name, price, pue)
        if key not in self.sites:
            number = len(self.sites) + 1
            tariff = Tariff(f"tariff-{number}", name, price)
            self.tariffs.append(tariff)
            self.sites[key] = Site(f"site-{number}", name, tariff.id, pue=pue)
        return self.sites[key].id

    def _model(self, row: _Row) -> RigModel:
        name = row.cells.get("model", "")
        ths, watts = row.number_of("hashrate_ths"), row.number_of("power_w")
        fits = self._matches(name)
        if ths is not None and watts is not None:
            # Both numbers describe the machine as it stands: in one mode, whatever it is called.
            # They are the group's own, so rows of one name share a model of one mode.
            if len(fits) == 1 and len(fits[0].modes) == 1:
                return self._keep(replace(fits[0], name=name))
            known = self.models.get(name)
            if known is not None and len(known.modes) == 1:
                return known
            return self._keep(RigModel(name, (PowerMode(_MODE, ths, watts),), confidence="own"))
        if len(fits) != 1:
            self._refuse_model(row, name, fits)
        return self._keep(replace(fits[0], name=name))

    def _keep(self, model: RigModel) -> RigModel:
        """Take the model into the book; one of its name that is another machine makes it new."""
        name, number = model.name, 1
        while name in self.models and self.models[name] != replace(model, name=name):
            number += 1
            name = f"{model.name} ({number})"
        self.models[name] = kept = replace(model, name=name)
        return kept

    def _matches(self, name: str) -> tuple[RigModel, ...]:
        if name not in self._fits:
            self._fits[name] = tuple(self._catalogue.matches(name)) if name else ()
        return self._fits[name]

    def _refuse_model(self, row: _Row, name: str, fits: tuple[RigModel, ...]) -> NoReturn:
        if not name:
            row.refuse("model", _("a model is needed, or hashrate_ths together with power_w"))
        if fits:
            why = _("it fits several models: {names}")
            row.refuse("model", why.format(names=", ".join(model.name for model in fits)))
        names = ", ".join(model.name for model in self._catalogue.closest(name))
        if names:
            why = _("no such model, the closest are {names}; or give hashrate_ths and power_w")
            row.refuse("model", why.format(names=names))
        row.refuse("model", _("no such model; give hashrate_ths and power_w"))


def _override(row: _Row, model: RigModel) -> tuple[ModeOverride, ...]:
    ths, watts = row.number_of("hashrate_ths"), row.number_of("power_w")
    if ths is None and watts is None:
        return ()
    return (ModeOverride(model.modes[0].name, ths, watts),)
