"""Sentences on the network's readings, for the window and the command line alike."""

from __future__ import annotations

from datetime import date

from minerdesk.domain.text import _, ngettext
from minerdesk.domain.units import THS_PER_EHS
from minerdesk.engine.indicators.difficulty import Streak
from minerdesk.engine.indicators.ribbon import Phase
from minerdesk.engine.industry import Estimate
from minerdesk.services.network_reading.readings import (
    HEADLINE_DAYS,
    NetworkReadings,
    RibbonReading,
)
from minerdesk.services.words import Formats

_SHOWN_EPISODES = 8


def streak_words(streak: Streak) -> str:
    """Say how difficulty has moved lately, such as "6 of the last 8 down"."""
    if streak.of == 0:
        return _("no change known")
    return _("{down} of the last {of} down").format(down=streak.down, of=streak.of)


def phase_words(reading: RibbonReading, formats: Formats) -> str:
    """Say what phase the hash ribbon is in, and since when."""
    words = {
        Phase.CAPITULATION: _("miners capitulate"),
        Phase.RECOVERED: _("recovered, no buy yet")
        if reading.priced
        else _("recovered; without prices no buy can be told"),
        Phase.NORMAL: _("normal"),
    }
    text = _("{phase} since {day}").format(
        phase=words[reading.phase], day=formats.date(reading.since)
    )
    if reading.recovering and reading.phase is Phase.CAPITULATION:
        text = _("{phase}, recovering").format(phase=text)
    if reading.resolution == "epoch":
        text = _("{phase} (from retargets alone)").format(phase=text)
    return text


def readings_text(found: NetworkReadings, formats: Formats) -> str:
    """Return the readings as lines of text."""
    lines = [_("As of {day}").format(day=formats.date(found.as_of))]
    lines += _difficulty_lines(found, formats)
    lines += _hashrate_lines(found, formats)
    lines += _ribbon_lines(found, formats)
    lines += _cost_lines(found, formats)
    lines.append(
        _("Puell multiple  {value}").format(value=formats.number(found.puell, 3))
        if found.puell is not None
        else _("Puell multiple  –  {why}").format(why=found.reason("puell"))
    )
    lines += ["", *found.notes] if found.notes else []
    return "\n".join(lines) + "\n"


def _difficulty_lines(found: NetworkReadings, formats: Formats) -> list[str]:
    reading = found.difficulty
    if reading is None:
        return [_("Difficulty  –  {why}").format(why=found.reason("difficulty"))]
    change = (
        "–"
        if reading.change_pct is None
        else formats.percent_points(reading.change_pct, signed=True)
    )
    lines = [
        _("Difficulty  {value}, {change} on {day}; {streak}").format(
            value=formats.difficulty(reading.value, 2),
            change=change,
            day=formats.date(reading.since),
            streak=streak_words(reading.streak),
        )
    ]
    if reading.projection is not None:
        lines.append(
            _("  next {change} ±{error}").format(
                change=formats.percent_points(reading.projection.change_pct, signed=True),
                error=formats.percent_points(reading.projection.error_pct),
            )
        )
    if reading.old:
        lines.append(_("  known to {day}").format(day=formats.date(reading.known_to)))
    return lines


def _hashrate_lines(found: NetworkReadings, formats: Formats) -> list[str]:
    if not found.hashrate:
        return [_("Hashrate  –  {why}").format(why=found.reason("hashrate"))]
    lines = []
    for mean in found.hashrate:
        text = _("{days:>2} d  {value} ±{error}; {fall} from {peak} on {day}").format(
            days=mean.days,
            value=formats.hashrate(mean.value_ehs * THS_PER_EHS, 1),
            error=formats.percent_points(mean.error_pct),
            fall=formats.percent_points(mean.drawdown_pct, signed=True),
            peak=formats.hashrate(mean.peak_ehs * THS_PER_EHS, 1),
            day=formats.date(mean.peak_date),
        )
        head = _("Hashrate") if mean.days == HEADLINE_DAYS else ""
        lines.append(f"{head:<9} {text}")
    return lines


def _ribbon_lines(found: NetworkReadings, formats: Formats) -> list[str]:
    reading = found.ribbon
    if reading is None:
        return [_("Hash ribbon  –  {why}").format(why=found.reason("ribbon"))]
    lines = [_("Hash ribbon  {phase}").format(phase=phase_words(reading, formats))]

    def day(value: date | None) -> str:
        return "–" if value is None else formats.date(value)

    lines += [
        ngettext(
            "  {start} to {end}, {n} day; buy {buy}",
            "  {start} to {end}, {n} days; buy {buy}",
            each.days,
        ).format(start=day(each.start), end=day(each.recovered), n=each.days, buy=day(each.buy))
        for each in reading.episodes[-_SHOWN_EPISODES:]
    ]
    return lines


def _cost_lines(found: NetworkReadings, formats: Formats) -> list[str]:
    cost = found.cost
    if cost is None:
        return [_("Cost of mining  –  {why}").format(why=found.reason("industry_cost"))]

    def row(name: str, each: Estimate) -> str:
        return _("  {name}  {cost}/BTC, {j} J/TH, {gw} GW (PUE {pue})").format(
            name=name,
            cost=formats.money(float(each.cost_per_btc[-1]), "USD", 0),
            j=formats.number(float(each.j_per_th[-1]), 1),
            gw=formats.number(float(each.gw[-1]), 1),
            pue=formats.number(each.pue, 2),
        )

    return [
        _("Cost of mining at {price}, electricity alone (Cambridge method)").format(
            price=formats.price_per_kwh(cost.price_per_kwh, "USD")
        ),
        row(_("lower     "), cost.lower),
        row(_("best guess"), cost.best_guess),
        row(_("upper     "), cost.upper),
    ]
