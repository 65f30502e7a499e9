"""What the Power page says first: what a kWh costs now, until when, and what then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np

from minerdesk.domain.text import _
from minerdesk.services.evaluation import Evaluation, Standing
from minerdesk.services.power.view import PriceSteps, SitePower
from minerdesk.services.words.formats import Formats, power_price_digits
from minerdesk.services.words.readings import typed_sentence
from minerdesk.services.words.standing import example_prefix, old_sentence

_DAY: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Ground:
    """What the numbers of the network are good for that break-evens rest on, and exchange rates.

    Attributes:
        advice: neither an example nor too old.
        example: ``Example of 19 January 2026: ``, or empty. old: which number is too old, or empty.
        typed: which numbers are typed, or empty.
    """

    advice: bool = True
    example: str = ""
    old: str = ""
    typed: str = ""

    def mark(self, words: str) -> str:
        """Return words that rest on these numbers, behind what those are."""
        before = " ".join(filter(None, (self.old, self.typed)))
        if not before:
            return self.example + words
        return f"{before} {_('On those numbers: {what}').format(what=words)}"

    def mark_briefly(self, words: str) -> str:
        """Return words that rest on these numbers, marked where there is little room."""
        if self.old:
            return _("old numbers: {what}").format(what=words)
        return _("example: {what}").format(what=words) if self.example else words


_SOLID: Final = Ground()


@dataclass(frozen=True, slots=True)
class PowerAnswer:
    """Headline and what stands under it.

    Attributes:
        tone: of the headline, ``warn`` or empty.
        rigs: what follows for the rigs, where that is no advice or rests on typed numbers.
        rigs_tone: ``warn`` or empty.
    """

    sentence: str
    detail: str = ""
    tone: str = ""
    rigs: str = ""
    rigs_tone: str = ""


def ground_of(evaluation: Evaluation | None, formats: Formats, now: datetime) -> Ground:
    """Return what break-evens rest on.

    Args:
        evaluation: of the network that they were made with, or None where it is not known yet.
        formats: the operator's locale.
        now: UTC, for the age of old numbers.
    """
    if evaluation is None:
        return Ground()
    network, standing = evaluation.network, evaluation.standing
    return Ground(
        standing is not Standing.TOO_OLD and network.example_of is None,
        example_prefix(network, formats),
        old_sentence(evaluation, formats, now),
        # An example says so first, and nothing more of what it rests on.
        "" if network.example_of else typed_sentence(network, formats),
    )


def answer(
    site: SitePower | None,
    formats: Formats,
    now: datetime,
    ground: Ground = _SOLID,
    *,
    converted: bool = False,
) -> PowerAnswer:
    """Say what a kWh costs at a site now, until when, and what comes then.

    Args:
        site: any, or None where there is none yet.
        formats: the operator's locale.
        now: UTC.
        ground: what its break-evens rest on.
        converted: its price was converted by an exchange rate, and rests on ``ground`` too.
    """
    if site is None:
        return PowerAnswer(_("What does a kilowatt-hour cost?"))
    steps = site.steps
    index = None if steps is None else steps.index_at(now.timestamp())
    if site.problem or steps is None or index is None or np.isnan(steps.per_kwh[index]):
        problem = site.problem or _("No price is known for this hour.")
        return PowerAnswer(
            _("{site}: the price of power is unknown.").format(site=site.name), problem, "warn"
        )
    local = Formats(str(formats.locale), ZoneInfo(site.zone))
    price = float(steps.per_kwh[index])
    change = steps.next_change(index)
    sentence = _sentence(site, steps, index, change, local)
    if converted:
        sentence = ground.example + sentence
    said = _detail(site, steps, index, change, local, now)
    tone = _tone(site, price) if ground.advice else ""
    if ground.advice and not ground.typed:
        return PowerAnswer(sentence, _joined(*said, _standing(site, price, local)), tone)
    rigs = _would(site, price, local)
    return PowerAnswer(
        sentence,
        _joined(*said),
        tone,
        rigs and ground.mark(rigs),
        "warn" if ground.old else "",
    )


def _sentence(
    site: SitePower, steps: PriceSteps, index: int, change: int | None, local: Formats
) -> str:
    price = float(steps.per_kwh[index])
    then = float(steps.per_kwh[change]) if change is not None else price
    digits = max(power_price_digits(price), 0 if np.isnan(then) else power_price_digits(then), 3)
    shown = local.price_per_kwh(price, site.currency, digits)
    if change is None:
        return _forecast(_("{price} all the week").format(price=shown), steps, index)
    when, later = _when(steps, index, change, local), _("unknown")
    if not np.isnan(then):
        later = local.number(then, digits)
        # Of a price that is forecast itself, all is.
        later = _forecast(later, steps, change) if steps.known[index] else later
    sentence = _("{price} until {time}, then {then}").format(price=shown, time=when, then=later)
    return _forecast(sentence, steps, index)


def _forecast(words: str, steps: PriceSteps, index: int) -> str:
    """Return words on the price of a step, marked where it is forecast."""
    return words if steps.known[index] else words + _(" (forecast)")


def _when(steps: PriceSteps, index: int, change: int, local: Formats) -> str:
    at = datetime.fromtimestamp(float(steps.start_s[change]), UTC)
    near = at - datetime.fromtimestamp(float(steps.start_s[index]), UTC) <= _DAY
    return local.time(at) if near else local.date_time(at)


def _detail(
    site: SitePower,
    steps: PriceSteps,
    index: int,
    change: int | None,
    local: Formats,
    now: datetime,
) -> list[str]:
    said = [
        _("{site}, {time} there").format(site=site.name, time=local.time(now)),
        _parts(steps, index, local),
    ]
    if change is not None:
        part = steps.main_change(index, change)
        if part:
            said.append(_("next change: {part}").format(part=part))
    until = None if site.series is None else site.series.known_until
    if not steps.known.all() and until is not None:
        ended = not steps.known[index] and until <= now
        words = _("known prices ended {time}") if ended else _("known until {time}")
        said.append(words.format(time=local.date_time(until)))
    return said


def _joined(*said: str) -> str:
    return " · ".join(filter(None, said))


def _parts(steps: PriceSteps, index: int, local: Formats) -> str:
    parts = [
        f"{part.name} {local.number(float(part.per_kwh[index]), 4)}"
        for part in steps.parts
        if part.per_kwh[index]
    ]
    return " + ".join(parts) if len(parts) > 1 else "".join(part.name for part in steps.parts[:1])


def _standing(site: SitePower, price: float, local: Formats) -> str:
    least, most = site.break_even_least, site.break_even_most
    if least is None or most is None:
        return ""
    return _("rigs: {word} (break-even {even})").format(
        word=standing_word(site, price), even=_from_to(least, most, local)
    )


def _from_to(least: float, most: float, local: Formats) -> str:
    """Say a span of break-evens; where both ends read the same, once."""
    first, last = local.number(least, 3), local.number(most, 3)
    if first == last:
        return first
    return _("{least} to {most}").format(least=first, most=last)


def _would(site: SitePower, price: float, local: Formats) -> str:
    """Say whether the rigs would earn, on numbers that are no ground for advice or are typed."""
    least, most = site.break_even_least, site.break_even_most
    if least is None or most is None:
        return ""
    if price > most:
        words = _("all rigs would lose (break-even {even}).")
    elif price <= least:
        words = _("all rigs would earn (break-even {even}).")
    else:
        words = _("some rigs would lose (break-even {even}).")
    return words.format(even=_from_to(least, most, local))


def standing_word(site: SitePower, price: float | None) -> str:
    """Say whether the site's rigs earn at a price."""
    least, most = site.break_even_least, site.break_even_most
    if price is None or np.isnan(price) or least is None or most is None:
        return ""
    if price > most:
        return _("all lose")
    return _("all earn") if price <= least else _("some lose")


def standing_tone(site: SitePower, price: float | None) -> str:
    """Return the tone that repeats `standing_word`."""
    least, most = site.break_even_least, site.break_even_most
    if price is None or np.isnan(price) or least is None or most is None:
        return ""
    if price > most:
        return "lose"
    return "earn" if price <= least else "warn"


def price_now(site: SitePower, now: datetime) -> float | None:
    """Return the price that holds now, or None."""
    steps = site.steps
    index = None if steps is None else steps.index_at(now.timestamp())
    if steps is None or index is None or np.isnan(steps.per_kwh[index]):
        return None
    return float(steps.per_kwh[index])


def _tone(site: SitePower, price: float) -> str:
    return "warn" if standing_tone(site, price) == "lose" else ""
