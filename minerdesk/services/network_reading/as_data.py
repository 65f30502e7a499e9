"""The readings as JSON: free of locale, null for what is undefined, with why beside it."""

from __future__ import annotations

from datetime import date
from typing import Final

from minerdesk.domain.text import _
from minerdesk.engine.industry import Estimate, IndustryCost
from minerdesk.services.network_reading.readings import (
    AFTER_DAYS,
    HEADLINE_DAYS,
    MEANS_DAYS,
    DifficultyReading,
    NetworkReadings,
    RibbonEpisode,
    RibbonReading,
)
from minerdesk.services.network_reading.words import streak_words
from minerdesk.services.reports.plain import Plain, moment, number

_SAME_DIFFICULTY: Final = 1e-6
# What is there in any case, null where it is not defined.
_DIFFICULTY: Final = (
    *("value", "since", "change_pct", "projection_pct", "projection_error_pct", "projection_at"),
    *("why_no_projection", "streak", "known_to", "old", "why"),
)
_MEAN: Final = ("value_ehs", "error_pct", "peak_ehs", "peak_date", "drawdown_pct")
_RIBBON: Final = (
    *("phase", "since", "recovering", "sma30_ehs", "sma60_ehs", "resolution"),
    *("confirmation_days", "confirmation_band", "phases", "why"),
)
_COST: Final = (
    *("price_per_kwh", "currency", "threshold_j_per_th", "eligible_models"),
    *("lower", "best_guess", "upper", "why"),
)


def readings_data(found: NetworkReadings, in_force: float | None = None) -> dict[str, Plain]:
    """Return what ``network --json`` prints of history.

    Args:
        found: the readings.
        in_force: the difficulty a source tells now, or None where none was heard. Where history
            does not reach so far it is the value, and of the last change no more is told than that.
    """
    notes: list[Plain] = list(found.notes)
    return {
        "as_of": found.as_of.isoformat(),
        "price": number(found.price),
        "difficulty": _difficulty(found.difficulty, found.reason("difficulty"), in_force),
        "hashrate": _hashrate(found),
        "ribbon": _ribbon(found.ribbon, found.reason("ribbon")),
        "industry_cost": _cost(found.cost, found.reason("industry_cost")),
        "puell": number(found.puell),
        "why": dict(found.why),
        "notes": notes,
    }


def _difficulty(
    found: DifficultyReading | None, why: str, in_force: float | None
) -> dict[str, Plain]:
    if found is None:
        return {**dict.fromkeys(_DIFFICULTY), "value": number(in_force), "why": why}
    projection = found.projection
    made: dict[str, Plain] = {
        "value": number(found.value),
        "since": found.since.isoformat(),
        "change_pct": number(found.change_pct),
        "projection_pct": None if projection is None else number(projection.change_pct),
        "projection_error_pct": None if projection is None else number(projection.error_pct),
        "projection_at": None if projection is None else moment(projection.at),
        "why_no_projection": found.why_no_projection or None,
        "streak": {
            "down": found.streak.down,
            "of": found.streak.of,
            "run": found.streak.run,
            "words": streak_words(found.streak),
        },
        "known_to": found.known_to.isoformat(),
        "old": found.old,
        "why": why or None,
    }
    if in_force is not None and abs(in_force / found.value - 1) > _SAME_DIFFICULTY:
        previous = None if projection is None else projection.previous_pct
        sentence = _("The difficulty is live; its changes are known to {day}.")
        made |= {
            "value": number(in_force),
            "since": None,
            "change_pct": number(previous),
            "old": True,
            "why": sentence.format(day=found.known_to.isoformat()),
        }
    return made


def _hashrate(found: NetworkReadings) -> dict[str, Plain]:
    head = next((each for each in found.hashrate if each.days == HEADLINE_DAYS), None)
    told: dict[str, Plain] = {str(days): dict.fromkeys(_MEAN) for days in MEANS_DAYS}
    for each in found.hashrate:
        told[str(each.days)] = {
            "value_ehs": number(each.value_ehs),
            "error_pct": number(each.error_pct),
            "peak_ehs": number(each.peak_ehs),
            "peak_date": each.peak_date.isoformat(),
            "drawdown_pct": number(each.drawdown_pct),
        }
    return {
        "means": told,
        "peak_ehs": None if head is None else number(head.peak_ehs),
        "peak_date": _day(None if head is None else head.peak_date),
        "drawdown_pct": None if head is None else number(head.drawdown_pct),
        "known_to": _day(found.hashrate_to),
        "why": found.reason("hashrate") or None,
    }


def _ribbon(found: RibbonReading | None, why: str) -> dict[str, Plain]:
    if found is None:
        return {**dict.fromkeys(_RIBBON), "phases": [], "why": why}
    phases: list[Plain] = [_episode(each) for each in found.episodes]
    return {
        "phase": found.phase.word,
        "since": found.since.isoformat(),
        "recovering": found.recovering,
        "sma30_ehs": number(found.fast_ehs),
        "sma60_ehs": number(found.slow_ehs),
        "resolution": found.resolution,
        "confirmation_days": found.confirmation.days,
        "confirmation_band": found.confirmation.band,
        "phases": phases,
        "why": None,
    }


def _episode(each: RibbonEpisode) -> Plain:
    return {
        "capitulation": each.start.isoformat(),
        "recovered": _day(each.recovered),
        "buy": _day(each.buy),
        "days": each.days,
        "price_after_pct": {
            str(days): number(change)
            for days, change in zip(AFTER_DAYS, each.price_after_pct, strict=True)
        },
    }


def _cost(found: IndustryCost | None, why: str) -> dict[str, Plain]:
    if found is None:
        return {**dict.fromkeys(_COST), "why": why}
    return {
        "price_per_kwh": found.price_per_kwh,
        "currency": "USD",
        "threshold_j_per_th": number(float(found.threshold_j_per_th[-1])),
        "eligible_models": int(found.eligible[-1]),
        "lower": _estimate(found.lower),
        "best_guess": _estimate(found.best_guess),
        "upper": _estimate(found.upper),
        "why": None,
    }


def _estimate(each: Estimate) -> Plain:
    return {
        "pue": each.pue,
        "j_per_th": number(float(each.j_per_th[-1])),
        "gw": number(float(each.gw[-1])),
        "twh_per_year": number(float(each.twh_per_year[-1])),
        "cost_per_btc": number(float(each.cost_per_btc[-1])),
        "j_per_th_ex_pue": number(float(each.j_per_th_ex_pue[-1])),
        "gw_ex_pue": number(float(each.gw_ex_pue[-1])),
        "cost_per_btc_ex_pue": number(float(each.cost_per_btc_ex_pue[-1])),
    }


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
