"""The answer first: one sentence that says what to do now, and one on what it rests on or is worth.

The sentence always holds "<n> of <m> rigs".
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from minerdesk.domain.text import _, ngettext
from minerdesk.domain.units import DAYS_PER_MONTH, HOURS_PER_DAY
from minerdesk.domain.verdicts import Reason
from minerdesk.services.evaluation import Evaluation, Figures, Standing
from minerdesk.services.totals import Totals
from minerdesk.services.words.formats import Formats
from minerdesk.services.words.readings import typed_sentence
from minerdesk.services.words.standing import (
    example_prefix,
    is_small,
    missing_numbers,
    without_rate,
)

_WHOLE_FROM = 10


@dataclass(frozen=True, slots=True)
class Headline:
    """What the Dashboard says first, and the report.

    Attributes:
        sentence: the answer; holds "<n> of <m> rigs".
        detail: what it saves, what is missing or what to do next; may be empty.
        tone: ``earn``, ``lose``, ``warn`` or empty; it only repeats what the sentence says.
        outline: what `detail` says rests on numbers too old for advice, or on an example.
    """

    sentence: str
    detail: str = ""
    tone: str = ""
    outline: bool = False


def headline(evaluation: Evaluation, formats: Formats, now: datetime) -> Headline:
    """Say what to do now; where it rests on typed numbers, the detail begins with them.

    Args:
        evaluation: from `services.evaluation.Evaluator`.
        formats: the operator's locale.
        now: for the age of the numbers, UTC.
    """
    said = _headline(evaluation, formats, now)
    if evaluation.standing not in {Standing.ADVICE, Standing.TOO_OLD}:
        return said
    typed = typed_sentence(evaluation.network, formats)
    return replace(said, detail=" ".join(filter(None, (typed, said.detail))))


def _headline(evaluation: Evaluation, formats: Formats, now: datetime) -> Headline:
    totals, figures = evaluation.totals, evaluation.figures
    if evaluation.standing is Standing.EMPTY:
        return _empty(evaluation, formats)
    if totals is None or figures is None:
        return _no_numbers(evaluation, formats)
    if evaluation.standing is Standing.EXAMPLE:
        begin = example_prefix(evaluation.network, formats)
        worth = _worth(evaluation, totals, formats)
        return Headline(
            begin + _would(totals, figures, formats),
            begin + (worth or _("no live number is known yet, so this is no advice.")),
            outline=True,
        )
    lacking = without_rate(evaluation)
    if lacking:
        return Headline(
            _("No advice: the exchange rate of {currency} is not known; {standing}.").format(
                currency=", ".join(lacking), standing=_running(totals, formats)
            ),
            _("Connect, or give the tariff in {currency}.").format(currency=evaluation.currency),
            "warn",
        )
    if evaluation.standing is Standing.TOO_OLD:
        return _too_old(evaluation, totals, figures, formats, now)
    return _advice(evaluation, totals, figures, formats)


def _advice(evaluation: Evaluation, totals: Totals, figures: Figures, formats: Formats) -> Headline:
    count, rigs = formats.count, formats.count(totals.rigs)
    first = (
        (totals.power_down, _("Power down {n} of {m} rigs now"), _("power down {n}")),
        (totals.start, _("Start {n} of {m} rigs now"), _("start {n}")),
        (
            totals.change_mode,
            _("Change the mode of {n} of {m} rigs now"),
            _("change the mode of {n}"),
        ),
    )
    todo = [each for each in first if each[0]]
    if not todo:
        return Headline(_nothing(totals, figures, formats), _close(totals), "earn")
    parts = [todo[0][1].format(n=count(todo[0][0]), m=rigs)]
    parts += [short.format(n=count(n)) for n, _long, short in todo[1:]]
    detail = " ".join(filter(None, (_worth(evaluation, totals, formats), _close(totals))))
    return Headline(", ".join(parts) + ".", detail, "lose" if totals.power_down else "warn")


def _too_old(
    evaluation: Evaluation, totals: Totals, figures: Figures, formats: Formats, now: datetime
) -> Headline:
    network = evaluation.network
    name, gauge = (
        (_("price"), network.price)
        if evaluation.old == "price"
        else (_("difficulty"), network.difficulty)
    )
    age = timedelta(0) if gauge.reading is None else gauge.reading.age(now)
    sentence = _("No advice: the {name} is {age} old; {standing}.").format(
        name=name, age=formats.age(age), standing=_running(totals, formats)
    )
    worth = _worth(evaluation, totals, formats)
    then = _("On those numbers: {what}").format(what=_would(totals, figures, formats))
    return Headline(sentence, " ".join(filter(None, (then, worth))), "warn", outline=True)


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


def _running(totals: Totals, formats: Formats) -> str:
    return _running_of(totals.running, totals.rigs, formats)


def _running_of(running: int, rigs: int, formats: Formats) -> str:
    return _("{n} of {m} rigs run").format(n=formats.count(running), m=formats.count(rigs))


def _would(totals: Totals, figures: Figures, formats: Formats) -> str:
    """Say what the moves would be on numbers that are no ground for advice."""
    count, rigs = formats.count, formats.count(totals.rigs)
    kinds = (
        (totals.power_down, _("{n} of {m} rigs would be powered down"), _("{n} powered down")),
        (totals.start, _("{n} of {m} rigs would be started"), _("{n} started")),
        (
            totals.change_mode,
            _("{n} of {m} rigs would change their mode"),
            _("{n} in another mode"),
        ),
    )
    todo = [each for each in kinds if each[0]]
    if not todo:
        return _nothing(totals, figures, formats)
    parts = [todo[0][1].format(n=count(todo[0][0]), m=rigs)]
    parts += [short.format(n=count(n)) for n, _long, short in todo[1:]]
    return ", ".join(parts) + "."


def _nothing(totals: Totals, figures: Figures, formats: Formats) -> str:
    n, m = formats.count(totals.running), formats.count(totals.rigs)
    off = totals.rigs - totals.running
    if totals.groups_too_close:
        sentence = _("Nothing sure to do: {n} of {m} rigs run.")
    elif totals.running == 0:
        sentence = _("Nothing to do: {n} of {m} rigs run, and none would earn.")
    elif off:
        sentence = _("Nothing to do: {n} of {m} rigs run, and {off} rightly stay off.")
    elif bool((figures.decisions.reason == Reason.EARNS).all()):
        sentence = _("Nothing to do: all {n} of {m} rigs earn.")
    else:
        sentence = _("Nothing to do: all {n} of {m} rigs run as you chose.")
    return sentence.format(n=n, m=m, off=formats.count(off))


def _close(totals: Totals) -> str:
    n = totals.groups_too_close
    if not n:
        return ""
    return ngettext(
        "{n} group is too close to call.", "{n} groups are too close to call.", n
    ).format(n=n)


def _worth(evaluation: Evaluation, totals: Totals, formats: Formats) -> str:
    """Say what the advised moves are worth, by hour and day, or day and month for a small fleet."""
    gain = totals.gain_per_day
    if not totals.groups_to_move or not gain > 0:
        return ""

    def rough(value: float) -> str:
        digits = 0 if value >= _WHOLE_FROM else None
        return formats.money(value, evaluation.currency, digits)

    only_down = evaluation.standing is Standing.ADVICE and not (totals.start or totals.change_mode)
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
