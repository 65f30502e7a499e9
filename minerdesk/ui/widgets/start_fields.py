"""The fields of what a start and a stop cost: names, explanations, and how they are read."""

from __future__ import annotations

from typing import Final, NamedTuple

from minerdesk.domain.errors import UserError
from minerdesk.domain.text import _
from minerdesk.ui.widgets.typing import Typing

MOST_STARTS: Final = "most_starts_per_day"


class StartField(NamedTuple):
    """One field of `StartCosts`: its name there, its name for the operator, its unit and more."""

    name: str
    title: str
    note: str


def start_fields() -> tuple[StartField, ...]:
    """Return the fields in the order they are shown in."""
    return (
        StartField(
            "start_lost_minutes",
            _("Lost at a start"),
            _("minutes of full power without hashing; stock firmware takes 5 to 15"),
        ),
        StartField(
            "wear_start", _("Wear of a start"), _("money per rig; makers publish none, so 0")
        ),
        StartField("wear_stop", _("Wear of a stop"), _("money per rig; makers publish none, so 0")),
        StartField("mode_lost_minutes", _("Lost at a change of mode"), _("minutes of hashing")),
        StartField(
            "min_on_minutes", _("Shortest time on"), _("minutes a rig stays on once started")
        ),
        StartField(
            "min_off_minutes", _("Shortest time off"), _("minutes a rig stays off once stopped")
        ),
        StartField(MOST_STARTS, _("Most starts a day"), _("of one rig; 0 for as many as wanted")),
    )


def read_start(name: str, text: str, typing: Typing) -> float:
    """Return what is typed into a field of `StartCosts`.

    Raises:
        UserError: it is no number, is negative, or is no whole number of starts.
    """
    value = typing.number(text)
    if name == MOST_STARTS and not (value >= 0 and value.is_integer()):
        raise UserError(
            _("Write a whole number of starts a day, or 0 for as many as wanted."), value=text
        )
    if value < 0:
        raise UserError(_("Write 0 or more, or leave the field empty."), value=text)
    return int(value) if name == MOST_STARTS else value
