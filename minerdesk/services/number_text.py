"""Numbers as an operator writes them, read strictly in one style.

A number is never guessed. One that breaks the style in force is refused even where it could be read
in only one way: whoever sees "3.25" understood as 3¼ will next type "3.250" and be off by a
thousand.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Final

from minerdesk.domain.errors import UserError
from minerdesk.domain.text import _

SPACES: Final = " \u00a0\u2009\u202f"
APOSTROPHES: Final = "'\u2019"


@dataclass(frozen=True, slots=True)
class NumberStyle:
    """How numbers are written.

    Spaces and apostrophes between groups of three digits are understood in every style, because
    neither can be a decimal sign.

    Attributes:
        decimal: the decimal sign, ``.`` or ``,``.
        thousands: the sign between groups of three digits, or empty where a dot and a comma are
            both no such sign.
    """

    decimal: str = "."
    thousands: str = ","

    def __post_init__(self) -> None:
        if self.decimal not in {".", ","} or self.thousands == self.decimal:
            raise ValueError(f"no style has these signs: {self.decimal!r} {self.thousands!r}")


DECIMAL_DOT: Final = NumberStyle(".", ",")
DECIMAL_COMMA: Final = NumberStyle(",", ".")
DOT_ONLY: Final = NumberStyle(".", "")

_NUMBER: Final = (
    rf"[+\-−]?(?:[0-9][0-9.,{SPACES}{APOSTROPHES}]*|[.,][0-9]+)(?:(?<! )[eE][+\-]?[0-9]{{1,4}})?"
)
_QUANTITY: Final = re.compile(rf"({_NUMBER})(.*)", re.DOTALL)
_GROUPED: Final = re.compile(r"[1-9][0-9]{0,2}(?:_[0-9]{3})+")
_DIGITS: Final = re.compile(r"[0-9]*")
_LONGEST_EXPONENT: Final = 6


def split_quantity(text: str) -> tuple[str, str]:
    """Split ``"3,250 W"`` into the number's text and the unit's; the number is empty if absent."""
    text = text.strip()
    found = _QUANTITY.fullmatch(text)
    if found is None:
        return "", text
    return found[1].strip(), found[2].strip()


def parse_number(text: str, style: NumberStyle = DOT_ONLY, power_of_ten: int = 0) -> float:
    """Return the finite number that ``text`` is in ``style``; scientific notation is understood.

    Args:
        text: a number without a unit.
        style: the style in force.
        power_of_ten: the value is multiplied by ten to this power, rounded once.

    Raises:
        UserError: it is no number, breaks the style, or does not fit a double.
    """
    number, rest = split_quantity(text)
    if not number or rest:
        raise _refused(_("“{value}” is no number; write one such as {example}."), text, style)
    mantissa, exponent_sign, exponent = number.replace("−", "-").lower().partition("e")
    sign = mantissa[0] if mantissa[0] in "+-" else ""
    whole, point, digits = mantissa[len(sign) :].partition(style.decimal)
    plain = _without_groups(whole, style)
    if plain is None or _DIGITS.fullmatch(digits) is None or (exponent_sign and plain != whole):
        raise _style_broken(text, style)
    if len(exponent) > _LONGEST_EXPONENT:
        raise UserError(_("“{value}” is too large a number.").format(value=text), value=text)
    shifted = int(exponent or "0") + power_of_ten
    value = float(f"{sign}{plain or '0'}{'.' if point else ''}{digits}e{shifted}")
    if not math.isfinite(value):
        raise UserError(_("“{value}” is too large a number.").format(value=text), value=text)
    return value


def _without_groups(whole: str, style: NumberStyle) -> str | None:
    """Return the digits before the decimal sign without grouping; None where it is no grouping."""
    if _DIGITS.fullmatch(whole):
        return whole
    (sign, *others) = {sign for sign in whole if not "0" <= sign <= "9"}
    if others or sign not in SPACES + APOSTROPHES + style.thousands:
        return None
    grouped = whole.replace(sign, "_")
    return grouped.replace("_", "") if _GROUPED.fullmatch(grouped) else None


def _style_broken(text: str, style: NumberStyle) -> UserError:
    sign = _("comma") if style.decimal == "," else _("dot")
    sentence = _(
        "“{value}” does not fit numbers in which the {sign} is the decimal sign; "
        "write one such as {example}."
    )
    return _refused(sentence, text, style, sign=sign)


def _refused(sentence: str, text: str, style: NumberStyle, **names: str) -> UserError:
    example = f"1{style.thousands}234{style.decimal}5"
    return UserError(sentence.format(value=text.strip(), example=example, **names), value=text)


def not_understood(text: str, understood: str) -> UserError:
    """Make the error of a value whose form or unit is unknown: what was found, what would do."""
    if not text.strip():
        return UserError(_("Nothing is written; write {understood}.").format(understood=understood))
    sentence = _("“{value}” is not understood; write {understood}.")
    return UserError(sentence.format(value=text.strip(), understood=understood), value=text)
