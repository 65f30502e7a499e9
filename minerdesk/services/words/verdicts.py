"""Words for verdicts, as they stand in tables and in lists of moves."""

from __future__ import annotations

from minerdesk.domain.text import _
from minerdesk.domain.verdicts import Verdict


def verdict_word(verdict: Verdict | int) -> str:
    """Return a verdict in the operator's language, such as ``power down``."""
    return {
        Verdict.RUN: _("run"),
        Verdict.POWER_DOWN: _("power down"),
        Verdict.START: _("start"),
        Verdict.STAY_OFF: _("stay off"),
        Verdict.CHANGE_MODE: _("change mode"),
        Verdict.TOO_CLOSE: _("too close to call"),
    }[Verdict(verdict)]
