"""A plan as JSON: free of locale, UTC, and null with why for what is not defined."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np

from minerdesk.services.planning.plan import OFF, Gains, Move, Plan, PlanRows
from minerdesk.services.reports.plain import Plain, moment, number
from minerdesk.services.words import Formats
from minerdesk.services.words.plan_words import PlanWords


def plan_data(plan: Plan, formats: Formats) -> dict[str, Plain]:
    """Return what ``plan --json`` prints.

    ``groups`` are the exact plan, whose worth is ``objective``; ``advised`` is the plan without the
    moves that are too close to call.

    Args:
        plan: one that can be.
        formats: of the sentences; English for JSON.
    """
    words = PlanWords(plan, formats, UTC)
    return {
        "currency": plan.currency,
        "made_at": moment(plan.made_at),
        "from": moment(plan.begins),
        "until": moment(plan.ends),
        "step_minutes": plan.options.step_minutes,
        "steps": [_utc(second) for second in plan.start_s.tolist()],
        "hashprice_per_ph_day": _numbers(plan.hashprice_per_ph_day),
        "retarget": None
        if plan.retarget_at is None
        else {
            "at": moment(plan.retarget_at),
            "change_pct": number(plan.retarget_pct),
            "error_pct": number(plan.retarget_error_pct),
        },
        "groups": _groups(plan, plan.rows if plan.exact is None else plan.exact),
        "moves": [_move(move, words) for move in plan.moves],
        "objective": number(plan.objective),
        **_gains(plan.gains),
        "bound": number(plan.bound),
        "gap": number(plan.gap),
        "finished": plan.finished and plan.gap <= plan.options.gap,
        "seconds": number(plan.seconds),
        "known_until": moment(plan.known_until),
        "advised": {
            "groups": _groups(plan, plan.rows),
            "objective": number(plan.advised_objective),
            "starts": plan.starts,
            **_gains(plan.advised_gains),
        },
        "sites": [
            {
                "site": site.site,
                "price_per_kwh": _numbers(site.price.per_kwh),
                "known": site.known.tolist(),
                "known_until": moment(site.known_until),
                "kw": _numbers(site.kw),
                "kw_always_on": _numbers(site.kw_always_on),
                "most_kw": _numbers(site.most_kw),
                "least_kw": _numbers(site.least_kw),
                "notes": list(site.notes),
            }
            for site in plan.sites
        ],
        "by_hand": [
            {
                "group": each.group,
                "stop_below_per_ph_day": number(each.stop_below_per_ph_day),
                "start_above_per_ph_day": number(each.start_above_per_ph_day),
                "stop_above_per_kwh": number(each.stop_above_per_kwh),
                "start_below_per_kwh": number(each.start_below_per_kwh),
            }
            for each in plan.hysteresis
        ],
        "pin_costs": {group: number(cost) for group, cost in plan.pin_costs},
        "notes": list(plan.notes),
    }


def _groups(plan: Plan, rows: PlanRows) -> list[Plain]:
    found: list[Plain] = []
    for index, group in enumerate(plan.book.groups):
        names = (OFF, *plan.mode_names[index])
        counts = rows.counts(index, len(names)).tolist()
        states: list[Plain] = [dict(zip(names, step, strict=True)) for step in counts]
        found.append({"site": group.site, "group": group.id, "states": states})
    return found


def _gains(gains: Gains) -> dict[str, Plain]:
    return {
        "gain_over_always_on": number(gains.over_always_on),
        "why_not_always_on": gains.why_not_always_on or None,
        "gain_over_threshold": number(gains.over_threshold),
        "why_not_threshold": gains.why_not_threshold or None,
        "gain_over_as_is": number(gains.over_as_is),
        "why_not_as_is": gains.why_not_as_is or None,
        "on_forecast": number(gains.on_forecast),
    }


def _move(move: Move, words: PlanWords) -> Plain:
    return {
        "at": moment(move.at),
        "site": move.site,
        "group": move.group,
        "count": move.count,
        "from": move.before,
        "to": move.after,
        "until": moment(move.until),
        "why": words.why(move),
        "reason": move.why.value,
        "price_per_kwh": number(move.price_per_kwh),
        "break_even_per_kwh": number(move.break_even_per_kwh),
        "worth": number(move.worth),
        "doubt": number(move.doubt),
        "flips": {
            "price_per_btc": number(move.flips.price_per_btc),
            "price_per_kwh": number(move.flips.price_per_kwh),
            "difficulty": number(move.flips.difficulty),
        },
        "advised": move.advised,
        "forced": move.forced,
        "on_forecast": number(move.on_forecast),
    }


def _numbers(values: np.ndarray) -> list[Plain]:
    return [number(value) for value in values.tolist()]


def _utc(second: float) -> Plain:
    return moment(datetime.fromtimestamp(second, UTC))
