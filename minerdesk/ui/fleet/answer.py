"""The page's own answer: how many groups run, how many earn, and what following the advice adds."""

from __future__ import annotations

import numpy as np

from minerdesk.domain.text import ngettext
from minerdesk.domain.verdicts import Verdict
from minerdesk.ui.fleet.rows import FleetRows


def fleet_answer(rows: FleetRows) -> str:
    """Return one line of one or two sentences; empty where there is no advice."""
    figures, evaluation = rows.figures, rows.evaluation
    if figures is None or evaluation is None or not (rows.is_advice and rows.settled):
        return ""
    formats = rows.formats
    running = figures.fleet.off < figures.fleet.count
    earning = running & (rows.figure("margin_now") > 0)
    n, m, e = int(running.sum()), len(rows), int(earning.sum())
    first = ngettext("{n} of {m} group runs", "{n} of {m} groups run", m)
    words = first.format(n=formats.count(n), m=formats.count(m))
    words += "; " + ngettext("{n} earns.", "{n} earn.", e).format(n=formats.count(e))
    decisions, totals = figures.decisions, evaluation.totals
    if totals is None or not totals.groups_to_move or not totals.gain_per_day > 0:
        return words
    money = formats.money(totals.gain_per_day, rows.book.currency)
    advised = decisions.advised & (
        (decisions.power_down + decisions.start + decisions.change_mode) > 0
    )
    moved = int(advised.sum())
    if bool(np.all(decisions.verdict[advised] == Verdict.POWER_DOWN)):
        sentence = ngettext(
            "Powering down {n} group saves {money} a day.",
            "Powering down {n} groups saves {money} a day.",
            moved,
        )
    else:
        sentence = ngettext(
            "Following the advice for {n} group is worth {money} a day.",
            "Following the advice for {n} groups is worth {money} a day.",
            moved,
        )
    return f"{words} {sentence.format(n=formats.count(moved), money=money)}"
