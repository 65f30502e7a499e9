"""The answer first: one sentence that says what to do now, and one on what it rests on or is worth.

The sentence always holds "<n> of <m> rigs".
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np

from minerdesk.domain.text import _, ngettext
from minerdesk.domain.units import DAYS_PER_MONTH, HOURS_PER_DAY
from minerdesk.domain.verdicts import Reason
from minerdesk.services.evaluation import Evaluation, Figures, Standing
from minerdesk.services.planning.agenda import Agenda, agenda_in_force
from minerdesk.services.planning.move_table import Tally, tally
from minerdesk.services.totals import Totals
from minerdesk.services.words.formats import Formats
from minerdesk.services.words.readings import typed_sentence
from minerdesk.services.words.said import Headline
from minerdesk.services.words.standing import (
    example_prefix,
    is_small,
    missing_numbers,
    without_price,
    without_rate,
)

__all__ = ["Headline", "headline"]

_WHOLE_FROM = 10


@dataclass(frozen=True, slots=True)
class _Case:
    """An evaluation with figures, and what its plan asks for now where it has one."""

    evaluation: Evaluation
    totals: Totals
    figures: Figures
    formats: Formats
    now: datetime
    agenda: Agenda | None

    @property
    def todo(self) -> Tally:
        if self.agenda is not None:
            return tally(self.agenda.now)
        return Tally(self.totals.power_down, self.totals.start, self.totals.change_mode)

    @property
    def close(self) -> int:
        """Groups that are too close to call."""
        if self.agenda is not None:
            return len(np.unique(self.agenda.close.columns.group))
        return self.totals.groups_too_close

    @property
    def running(self) -> str:
        return _running_of(self.totals.running, self.totals.rigs, self.formats)

    @property
    def next(self) -> str:
        if self.agenda is None:
            return ""
        from minerdesk.services.words.agenda_words import next_sentence

        return next_sentence(self.agenda, self.formats, self.now)

    @property
    def old_prices(self) -> str:
        if self.agenda is None:
            return ""
        from minerdesk.services.words.agenda_words import old_prices_sentence

        return old_prices_sentence(self.agenda.plan, self.formats, self.now)


def headline(
    evaluation: Evaluation, formats: Formats, now: datetime, agenda: Agenda | None = None
) -> Headline:
    """Say what to do now; where it rests on typed numbers, the detail begins with them.

    Where the evaluation has a plan, it is the plan's first step that is said, and its next one.

    Args:
        evaluation: from `services.evaluation.Evaluator`.
        formats: the operator's locale.
        now: for the age of the numbers, UTC.
        agenda: of the evaluation's plan at ``now``, where it is made already.
    """
    said = _headline(evaluation, formats, now, agenda)
    if evaluation.standing not in {Standing.ADVICE, Standing.TOO_OLD}:
        return said
    typed = typed_sentence(evaluation.network, formats)
    return replace(said, detail=" ".join(filter(None, (typed, said.detail))))


def _headline(
    evaluation: Evaluation, formats: Formats, now: datetime, agenda: Agenda | None
) -> Headline:
    totals, figures = evaluation.totals, evaluation.figures
    if evaluation.standing is Standing.EMPTY:
        return _empty(evaluation, formats)
    if totals is None or figures is None:
        return _no_numbers(evaluation, formats)
    if agenda is None:
        agenda = agenda_in_force(evaluation, now)
    case = _Case(evaluation, totals, figures, formats, now, agenda)
    if evaluation.standing is Standing.EXAMPLE:
        begin = example_prefix(evaluation.network, formats)
        return Headline(
            begin + _would(case),
            begin + (_worth(case) or _("no live number is known yet, so this is no advice.")),
            outline=True,
        )
    lacking = without_rate(evaluation)
    if lacking:
        return Headline(
            _("No advice: the exchange rate of {currency} is not known; {standing}.").format(
                currency=", ".join(lacking), standing=case.running
            ),
            _("Connect, or give the tariff in {currency}.").format(currency=evaluation.currency),
            "warn",
        )
    unpriced = without_price(evaluation)
    if unpriced:
        return Headline(
            _("No advice: the price of power at {sites} is not known; {standing}.").format(
                sites=", ".join(unpriced), standing=case.running
            ),
            _("Import its prices, ask a live source, or give a forecast of your own."),
            "warn",
        )
    if evaluation.standing is Standing.TOO_OLD:
        return _too_old(case)
    return _advice(case)


def _advice(case: _Case) -> Headline:
    count, rigs, todo = case.formats.count, case.formats.count(case.totals.rigs), case.todo
    first = (
        (todo.power_down, _("Power down {n} of {m} rigs now"), _("power down {n}")),
        (todo.start, _("Start {n} of {m} rigs now"), _("start {n}")),
        (
            todo.change_mode,
            _("Change the mode of {n} of {m} rigs now"),
            _("change the mode of {n}"),
        ),
    )
    asked = [each for each in first if each[0]]
    old, close = case.old_prices, _close_sentence(case.close, case.formats)
    detail = " ".join(filter(None, (old, _worth(case) if asked else "", case.next, close)))
    detail_tone = "warn" if old else ""
    if not asked:
        return Headline(_nothing(case), detail, "earn", detail_tone=detail_tone)
    parts = [asked[0][1].format(n=count(asked[0][0]), m=rigs)]
    parts += [short.format(n=count(n)) for n, _long, short in asked[1:]]
    tone = "lose" if todo.power_down else "warn"
    return Headline(", ".join(parts) + ".", detail, tone, detail_tone=detail_tone)


def _too_old(case: _Case) -> Headline:
    evaluation, formats = case.evaluation, case.formats
    network = evaluation.network
    name, gauge = (
        (_("price"), network.price)
        if evaluation.old == "price"
        else (_("difficulty"), network.difficulty)
    )
    age = timedelta(0) if gauge.reading is None else gauge.reading.age(case.now)
    sentence = _("No advice: the {name} is {age} old; {standing}.").format(
        name=name, age=formats.age(age), standing=case.running
    )
    then = _("On those numbers: {what}").format(what=_would(case))
    return Headline(sentence, " ".join(filter(None, (then, _worth(case)))), "warn", outline=True)


def _empty(evaluation: Evaluation, formats: Formats) -> Headline:
    begin = example_prefix(evaluation.network, formats)
    return Headline(
        begin + _("The book is empty: {n} of {m} rigs.").format(n=formats.count(0), m=0),
        begin + _("Enter your rigs, import a table of them, or look at a sample book."),
    )


def _no_numbers(evaluation: Evaluation, formats: Formats) -> Headline:
    rigs = evaluation.book.rig_count
    running = sum(
        group.count if group.state_now is None else group.state_now.running_count
        for group in evaluation.book.groups
    )
    standing = _running_of(running, rigs, formats)
    missing = missing_numbers(evaluation.network)
    begin = example_prefix(evaluation.network, formats)
    return Headline(
        begin + _("No figures yet: {standing}.").format(standing=standing),
        begin
        + ngettext(
            "Not known: {names}. Connect to the network, or type it.",
            "Not known: {names}. Connect to the network, or type them.",
            len(missing),
        ).format(names=", ".join(missing)),
        "warn",
    )


def _running_of(running: int, rigs: int, formats: Formats) -> str:
    return _("{n} of {m} rigs run").format(n=formats.count(running), m=formats.count(rigs))


def _close_sentence(groups: int, formats: Formats) -> str:
    """Return how many groups are too close to call; empty without any."""
    if not groups:
        return ""
    return ngettext(
        "{n} group is too close to call.", "{n} groups are too close to call.", groups
    ).format(n=formats.count(groups))


def _would(case: _Case) -> str:
    """Say what the moves would be on numbers that are no ground for advice."""
    count, rigs, todo = case.formats.count, case.formats.count(case.totals.rigs), case.todo
    kinds = (
        (todo.power_down, _("{n} of {m} rigs would be powered down"), _("{n} powered down")),
        (todo.start, _("{n} of {m} rigs would be started"), _("{n} started")),
        (
            todo.change_mode,
            _("{n} of {m} rigs would change their mode"),
            _("{n} in another mode"),
        ),
    )
    asked = [each for each in kinds if each[0]]
    if not asked:
        return _nothing(case)
    parts = [asked[0][1].format(n=count(asked[0][0]), m=rigs)]
    parts += [short.format(n=count(n)) for n, _long, short in asked[1:]]
    return ", ".join(parts) + "."


def _nothing(case: _Case) -> str:
    totals, figures = case.totals, case.figures
    n, m = case.formats.count(totals.running), case.formats.count(totals.rigs)
    off = totals.rigs - totals.running
    if case.close:
        sentence = _("Nothing sure to do: {n} of {m} rigs run.")
    elif case.agenda is not None and totals.running and not off:
        # What earns this hour is not what a plan runs by: a start may cost more than an hour does.
        sentence = _("Nothing to do now: all {n} of {m} rigs run.")
    elif totals.running == 0 and (case.agenda is None or not case.agenda.next):
        sentence = _("Nothing to do: {n} of {m} rigs run, and none would earn.")
    elif off:
        sentence = _("Nothing to do: {n} of {m} rigs run, and {off} rightly stay off.")
    elif bool((figures.decisions.reason == Reason.EARNS).all()):
        sentence = _("Nothing to do: all {n} of {m} rigs earn.")
    else:
        sentence = _("Nothing to do: all {n} of {m} rigs run as you chose.")
    return sentence.format(n=n, m=m, off=case.formats.count(off))


def _worth(case: _Case) -> str:
    """Say what the advised moves are worth.

    Over their own duration where a plan knows it; else by hour and day, or by day and month for a
    small fleet.
    """
    evaluation, totals, formats = case.evaluation, case.totals, case.formats
    if case.agenda is not None:
        from minerdesk.services.words.agenda_words import worth_sentence

        return worth_sentence(evaluation, case.agenda, formats, case.now)
    gain, todo = totals.gain_per_day, case.todo
    if not totals.groups_to_move or not gain > 0:
        return ""

    def rough(value: float) -> str:
        digits = 0 if value >= _WHOLE_FROM else None
        return formats.money(value, evaluation.currency, digits)

    only_down = evaluation.standing is Standing.ADVICE and not (todo.start or todo.change_mode)
    if is_small(evaluation):
        sentence = (
            _("Saves {day} a day ({month} a month).")
            if only_down
            else _("Worth {day} a day ({month} a month).")
        )
        return sentence.format(
            day=formats.money(gain, evaluation.currency), month=rough(gain * DAYS_PER_MONTH)
        )
    sentence = (
        _("Saves {hour} an hour ({day} a day).")
        if only_down
        else _("Worth {hour} an hour ({day} a day).")
    )
    return sentence.format(hour=rough(gain / HOURS_PER_DAY), day=rough(gain))
