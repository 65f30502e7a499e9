"""Decide once per file whether the dot or the comma is the decimal sign, or say that none can tell.

A value that can be read in one style only ("1,234.5", "0,071") fixes the style of the whole file.
Where every value can be read in both and some would differ by a thousand ("3,250"), the operator
is asked.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from minerdesk.domain.errors import UserError
from minerdesk.domain.text import _
from minerdesk.services.quantities import (
    DECIMAL_COMMA,
    DECIMAL_DOT,
    NumberStyle,
    parse_number,
    split_quantity,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_SIMPLE: Final = re.compile(r"[+\-]?([0-9]*)([.,])([0-9]+)")


class StyleState(StrEnum):
    """What is known of a file's number style."""

    DECIDED = "decided"  # a value fixes it, or the operator chose
    FREE = "free"  # no value depends on it
    UNDECIDED = "undecided"  # a value could mean two things, and none fixes it
    MIXED = "mixed"  # values fix it both ways


@dataclass(frozen=True, slots=True)
class Spot:
    """A value and where it stands."""

    row: int
    column: str
    text: str


@dataclass(frozen=True, slots=True)
class StyleFinding:
    """The number style of one file.

    Attributes:
        state: what is known; ``style`` is None where the operator must choose.
        dot, comma: the first value that can only be read with that decimal sign.
        ambiguous: the first value that could mean two things.
    """

    state: StyleState
    style: NumberStyle | None
    dot: Spot | None = None
    comma: Spot | None = None
    ambiguous: Spot | None = None

    @property
    def question(self) -> str:
        """What to ask the operator, or why it is known; empty where nothing depends on it."""
        if self.state is StyleState.UNDECIDED and self.ambiguous is not None:
            dot, comma = (f"{readings:.15g}" for readings in _both_readings(self.ambiguous.text))
            sentence = _(
                "Row {row}, column “{column}”: “{text}” may mean {dot} or {comma}; "
                "say whether the dot or the comma is the decimal sign."
            )
            return sentence.format(
                row=self.ambiguous.row,
                column=self.ambiguous.column,
                text=self.ambiguous.text,
                dot=dot,
                comma=comma,
            )
        if self.state is StyleState.MIXED and self.dot is not None and self.comma is not None:
            sentence = _(
                "“{dot}” in row {dot_row} has a decimal dot and “{comma}” in row {comma_row} a "
                "decimal comma; say which is right, and rows of the other kind will be refused."
            )
            return sentence.format(
                dot=self.dot.text,
                dot_row=self.dot.row,
                comma=self.comma.text,
                comma_row=self.comma.row,
            )
        return ""

    @property
    def decided_by(self) -> Spot | None:
        """A value that shows what the style does, best one that could mean two things."""
        if self.state is not StyleState.DECIDED or self.style is None:
            return None
        fixed = self.comma if self.style == DECIMAL_COMMA else self.dot
        return self.ambiguous or fixed


def decided_words(finding: StyleFinding, write: Callable[[float], str]) -> str:
    """Say which decimal sign was decided and what it does to a value; empty where none matters.

    Args:
        finding: the number style of a file.
        write: writes a number as the operator reads it.
    """
    spot = finding.decided_by
    if spot is None or finding.style is None:
        return ""
    number, _unit = split_quantity(spot.text)
    value = _reading(number, finding.style)
    if value is None:
        return ""
    comma, written = finding.style == DECIMAL_COMMA, write(value)
    if written == number:
        return _("Numbers read with a decimal comma.") if comma else ""
    sentence = (
        _("Numbers read with a decimal comma: {text} is {value}.")
        if comma
        else _("Numbers read with a decimal dot: {text} is {value}.")
    )
    return sentence.format(text=number, value=written)


def find_style(spots: Iterable[Spot]) -> StyleFinding:
    """Find the number style of a file from the texts of its number columns, units included."""
    dot: Spot | None = None
    comma: Spot | None = None
    ambiguous: Spot | None = None
    for spot in spots:
        can_dot, can_comma = readable(spot.text)
        if can_dot and can_comma:
            ambiguous = ambiguous or spot
        elif can_dot:
            dot = dot or spot
        elif can_comma:
            comma = comma or spot
    if dot and comma:
        return StyleFinding(StyleState.MIXED, None, dot, comma, ambiguous)
    if dot:
        return StyleFinding(StyleState.DECIDED, DECIMAL_DOT, dot=dot, ambiguous=ambiguous)
    if comma:
        return StyleFinding(StyleState.DECIDED, DECIMAL_COMMA, comma=comma, ambiguous=ambiguous)
    if ambiguous:
        return StyleFinding(StyleState.UNDECIDED, None, ambiguous=ambiguous)
    return StyleFinding(StyleState.FREE, DECIMAL_DOT)


def readable(text: str) -> tuple[bool, bool]:
    """Tell whether a value depends on the decimal sign: read with a dot, read with a comma.

    Returns:
        Two times False where it does not matter or it is no number; two times True where both
        readings exist and differ.
    """
    if "." not in text and "," not in text:
        return False, False
    number, _unit = split_quantity(text)
    simple = _SIMPLE.fullmatch(number)
    if simple is not None and (len(simple[3]) != 3 or simple[1][:1] in {"", "0"}):
        return simple[2] == ".", simple[2] == ","
    readings = _both_readings(text)
    if readings[0] == readings[1]:
        return False, False
    return readings[0] is not None, readings[1] is not None


def _both_readings(text: str) -> tuple[float | None, float | None]:
    number, _unit = split_quantity(text)
    return _reading(number, DECIMAL_DOT), _reading(number, DECIMAL_COMMA)


def _reading(number: str, style: NumberStyle) -> float | None:
    try:
        return parse_number(number, style)
    except UserError:
        return None
