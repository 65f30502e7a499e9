"""Why a group is told what it is told: one sentence with its numbers."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from minerdesk.domain.text import _
from minerdesk.domain.verdicts import Reason, Verdict
from minerdesk.engine.fleet import modes_of
from minerdesk.services.evaluation import OFF, Evaluation, Figures
from minerdesk.services.words.formats import DASH, Formats, money_digits, power_price_digits
from minerdesk.services.words.solo import solo_note
from minerdesk.services.words.standing import sentence_prefix, without_rate

_MOST_DIGITS: Final = 8
_CENT: Final = 0.01
_NO_CENTS: Final = 99.995  # from here on amounts are whole


@dataclass(frozen=True, slots=True)
class GroupFacts:
    """The numbers behind one verdict; money in the evaluation's currency.

    Attributes:
        mode: the mode they are of, an index into the modes of the whole fleet.
        price_per_kwh: what a kWh costs at the meter.
        limit_per_kwh: the price of power at which the mode earns nothing on avoided power.
        margin_per_rig_day: revenue less avoided power, of one rig, after a host's share.
        required: the site's required margin, a fraction of revenue.
        at_stake_per_rig_day, doubt_per_rig_day: what the decision is worth and may be wrong by.
        idles: a rig that is powered down draws power still, so that this margin is not the one
            after all power: it is what powering down saves or costs.
    """

    mode: int
    price_per_kwh: float
    limit_per_kwh: float
    margin_per_rig_day: float
    required: float
    at_stake_per_rig_day: float
    doubt_per_rig_day: float
    idles: bool = False


def reason(evaluation: Evaluation, group_index: int, formats: Formats) -> str:
    """Return why, such as ``0.091 > 0.057 USD/kWh: loses 0.74 USD a rig a day``.

    Args:
        evaluation: one with figures.
        group_index: the group's place in the book.
        formats: the operator's locale.
    """
    why = _why(evaluation, group_index, formats)
    return sentence_prefix(evaluation, formats) + why + solo_note(evaluation, group_index, formats)


def _why(evaluation: Evaluation, index: int, formats: Formats) -> str:
    figures = evaluation.figures
    if figures is None:
        return DASH
    facts = group_facts(figures, index)
    if math.isnan(facts.price_per_kwh):
        if without_rate(evaluation):
            return _("the exchange rate of its tariff's currency is not known")
        return _("the price of power there is not known")
    code = Reason(int(figures.decisions.reason[index]))
    if code is Reason.OTHER_MODE_EARNS_MORE:
        return _other_mode(evaluation, figures, index, formats)
    currency = evaluation.currency

    def money(value: float) -> str:
        return _rig_money(abs(value), currency, formats)

    off = figures.decisions.verdict[index] == Verdict.STAY_OFF
    found = _by_plan(code, earns=facts.margin_per_rig_day > 0, off=bool(off))
    return (found or _sentence(code, idles=facts.idles, off=bool(off))).format(
        compared=_compared(facts, currency, formats),
        price=formats.price_per_kwh(facts.price_per_kwh, currency),
        amount=money(facts.margin_per_rig_day),
        stake=money(facts.at_stake_per_rig_day),
        doubt=money(facts.doubt_per_rig_day),
        required=formats.percent(facts.required),
        site=evaluation.book.sites[int(figures.fleet.site[index])].name or _("the site"),
    )


def _by_plan(code: Reason, *, earns: bool, off: bool) -> str:
    """Return the words of a reason that the hours to come give, or nothing."""
    if code is Reason.RESTART_COSTS_MORE:
        if off:
            return _(
                "{compared}: would earn {amount} a rig a day, but not for long enough to start"
            )
        if earns:
            return _("{compared}: earns {amount} a rig a day, and to change it would cost more")
        return _("{compared}: loses {amount} a rig a day, less than to stop and start again costs")
    return {
        Reason.SITE_RULE: _("a rule of {site} says so ({compared})"),
        Reason.EVENT: _("an event at {site} says so ({compared})"),
        Reason.PINNED: _("you hold it so ({compared})"),
        Reason.HOURS_TO_COME: _("{compared} now: the hours to come make it right"),
    }.get(code, "")


def _rig_money(value: float, currency: str, formats: Formats) -> str:
    """Return money of one rig to the cent, with more digits only where a cent would be nothing."""
    digits = 2 if _CENT <= abs(value) < _NO_CENTS else None
    return formats.money(value, currency, digits)


def _sentence(code: Reason, *, idles: bool, off: bool) -> str:
    """Return the words of a reason.

    Where an idle rig draws power the amount is against standing idle, and the words say so.
    """
    if idles and (found := _against_idle(off=off).get(code)):
        return found
    return {
        Reason.EARNS: _("{compared}: earns {amount} a rig a day"),
        Reason.LOSES_IN_EVERY_MODE: _("{compared}: loses {amount} a rig a day"),
        Reason.BELOW_REQUIRED_MARGIN: _(
            "{compared}: earns {amount} a rig a day, less than the {required} {site} requires"
        ),
        Reason.CHOSEN_LOSS: _("{compared}: loses {amount} a rig a day, which {site} accepts"),
        Reason.WITHIN_ERROR: _("{compared}: {stake} a rig a day is less than its error of {doubt}"),
        Reason.PAID_TO_CONSUME: _("{price}: paid to consume, earns {amount} a rig a day"),
    }[code]


def _against_idle(*, off: bool) -> dict[Reason, str]:
    return {
        Reason.EARNS: _("{compared}: earns {amount} a rig a day over idle"),
        Reason.LOSES_IN_EVERY_MODE: _("{compared}: staying off saves {amount} a rig a day")
        if off
        else _("{compared}: powering down saves {amount} a rig a day"),
        Reason.BELOW_REQUIRED_MARGIN: _(
            "{compared}: earns {amount} a rig a day over idle, "
            "less than the {required} {site} requires"
        ),
        Reason.CHOSEN_LOSS: _(
            "{compared}: powering down would save {amount} a rig a day, but {site} accepts that"
        ),
        Reason.PAID_TO_CONSUME: _("{price}: paid to consume, earns {amount} a rig a day over idle"),
    }


def group_facts(figures: Figures, index: int) -> GroupFacts:
    """Return the numbers behind a group's verdict.

    They are of the mode most of its rigs run; where rigs are to be started, of the mode they would
    run in.
    """
    fleet, decisions = figures.fleet, figures.decisions
    economics, prepared = figures.economics, figures.economics.prepared
    mode = int(decisions.reference_mode[index])
    starts = decisions.verdict[index] == Verdict.START
    if starts and decisions.best_mode[index] != OFF:
        mode = int(decisions.best_mode[index])
    count = float(fleet.count[index])
    revenue = float(economics.revenue_per_day[mode])
    cash = float(prepared.cash_cost_per_day[mode])
    avoided_w = float(fleet.power_w[mode] - fleet.idle_w[index])
    kwh = count * avoided_w / 1000 * 24 * float(fleet.pue[index] * fleet.uptime[index])
    required = float(fleet.required_margin[index])
    moved = decisions.power_down[index] + decisions.start[index] + decisions.change_mode[index]
    of_moves = float(figures.kept_of_moves[index])
    kept = of_moves if moved else float(economics.kept[mode])
    at_stake = abs(revenue * (1 - required) - cash) * of_moves
    stake = float(decisions.gain_per_day[index]) if moved else at_stake
    return GroupFacts(
        mode=mode,
        price_per_kwh=float(fleet.price_per_kwh[index]),
        limit_per_kwh=revenue / kwh if kwh > 0 else math.inf,
        margin_per_rig_day=(revenue - cash) * kept / count,
        required=required,
        at_stake_per_rig_day=stake / (float(moved) or count),
        doubt_per_rig_day=float(decisions.doubt_per_day[index]) / (float(moved) or count),
        idles=bool(fleet.idle_w[index] > 0),
    )


def mode_name(evaluation: Evaluation, mode: int) -> str:
    """Return the name of a mode, an index into the modes of the whole fleet; off has its own."""
    figures = evaluation.figures
    if mode == OFF or figures is None:
        return _("off")
    group_index = int(figures.fleet.mode_group[mode])
    group = evaluation.book.groups[group_index]
    model = next(each for each in evaluation.book.models if each.name == group.model)
    return modes_of(group, model)[mode - int(figures.fleet.first[group_index])].name


def _compared(facts: GroupFacts, currency: str, formats: Formats) -> str:
    """Return price against limit with as many digits as tell the two apart."""
    price, limit = facts.price_per_kwh, facts.limit_per_kwh
    if math.isinf(limit):
        return formats.price_per_kwh(price, currency)
    sign = ">" if price > limit else "<" if price < limit else "="
    digits = max(_short_digits(price), _short_digits(limit))
    while digits < _MOST_DIGITS and sign != "=" and f"{price:.{digits}f}" == f"{limit:.{digits}f}":
        digits += 1
    left = formats.number(price, digits)
    return f"{left} {sign} {formats.price_per_kwh(limit, currency, digits)}"


def _short_digits(value: float) -> int:
    """Return three decimals for ordinary prices, more where a price is tiny."""
    return 3 if abs(value) >= 0.01 else max(3, min(power_price_digits(value), _MOST_DIGITS))


def _other_mode(evaluation: Evaluation, figures: Figures, index: int, formats: Formats) -> str:
    decisions, economics = figures.decisions, figures.economics
    best, now = int(decisions.best_mode[index]), int(decisions.reference_mode[index])
    if best == now:  # most run right already; the smaller part is told to join them
        now = _other_running(figures, index, best)
    cash = economics.prepared.cash_cost_per_day
    kept = float(figures.kept_of_moves[index]) / float(figures.fleet.count[index])
    each = [float(economics.revenue_per_day[mode] - cash[mode]) * kept for mode in (best, now)]
    digits = min(money_digits(value) for value in each)
    digits = max(digits, 2) if abs(each[0] - each[1]) < 10 else digits
    sentence = (
        _("{best} earns {more} a rig a day over idle, {now} {less}")
        if figures.fleet.idle_w[index] > 0
        else _("{best} earns {more} a rig a day, {now} {less}")
    )
    return sentence.format(
        best=mode_name(evaluation, best),
        now=mode_name(evaluation, now),
        more=formats.money(each[0], evaluation.currency, digits),
        less=formats.money(each[1], evaluation.currency, digits),
    )


def _other_running(figures: Figures, index: int, best: int) -> int:
    first, last = int(figures.fleet.first[index]), int(figures.fleet.first[index + 1])
    running = [mode for mode in range(first, last) if figures.fleet.running[mode] > 0]
    return next((mode for mode in running if mode != best), best)
