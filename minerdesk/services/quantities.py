"""Understand the quantities an operator types: a number in the operator's style, and a unit.

Every function returns the value in the canonical unit of its name, or raises `UserError` with one
sentence that names what was found and what would be understood.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from minerdesk.domain.errors import UserError
from minerdesk.domain.text import _
from minerdesk.services.money_text import (
    currency_of_unit,
    parse_money,
    parse_price_per_kwh,
    unit_of_price,
)
from minerdesk.services.number_text import (
    DECIMAL_COMMA,
    DECIMAL_DOT,
    DOT_ONLY,
    NumberStyle,
    not_understood,
    parse_number,
    split_quantity,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = [
    "DECIMAL_COMMA",
    "DECIMAL_DOT",
    "DOT_ONLY",
    "NumberStyle",
    "currency_of_unit",
    "not_understood",
    "parse_count",
    "parse_efficiency_j_per_th",
    "parse_fraction",
    "parse_hashrate_ths",
    "parse_money",
    "parse_months",
    "parse_number",
    "parse_power_w",
    "parse_price_per_kwh",
    "split_quantity",
    "unit_of_efficiency",
    "unit_of_hashrate",
    "unit_of_percent",
    "unit_of_power",
    "unit_of_price",
]


@dataclass(frozen=True, slots=True)
class _Dimension:
    """Units of one dimension.

    Attributes:
        powers: spelling (without blanks, in lower case unless ``exact_case``) to power of ten.
        understood: an example in words; a function, because the language may be set later.
    """

    powers: Mapping[str, int]
    understood: Callable[[], str]
    exact_case: bool = False

    def power_of_ten(self, unit: str) -> int | None:
        key = "".join(unit.split())
        return self.powers.get(key if self.exact_case else key.lower())

    def parse(self, text: str, style: NumberStyle, default_unit: str) -> float:
        number, unit = split_quantity(text)
        power = self.power_of_ten(unit or default_unit) if number else None
        if power is None:
            raise not_understood(text, self.understood())
        return parse_number(number, style, power)


_SCALES: Final = {"": -12, "k": -9, "m": -6, "g": -3, "t": 0, "p": 3, "e": 6, "z": 9}

# Milliwatts do not occur in a mining hall, megawatts do: "mW" and "mw" are refused, not guessed.
_POWER: Final = _Dimension(
    {
        **dict.fromkeys(("W", "w", "Watt", "watt", "Watts", "watts"), 0),
        **dict.fromkeys(("kW", "KW", "kw", "Kw"), 3),
        "MW": 6,
    },
    lambda: _("a power such as 3250 W or 3.25 kW"),
    exact_case=True,
)
_HASHRATE: Final = _Dimension(
    {
        f"{scale}{suffix}": power
        for scale, power in _SCALES.items()
        for suffix in ("", "h", "h/s", "hs", "hps", "hash/s")
        if scale or suffix
    },
    lambda: _("a hashrate such as 104 TH/s, 0.104 PH/s or 1200 GH/s"),
)
_EFFICIENCY: Final = _Dimension(
    {
        f"{energy}/{scale}{suffix}": power - _SCALES[scale]
        for energy, power in (("j", 0), ("w", 0), ("kw", 3))
        for scale in ("g", "t", "p")
        for suffix in ("", "h", "h/s", "hs")
    },
    lambda: _("an efficiency such as 17.5 J/TH"),
)
_PERCENT: Final = frozenset({"%", "percent", "pct", "per cent"})


def parse_power_w(text: str, style: NumberStyle = DOT_ONLY, default_unit: str = "W") -> float:
    """Return a power in W from "3.25 kW", "3250 W" or "3250" (in ``default_unit``).

    Raises:
        UserError: the number or the unit is not understood.
    """
    return _POWER.parse(text, style, default_unit)


def parse_hashrate_ths(
    text: str, style: NumberStyle = DOT_ONLY, default_unit: str = "TH/s"
) -> float:
    """Return a hashrate in TH/s from "104 TH/s", "0.104 PH/s", "1.2TH" or "104".

    Raises:
        UserError: the number or the unit is not understood.
    """
    return _HASHRATE.parse(text, style, default_unit)


def parse_efficiency_j_per_th(
    text: str, style: NumberStyle = DOT_ONLY, default_unit: str = "J/TH"
) -> float:
    """Return an efficiency in J/TH (the same number as W per TH/s) from "17.5 J/TH".

    Raises:
        UserError: the number or the unit is not understood.
    """
    return _EFFICIENCY.parse(text, style, default_unit)


def unit_of_power(unit: str) -> bool:
    """Tell whether ``unit`` is a power's, as it may stand in a column's header."""
    return _POWER.power_of_ten(unit) is not None


def unit_of_hashrate(unit: str) -> bool:
    """Tell whether ``unit`` is a hashrate's."""
    return _HASHRATE.power_of_ten(unit) is not None


def unit_of_efficiency(unit: str) -> bool:
    """Tell whether ``unit`` is an efficiency's."""
    return _EFFICIENCY.power_of_ten(unit) is not None


def unit_of_percent(unit: str) -> bool:
    """Tell whether ``unit`` is a way to write percent."""
    return unit.strip().lower() in _PERCENT


def parse_fraction(text: str, style: NumberStyle = DOT_ONLY, default_unit: str = "") -> float:
    """Return a fraction: "2 %" is 0.02, and a bare "0.02" is 0.02 as well.

    A bare number above 1 or below -1 is refused, because "2" may mean 2 % or 200 %. With
    ``default_unit="%"`` (a column headed in percent) a bare "2" is 0.02.

    Raises:
        UserError: it is neither a percentage nor a fraction.
    """
    number, unit = split_quantity(text)
    unit = unit or default_unit
    if not number or (unit and not unit_of_percent(unit)):
        raise not_understood(text, _("a share such as 2% or 0.02"))
    if unit:
        return parse_number(number, style, -2)
    value = parse_number(number, style)
    if abs(value) > 1:
        sentence = _("“{value}” may be a percentage or a factor; write {value}% or a fraction.")
        raise UserError(sentence.format(value=text.strip()), value=text)
    return value


_COUNT_UNITS: Final = dict.fromkeys(("", "x", "×", "pcs", "pc", "rigs", "rig", "units", "unit"), 1)
_MONTHS: Final = {
    **dict.fromkeys(("", "m", "mo", "month", "months"), 1),
    **dict.fromkeys(("y", "yr", "year", "years"), 12),
}
_LARGEST_WHOLE: Final = 2**53


def parse_count(text: str, style: NumberStyle = DOT_ONLY) -> int:
    """Return a whole number of at least 1 from "300", "12,000" or "12 rigs".

    Raises:
        UserError: it is no whole number of at least 1.
    """
    return _whole(text, style, _COUNT_UNITS, _("a whole number of at least 1, such as 12"))


def parse_months(text: str, style: NumberStyle = DOT_ONLY) -> int:
    """Return a number of months, at least 1, from "36", "36 months" or "3 years".

    Raises:
        UserError: it is no whole number of months.
    """
    return _whole(text, style, _MONTHS, _("a time such as 36 months or 3 years"))


def _whole(text: str, style: NumberStyle, units: Mapping[str, int], understood: str) -> int:
    number, unit = split_quantity(text)
    if not number or unit.lower() not in units:
        raise not_understood(text, understood)
    value = parse_number(number, style) * units[unit.lower()]
    if not 1 <= value <= _LARGEST_WHOLE or not value.is_integer():
        raise not_understood(text, understood)
    return int(value)
