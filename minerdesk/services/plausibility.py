"""Numbers that can be but hardly are: a slip of a thousand is asked about, never refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from minerdesk.domain.text import _

Write = Callable[[float], str]
"""Writes a number as the operator would."""

_DEAREST_PER_KWH: Final = 2.0
# Only where a unit of money is worth about as much as a dollar is the limit a limit.
_MAJOR: Final = frozenset({"USD", "EUR", "GBP", "CHF", "CAD", "AUD", "NZD", "SGD"})
_LEAST_J_PER_TH: Final = 5.0
_MOST_J_PER_TH: Final = 500.0
_W_PER_KW: Final = 1000.0


def plain(value: float) -> str:
    """Write a number with at most six figures and a decimal dot."""
    return f"{value:.6g}"


def odd_price(per_kwh: float, currency: str, write: Write = plain) -> str:
    """Return what to ask about a power price, or an empty text where it may well be.

    Args:
        per_kwh: money a kWh; a negative price is nothing odd.
        currency: ISO 4217 code of the price.
        write: writes the numbers of the question.
    """
    if currency.upper() not in _MAJOR or per_kwh <= _DEAREST_PER_KWH:
        return ""
    guess = (
        _("did you mean {value} {currency}/MWh?")
        if per_kwh >= _DEAREST_PER_KWH * 10
        else _("did you mean {value} ct/kWh?")
    ).format(value=write(per_kwh), currency=currency.upper())
    sentence = _("{value} {currency} for one kWh is a lot: {guess}")
    return sentence.format(value=write(per_kwh), currency=currency.upper(), guess=guess)


def odd_rig(hashrate_ths: float, power_w: float, write: Write = plain) -> str:
    """Return what to ask about a rig's two numbers, or an empty text where they may well be."""
    if not (hashrate_ths > 0 and power_w > 0):
        return ""
    ratio = power_w / hashrate_ths
    if _LEAST_J_PER_TH <= ratio <= _MOST_J_PER_TH:
        return ""
    if _LEAST_J_PER_TH <= ratio * _W_PER_KW <= _MOST_J_PER_TH:
        guess = _("did you mean {value} kW?").format(value=write(power_w))
    elif _LEAST_J_PER_TH <= ratio / _W_PER_KW <= _MOST_J_PER_TH:
        guess = _("did you mean {value} W?").format(value=write(power_w / _W_PER_KW))
    else:
        guess = _("are the units right?")
    sentence = _("{watts} W for {ths} TH/s is {ratio} J/TH: {guess}")
    return sentence.format(
        watts=write(power_w),
        ths=write(hashrate_ths),
        ratio=write(float(f"{ratio:.3g}")),
        guess=guess,
    )
