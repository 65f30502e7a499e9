"""From the cells of a row to values, each in its canonical unit."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Final

from minerdesk.domain.errors import UserError
from minerdesk.domain.rigs import Origin, PoolScheme, StateSource
from minerdesk.domain.text import _
from minerdesk.services import quantities
from minerdesk.services.exchange.columns import FRACTIONS, MONEY, NUMBERS, Column, Field
from minerdesk.services.exchange.number_style import readable
from minerdesk.services.exchange.preview import refusal
from minerdesk.services.quantities import DECIMAL_COMMA, DECIMAL_DOT, DOT_ONLY, NumberStyle
from minerdesk.storage.tables import Cell, Percent, number_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from enum import StrEnum

_CODE: Final = re.compile(r"[A-Za-z]{3}")
_DOTTED_DATE: Final = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")


@dataclass(frozen=True, slots=True)
class Price:
    """A power price as a row names it; ``currency`` is empty where the row names none."""

    per_kwh: float
    currency: str


@dataclass(slots=True)
class RowReader:
    """Reads rows into values; what it read once it does not read again.

    Attributes:
        columns: the columns that mean something.
        style: the number style, or None where it is not known.
        width: columns of the header.
        currency: of the book.
    """

    columns: Sequence[Column]
    style: NumberStyle | None
    width: int
    currency: str
    _known: dict[tuple[int, Cell], Any] = field(default_factory=dict)

    def read(self, cells: Sequence[Cell]) -> tuple[dict[Field, Any], list[str]]:
        """Return the values of the cells that are not empty, and why others cannot be read."""
        values: dict[Field, Any] = {}
        reasons = []
        if len(cells) > self.width:
            sentence = _(
                "The row has {n} cells but the header {width}; is “{value}” a decimal comma that "
                "was not quoted?"
            )
            extra = cells[self.width]
            reasons.append(sentence.format(n=len(cells), width=self.width, value=extra))
        for column in self.columns:
            if column.index >= len(cells) or column.field is None:
                continue
            cell = cells[column.index]
            if cell == "":
                continue
            value = self._value(column, cell)
            if isinstance(value, UserError):
                reasons.append(refusal(column.header, value))
            elif value is not None:
                values[column.field] = value
        return values, reasons

    def _value(self, column: Column, cell: Cell) -> Any:  # noqa: ANN401 - as many types as fields
        # The type belongs to the key: the text "1" and the numbers 1 and 1.0 may differ.
        key = (column.index, cell if isinstance(cell, str) else f"\x00{type(cell)}{cell!r}")
        if key not in self._known:
            try:
                self._known[key] = self._convert(column, cell)
            except UserError as error:
                self._known[key] = error
        return self._known[key]

    def _convert(self, column: Column, cell: Cell) -> Any:  # noqa: ANN401 - see above
        name = column.field
        if name is None:
            return None
        text = cell.strip() if isinstance(cell, str) else number_text(cell)
        if not text:
            return None
        if name not in NUMBERS:
            return _text_value(name, text)
        if isinstance(cell, Percent) and name in FRACTIONS:
            return float(cell)
        style = self._style_of(text) if isinstance(cell, str) else DOT_ONLY
        return _number(name, text, style, column.unit, self.currency)

    def _style_of(self, text: str) -> NumberStyle:
        if self.style is not None:
            return self.style
        can_dot, can_comma = readable(text)
        if can_dot and can_comma:
            sentence = _("“{value}” may have a decimal sign or a thousands sign; say which.")
            raise UserError(sentence.format(value=text), value=text)
        return DECIMAL_COMMA if can_comma else DECIMAL_DOT


def _number(name: Field, text: str, style: NumberStyle, unit: str, currency: str) -> Any:  # noqa: ANN401,PLR0911 - one line for each kind
    if name is Field.COUNT:
        return quantities.parse_count(text, style)
    if name is Field.LIFE_MONTHS:
        return quantities.parse_months(text, style)
    if name is Field.HASHRATE:
        return quantities.parse_hashrate_ths(text, style, unit or "TH/s")
    if name in {Field.POWER, Field.IDLE_POWER}:
        return quantities.parse_power_w(text, style, unit or "W")
    if name is Field.EFFICIENCY:
        return quantities.parse_efficiency_j_per_th(text, style, unit or "J/TH")
    if name in FRACTIONS:
        return quantities.parse_fraction(text, style, unit)
    if name in MONEY:
        return quantities.parse_money(text, style)
    if name is Field.PRICE:
        named = quantities.currency_of_unit(quantities.split_quantity(text)[1] or unit)
        value = quantities.parse_price_per_kwh(text, style, named or currency, unit)
        return Price(value, "" if named == currency.upper() else named)
    return quantities.parse_number(text, style)


def _text_value(name: Field, text: str) -> Any:  # noqa: ANN401 - one line for each kind
    if name in {Field.HASHRATE_ORIGIN, Field.POWER_ORIGIN}:
        return _one_of(Origin, text)
    if name is Field.STATE_SOURCE:
        return _one_of(StateSource, text)
    if name is Field.POOL_SCHEME:
        return _one_of(PoolScheme, text)
    if name in {Field.PRICE_CURRENCY, Field.PURCHASE_CURRENCY}:
        if _CODE.fullmatch(text) is None:
            raise quantities.not_understood(text, _("a currency such as USD"))
        return text.upper()
    if name is Field.BOUGHT_ON:
        return _date(text)
    if name is Field.STATE_SINCE:
        try:
            since = datetime.fromisoformat(text)
        except ValueError as error:
            raise quantities.not_understood(
                text, _("a time such as 2026-01-19T08:00:00+00:00")
            ) from error
        return since if since.tzinfo else since.replace(tzinfo=UTC)
    return text


def _one_of(kind: type[StrEnum], text: str) -> StrEnum:
    try:
        return kind(text.casefold())
    except ValueError as error:
        raise quantities.not_understood(text, ", ".join(kind)) from error


def _date(text: str) -> date:
    """Read ISO dates, and dotted ones; slashes mean the day here and the month there."""
    dotted = _DOTTED_DATE.fullmatch(text)
    try:
        if dotted is not None:
            return date(int(dotted[3]), int(dotted[2]), int(dotted[1]))
        return date.fromisoformat(text[:10])
    except ValueError as error:
        raise quantities.not_understood(text, _("a date such as 2026-01-19")) from error
