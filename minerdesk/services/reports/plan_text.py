"""A plan as text, the answer first."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from minerdesk.domain.text import _
from minerdesk.services.planning.by_hand import HOLD_H
from minerdesk.services.planning.plan import Plan
from minerdesk.services.reports.table import table
from minerdesk.services.words import Formats
from minerdesk.services.words.plan_words import PlanWords
from minerdesk.services.words.plan_worth import not_compared, rests_on, worth_heads, worth_rows

_MOST_ROWS: Final = 200


def plan_text(plan: Plan, formats: Formats, now: datetime) -> str:
    """Return a plan that can be, as an operator reads it.

    Args:
        plan: one with rows.
        formats: the operator's locale and zone.
        now: UTC.
    """
    words = PlanWords(plan, formats)
    said = words.headline(now)
    lines = [said.sentence, *([said.detail] if said.detail else []), ""]
    lines.append(
        _("{name}: {steps} steps of {minutes} minutes from {start} to {end}").format(
            name=plan.book.name or _("Book"),
            steps=len(plan.start_s),
            minutes=plan.options.step_minutes,
            start=formats.date_time(plan.begins),
            end=formats.date_time(plan.ends),
        )
    )
    advised = [(words.move(m), words.why(m), words.worth(m, doubt=True)) for m in plan.advised]
    close = [
        (words.move(m), words.why(m), words.worth(m, doubt=True))
        for m in plan.moves
        if not m.advised
    ]
    lines += _section(_("Moves"), _rows(advised, formats) or ["  " + _("None.")])
    lines += _section(_("Too close to call, not advised"), _rows(close, formats))
    lines += _section(_("Worth over the horizon"), _worth(words))
    lines += _section(_("If you act by hand"), _by_hand(plan, formats))
    lines += _section(_("What it rests on"), [f"  {note}" for note in rests_on(words)])
    return "\n".join(lines) + "\n"


def _section(title: str, lines: list[str]) -> list[str]:
    return ["", title, *lines] if lines else []


def _rows(rows: list[tuple[str, str, str]], formats: Formats) -> list[str]:
    found = table(rows[:_MOST_ROWS], frozenset({2}))
    more = len(rows) - _MOST_ROWS
    if more > 0:
        found.append("  " + _("… and {n} more").format(n=formats.count(more)))
    return found


def _worth(words: PlanWords) -> list[str]:
    rows = [(each.name, each.advised, each.a_day, each.exact) for each in worth_rows(words)]
    found = table([worth_heads(words), *rows], frozenset({1, 2, 3}))
    return [*found, *(f"  {sentence}" for sentence in not_compared(words))]


def _by_hand(plan: Plan, formats: Formats) -> list[str]:
    """Return stop and start of each group, equal ones of one model and site once."""
    groups = {group.id: group for group in plan.book.groups}
    sites = {site.id: site.name for site in plan.book.sites}
    seen: dict[tuple[str, ...], None] = {}
    for each in plan.hysteresis:
        group = groups[each.group]
        row = (
            f"{group.model}, {sites[group.site]}",
            _("stop above {price}").format(
                price=formats.price_per_kwh(each.stop_above_per_kwh, plan.currency, 4)
            ),
            _("start below {price}").format(
                price=formats.price_per_kwh(each.start_below_per_kwh, plan.currency, 4)
            ),
        )
        seen[row] = None
    if not seen:
        return []
    hold = _(
        "The price must hold for {n} h, or for the shortest time on or off where that is longer."
    )
    return ["  " + hold.format(n=f"{HOLD_H:g}"), *_rows([(a, b, c) for a, b, c in seen], formats)]
