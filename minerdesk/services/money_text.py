"""Understand money and power prices as an operator types them."""

from __future__ import annotations

import re
from typing import Final

from minerdesk.domain.errors import UserError
from minerdesk.domain.text import _
from minerdesk.services.number_text import (
    DOT_ONLY,
    NumberStyle,
    not_understood,
    parse_number,
    split_quantity,
)

# A sign may stand for several currencies: "$" is right in a book kept in CAD as well.
_SIGNS: Final = {
    "$": frozenset(
        {"USD", "CAD", "AUD", "NZD", "SGD", "HKD", "MXN", "ARS", "CLP", "COP", "UYU", "TWD", "BZD"}
    ),
    "€": frozenset({"EUR"}),
    "£": frozenset({"GBP", "EGP", "FKP", "GIP"}),
    "¥": frozenset({"JPY", "CNY"}),
    "₽": frozenset({"RUB"}),
    "₴": frozenset({"UAH"}),
    "₸": frozenset({"KZT"}),
    "₹": frozenset({"INR"}),
    "₩": frozenset({"KRW"}),
    "zł": frozenset({"PLN"}),
    "kč": frozenset({"CZK"}),
    "kr": frozenset({"SEK", "NOK", "DKK", "ISK"}),
}
_CODES: Final = frozenset(
    re.findall(
        r"\w+",
        """
        AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTC BTN
        BWP BYN BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP
        GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS
        KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR
        MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF
        SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS
        UAH UGX USD UYU UZS VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWG
        """,
    )
)
_CURRENCY: Final = r"(?!kwh|mwh|per)[a-z]{3}|[$€£¥₽₴₸₹₩]|zł|kč|kr|kr\."
_AMOUNT_UNIT: Final = re.compile(rf"(?:({_CURRENCY}))?", re.IGNORECASE)
_PRICE_UNIT: Final = re.compile(
    rf"(?:({_CURRENCY})[- ]?)?(cts|ct|cents|cent|c|¢)?"
    r"(?:\s*(?:/|per)?\s*(?<![a-z])(kwh|mwh))?",
    re.IGNORECASE,
)
_LEADING_CURRENCY: Final = re.compile(
    rf"([+\-−]?)({_CURRENCY})\s*(?=[+\-−.,0-9])(.*)", re.IGNORECASE | re.DOTALL
)
_POWER_OF_TEN: Final = {"kwh": 0, "mwh": -3}


def parse_money(text: str, style: NumberStyle = DOT_ONLY, currency: str = "") -> float:
    """Return an amount of money in ``currency`` from "1,234.50", "$1,234" or "1234 USD".

    Args:
        text: what was typed.
        style: the number style in force.
        currency: ISO 4217 code; where empty every currency is accepted.

    Raises:
        UserError: the number is not understood, or another currency is named.
    """
    body, named = _without_leading_currency(text)
    number, unit = split_quantity(body)
    found = _AMOUNT_UNIT.fullmatch(unit)
    if not number or found is None or (named and found[1]):
        raise not_understood(text, _("an amount such as 1234.50"))
    _same_currency(text, named or found[1] or "", currency)
    return parse_number(number, style)


def parse_price_per_kwh(
    text: str, style: NumberStyle = DOT_ONLY, currency: str = "", default_unit: str = ""
) -> float:
    """Return a price per kWh in ``currency``: "0.071", "71 USD/MWh", "7.1 ct", "-0.01".

    Cents are hundredths of the currency. The price may be negative.

    Args:
        text: what was typed.
        style: the number style in force.
        currency: ISO 4217 code; where empty every currency is accepted.
        default_unit: unit of a bare number, such as ``EUR/MWh`` from a column's header.

    Raises:
        UserError: the number or unit is not understood, or another currency is named.
    """
    body, named = _without_leading_currency(text)
    number, unit = split_quantity(body)
    found = _PRICE_UNIT.fullmatch(unit or default_unit)
    if not number or found is None or (named and unit and found[1]):
        raise not_understood(text, _("a price such as 0.071, 7.1 ct/kWh or 71 USD/MWh"))
    _same_currency(text, named or found[1] or "", currency)
    power = _POWER_OF_TEN[(found[3] or "kwh").lower()] - (2 if found[2] else 0)
    return parse_number(number, style, power)


def unit_of_price(unit: str) -> bool:
    """Tell whether ``unit`` is a power price's, such as ``EUR/MWh`` or ``ct/kWh``."""
    found = _PRICE_UNIT.fullmatch(unit.strip())
    if found is None or not any(found.groups()):
        return False
    return not found[1] or found[1].lower() in _SIGNS or found[1].upper() in _CODES


def currency_of_unit(unit: str) -> str:
    """Return the ISO 4217 code that stands in ``unit``, or an empty text."""
    found = _PRICE_UNIT.fullmatch(unit.strip())
    named = (found[1] or "") if found is not None else ""
    return named.upper() if named.upper() in _CODES else ""


def _without_leading_currency(text: str) -> tuple[str, str]:
    """Split "$0.07" into the rest, "0.07", and the currency's sign or code."""
    found = _LEADING_CURRENCY.fullmatch(text.strip())
    if found is None:
        return text, ""
    return found[1] + found[3], found[2]


def _same_currency(text: str, named: str, currency: str) -> None:
    if not named:
        return
    meant = _SIGNS.get(named.lower().rstrip("."), {named.upper()} & _CODES)
    if not meant:
        sentence = _("“{value}” names “{named}”, which is no currency.")
        raise UserError(sentence.format(value=text.strip(), named=named), value=text)
    if currency and currency.upper() not in meant:
        sentence = _("“{value}” is not in {currency}; write the amount in {currency}.")
        raise UserError(sentence.format(value=text.strip(), currency=currency), value=text)
