"""What a plan is worth over what could be done instead, in all and a day, and what it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from minerdesk.domain.text import _
from minerdesk.services.planning.plan import Gains
from minerdesk.services.words.formats import DASH
from minerdesk.services.words.plan_words import PlanWords

_DAY: Final = timedelta(days=1)
_CENTS_BELOW: Final = 9.995
_TENTHS_BELOW: Final = 9.95


@dataclass(frozen=True, slots=True)
class WorthRow:
    """One line: of the advised plan over its horizon and a day, and of the exact plan.

    Attributes:
        name: what it is. advised, a_day, exact: in words, money without its currency; a dash where
            it cannot be told.
    """

    name: str
    advised: str
    a_day: str = ""
    exact: str = ""


def worth_heads(words: PlanWords) -> tuple[str, str, str, str]:
    """Return the headings of the rows' fields."""
    hours, currency = words.horizon(), words.plan.currency
    advised = _("advised, {hours}, {currency}").format(hours=hours, currency=currency)
    return "", advised, _("a day"), _("exact")


def worth_rows(words: PlanWords) -> tuple[WorthRow, ...]:
    """Return what a plan that can be is worth, the margin first."""
    plan, formats = words.plan, words.formats
    days = (plan.ends - plan.begins) / _DAY

    def money(name: str, advised: float | None, exact: float | None) -> WorthRow:
        a_day = None if advised is None else advised / days
        return WorthRow(name, *(_signed(words, each) for each in (advised, a_day, exact)))

    def over(name: str, baseline: str) -> WorthRow:
        return money(name, *(_over(each, baseline) for each in (plan.advised_gains, plan.gains)))

    def counted(name: str, number: int) -> WorthRow:
        a_day = number / days
        digits = 1 if 0 < a_day < _TENTHS_BELOW else 0  # one in two days is not none a day
        return WorthRow(name, formats.count(number), formats.number(a_day, digits))

    shares = (formats.percent(each.on_forecast, 0) for each in (plan.advised_gains, plan.gains))
    on_forecast, exact_on_forecast = shares
    return (
        money(_("cash margin"), plan.advised_objective, plan.objective),
        over(_("over always on"), "always_on"),
        over(_("over the plain threshold"), "threshold"),
        over(_("over leaving all as it is"), "as_is"),
        WorthRow(_("of it on forecast prices"), on_forecast, "", exact_on_forecast),
        counted(_("rigs started"), plan.starts),
        counted(_("moves"), len(plan.advised)),
        WorthRow(_("proved within"), "", "", words.within()),
    )


def not_compared(words: PlanWords) -> tuple[str, ...]:
    """Return why the plan cannot be held beside a simple rule, a sentence for each that is so."""
    gains = words.plan.advised_gains
    said = (
        (gains.why_not_always_on, _("Running everything is not possible: {why}.")),
        (gains.why_not_threshold, _("The plain threshold is not possible: {why}.")),
        (gains.why_not_as_is, _("Leaving all as it is is not possible: {why}.")),
    )
    return tuple(sentence.format(why=why.rstrip(".")) for why, sentence in said if why)


def rests_on(words: PlanWords) -> tuple[str, ...]:
    """Return what was assumed of the sites, and what pins cost, a sentence each."""
    plan = words.plan
    notes = (note for site in plan.sites for note in site.notes)
    return tuple(dict.fromkeys(filter(None, (*plan.notes, *notes, words.pin_costs()))))


def _over(gains: Gains, baseline: str) -> float | None:
    value: float | None = getattr(gains, f"over_{baseline}")
    return value


def _signed(words: PlanWords, value: float | None) -> str:
    if value is None:
        return DASH
    return words.formats.number(value, 0 if abs(value) >= _CENTS_BELOW else 2, signed=True)
