"""How bringing the past up to date goes, and what lacks while only the program's own is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from minerdesk.domain.text import _
from minerdesk.services.network_history.past_status import PastStatus
from minerdesk.services.network_reading.indicators import Indicators

if TYPE_CHECKING:
    from minerdesk.services.words.formats import Formats


@dataclass(frozen=True, slots=True)
class Lacking:
    """What lacks, and the one thing that helps.

    Attributes:
        sentence: for the operator; empty where nothing lacks.
        button: what its button says. action: id of the window's action behind it; empty for none.
    """

    sentence: str = ""
    button: str = ""
    action: str = ""


def status_words(status: object, formats: Formats, *, offline: bool) -> tuple[str, str]:
    """Return how it goes in one line, and its tone.

    Args:
        status: the slice ``past``; anything else is not known yet.
        formats: the operator's locale.
        offline: the operator forbade every call.
    """
    if not isinstance(status, PastStatus):
        return _("History: not asked yet"), ""
    if status.problem:
        return _("History: {problem}").format(problem=status.problem), "warn"
    if offline:
        return _("History: not asked while offline"), ""
    step = status.last
    if step is None:
        return (_("History: being asked…") if status.asking else _("History: not asked yet")), ""
    what = step.endpoint.replace(" past ", " ")
    if step.problem:
        return _("History: {what}: {problem}").format(what=what, problem=step.problem), "warn"
    words = _("History: {what}").format(what=what)
    if step.until is not None:
        words = _("History: {what}, to {day}").format(what=what, day=formats.date(step.until))
    if status.asking:
        return f"{words}…", ""
    return (_("{words}; more follows").format(words=words) if step.more else words), ""


def lacking(
    found: Indicators | None, status: object, formats: Formats, *, offline: bool
) -> Lacking:
    """Return what lacks while nothing but what comes with the program is known.

    Args:
        found: the slice ``indicators``.
        status: the slice ``past``.
        formats: the operator's locale.
        offline: the operator forbade every call.
    """
    if found is None or not found.history.embedded_alone:
        return Lacking()
    until = found.offline_words
    sentence = _(
        "Known without a network: changes of difficulty to {day}, and the mean hashrate of each "
        "epoch between. Prices, daily hashrates, fees and what came after are missing."
    )
    if until is None:
        sentence = _("Nothing is known of the past: no prices, hashrates, difficulties or fees.")
    known = sentence.format(day=None if until is None else formats.date(until))
    if offline:
        return Lacking(
            _("{known} The settings say to work offline.").format(known=known),
            _("Settings"),
            "app.settings",
        )
    asking = isinstance(status, PastStatus) and status.asking
    if asking:
        return Lacking(_("{known} The sources are being asked.").format(known=known))
    return Lacking(known, _("Ask the sources now"), "network.poll")
