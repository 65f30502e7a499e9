"""What the Power page says first: what a kWh costs now, until when, and what then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np

from minerdesk.domain.text import _
from minerdesk.services.power.view import PriceSteps, SitePower
from minerdesk.services.words.formats import Formats, power_price_digits

_DAY: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class PowerAnswer:
    """Headline and what stands under it; the tone is ``warn`` or empty."""

    sentence: str
    detail: str = ""
    tone: str = ""


def answer(site: SitePower | None, formats: Formats, now: datetime) -> PowerAnswer:
    """Say what a kWh costs at a site now, until when, and what comes then."""
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
    return PowerAnswer(
        sentence, _detail(site, steps, index, change, local, now), _tone(site, price)
    )


def _sentence(
    site: SitePower, steps: PriceSteps, index: int, change: int | None, local: Formats
) -> str:
    price = float(steps.per_kwh[index])
    then = float(steps.per_kwh[change]) if change is not None else price
    digits = max(power_price_digits(price), 0 if np.isnan(then) else power_price_digits(then), 3)
    shown = local.price_per_kwh(price, site.currency, digits)
    if change is None:
        return _("{price} all the week").format(price=shown)
    if np.isnan(then):
        return _("{price} until {time}, then unknown").format(
            price=shown, time=_when(steps, index, change, local)
        )
    return _("{price} until {time}, then {then}").format(
        price=shown,
        time=_when(steps, index, change, local),
        then=local.number(then, digits),
    )


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
) -> str:
    said = [
        _("{site}, {time} there").format(site=site.name, time=local.time(now)),
        _parts(steps, index, local),
    ]
    if change is not None:
        part = steps.main_change(index, change)
        if part:
            said.append(_("next change: {part}").format(part=part))
    if not steps.known[index]:
        said.append(_("this price is forecast"))
    elif change is not None and not steps.known[change]:
        said.append(_("what follows is forecast"))
    said.append(_standing(site, float(steps.per_kwh[index]), local))
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
    return _("rigs: {word} (break-even {least} to {most})").format(
        word=standing_word(site, price), least=local.number(least, 3), most=local.number(most, 3)
    )


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
