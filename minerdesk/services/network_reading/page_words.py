"""What the Network page says: its headline, and the calm rows beside the charts."""

from __future__ import annotations

from datetime import datetime

import numpy as np

from minerdesk.domain.readings import NetworkState
from minerdesk.domain.text import _, ngettext
from minerdesk.domain.units import BLOCKS_PER_EPOCH
from minerdesk.services.network_reading.figure_rows import (
    Row,
    halving_row,
    implied_ehs,
    issuance_row,
    largest,
    last,
    margin_row,
    per_ph,
    power_rows,
    projection_row,
    run_words,
    together,
)
from minerdesk.services.network_reading.indicators import (
    Indicators,
    epoch_progress,
)
from minerdesk.services.network_reading.own_money import OwnMoney
from minerdesk.services.network_reading.readings import HEADLINE_DAYS
from minerdesk.services.network_reading.words import phase_words
from minerdesk.services.words import Formats, Headline

_EVEN_PCT = 0.5


def headline(found: Indicators | None, own: OwnMoney) -> Headline:
    """Say in one sentence how mining stands, and below it what comes next."""
    formats = own.formats
    if found is None:
        return Headline(_("The network's history is being read."), "")
    cost, moves = cost_clause(found, own), moves_clause(found)
    if not cost and not moves:
        return Headline(
            _("The difficulty is not known yet."),
            _("It comes with the first answer of a source; press a number above to type your own."),
            "warn",
        )
    text = cost or moves
    below = [fall_clause(found, formats), ribbon_clause(found)]
    if cost and moves:
        below.insert(0, _sentence(moves))
    known = found.offline_words
    if known is not None:
        text = _("{rest}, known to {day}").format(rest=text, day=formats.date(known))
        below.append(_("All of this comes from the changes of difficulty alone."))
    text = _sentence(text)
    return Headline(text, " ".join(part for part in below if part), outline=known is not None)


def cost_clause(found: Indicators, own: OwnMoney) -> str:
    """Say how the cost of mining stands against the price, or nothing."""
    cost, price = last(found.curves.cost_best), last(found.curves.price)
    if cost is None or price is None:
        return ""
    words = {
        "share": own.formats.percent(abs(cost / price - 1), 0),
        "power": own.power_price(found.choice.price_per_kwh),
    }
    more_pct = (cost / price - 1) * 100
    if more_pct >= _EVEN_PCT:
        text = _("mining costs {share} more than a coin brings, at {power}")
    elif more_pct <= -_EVEN_PCT:
        text = _("mining costs {share} less than a coin brings, at {power}")
    else:
        text = _("mining costs what a coin brings, at {power}")
    return text.format(**words)


def moves_clause(found: Indicators) -> str:
    """Say how often difficulty rose or fell of late, whichever it did more often, or nothing."""
    reading = found.readings.difficulty
    if reading is None or not reading.streak.of:
        return ""
    up, down, of = rises(found), reading.streak.down, reading.streak.of
    if down > up:
        text = _("difficulty fell {down} of the last {of} times")
    elif up > down:
        text = _("difficulty rose {up} of the last {of} times")
    else:
        text = _("difficulty rose {up} and fell {down} of the last {of} times")
    return text.format(up=up, down=down, of=of)


def rises(found: Indicators) -> int:
    """Count the rises among the changes of difficulty that the streak looked at."""
    reading, change = found.readings.difficulty, found.readings.retargets.change_pct
    if reading is None or not reading.streak.of:
        return 0
    return int((change[np.isfinite(change)][-reading.streak.of :] > 0).sum())


def why_no_cost(found: Indicators) -> str:
    """Say why there is no cost of mining, or nothing where there is one."""
    if found.readings.cost is not None:
        return ""
    return _("The cost of mining is not known yet. {why}").format(
        why=found.readings.reason("industry_cost")
    )


def fall_clause(found: Indicators, formats: Formats) -> str:
    """Say how far hashrate is below its peak."""
    mean = next((m for m in found.readings.hashrate if m.days == HEADLINE_DAYS), None)
    if mean is None:
        return ""
    if mean.drawdown_pct > -_EVEN_PCT:
        return _("Hashrate is at its peak.")
    return _("Hashrate is {fall} below its peak of {day}.").format(
        fall=formats.percent_points(-mean.drawdown_pct), day=formats.date(mean.peak_date)
    )


def ribbon_clause(found: Indicators) -> str:
    """Say that miners capitulate, where they do."""
    reading = found.readings.ribbon
    if reading is None or reading.phase.word != "capitulation":
        return ""
    return _("Miners capitulate.")


def limits_of_the_model() -> str:
    """Return what the cost model cannot tell, in two sentences."""
    return _(
        "The model drops every machine that would lose at this price of power, so its best guess "
        "can hardly rise above what a coin brings: dear power shows as fewer machines, not as a "
        "higher cost. It counts electricity alone, from which machines could earn, and knows "
        "neither who runs them nor what they pay."
    )


def difficulty_rows(
    found: Indicators, network: NetworkState, formats: Formats, now: datetime
) -> tuple[Row, ...]:
    """Return the rows of the difficulty panel."""
    reading = found.readings.difficulty
    if reading is None:
        why = formats.with_dates(found.readings.reason("difficulty"))
        return (Row("difficulty", _("Difficulty"), "–", why),)
    change = formats.percent_points(reading.change_pct, 2, signed=True)
    rows = [
        Row(
            "difficulty",
            _("Difficulty"),
            formats.difficulty(reading.value, 2),
            _("{change} on {day}").format(change=change, day=formats.date(reading.since)),
        )
    ]
    live = network.example_of is None
    if live and network.height.value is not None:
        blocks, share = epoch_progress(int(network.height.value))
        rows.append(
            Row(
                "progress",
                _("This epoch"),
                formats.percent(share, 0),
                _("block {n} of {all}").format(
                    n=formats.count(blocks), all=formats.count(BLOCKS_PER_EPOCH)
                ),
                share,
            )
        )
    rows.append(projection_row(found, network, formats, now))
    streak, up = reading.streak, rises(found)
    lately = (
        _("{up} of the last {of} up") if up > streak.down else _("{down} of the last {of} down")
    )
    rows.append(
        Row(
            "streak",
            _("Lately"),
            lately.format(up=up, down=streak.down, of=streak.of),
            run_words(streak),
        )
    )
    rows.append(largest(_("Largest falls"), found.falls, formats))
    rows.append(largest(_("Largest rises"), found.rises, formats))
    rows.append(margin_row(found, formats))
    return tuple(rows)


def cost_rows(found: Indicators, own: OwnMoney) -> tuple[Row, ...]:
    """Return what a coin costs the network and what it brings, in the book's currency."""
    curves, formats = found.curves, own.formats
    cost, price = last(curves.cost_best), last(curves.price)
    if price is None:
        return ()
    day = _("day of {day}").format(day=formats.date(found.readings.as_of))
    brings = Row(
        "price", _("A BTC brings"), own.money(price, 0), together(day, own.origin(price, 0))
    )
    if cost is None:
        return (brings,)
    low, high = last(curves.cost_lower), last(curves.cost_upper)
    band = ""
    if low is not None and high is not None:
        band = _("{low} to {high}").format(
            low=formats.number(own.amount(low)), high=own.money(high, 0)
        )
    smooth = last(curves.cost_best_14)
    mean = "" if smooth is None else _("14-day mean {cost}").format(cost=own.money(smooth, 0))
    return (
        Row(
            "cost",
            _("A BTC costs"),
            own.money(cost, 0),
            together(_("electricity alone"), band, mean, own.origin(cost, 0), own.rate()),
        ),
        brings,
    )


def more_rows(found: Indicators, own: OwnMoney) -> tuple[Row, ...]:
    """Return the further readings."""
    formats = own.formats
    curves, readings = found.curves, found.readings
    fall = last(curves.hashprice_fall_pct)
    rows = [
        *power_rows(found, formats),
        Row(
            "hashprice",
            _("Hashprice"),
            per_ph(last(curves.hashprice), own),
            together(
                _("It needs the price of the day.")
                if fall is None
                else _("{fall} from its peak").format(fall=formats.percent_points(fall, 0)),
                own.origin(last(curves.hashprice), 2),
            ),
        ),
        Row(
            "puell",
            _("Puell multiple"),
            formats.number(readings.puell, 2),
            readings.reason("puell") or _("value of new coins against the year's mean"),
        ),
        issuance_row(found, own),
        Row(
            "fee_share",
            _("Fees' share of the reward"),
            formats.percent(last(curves.fee_share), 2),
            _("of the day")
            if last(curves.fee_share) is not None
            else _("It needs fees and new coins of the day."),
        ),
        halving_row(found, formats),
        Row(
            "regression",
            _("Difficulty regression"),
            own.money(last(curves.regression), 0),
            together(
                _("Glassnode's model, frozen in 2022"), own.origin(last(curves.regression), 0)
            ),
        ),
    ]
    if readings.ribbon is not None:
        rows.insert(0, Row("ribbon", _("Hash ribbon"), phase_words(readings.ribbon, formats)))
    return tuple(rows)


def hashrate_rows(found: Indicators, formats: Formats) -> tuple[Row, ...]:
    """Return hashrate by counted blocks, each mean with its error and fall, and by difficulty."""
    means = tuple(
        Row(
            "hashrate",
            ngettext("Mean of {n} day", "Mean of {n} days", mean.days).format(n=mean.days),
            _("{value} EH/s ±{error}").format(
                value=formats.number(mean.value_ehs),
                error=formats.percent_points(mean.error_pct),
            ),
            _("{fall} from {peak} on {day}").format(
                fall=formats.percent_points(mean.drawdown_pct, signed=True),
                peak=formats.number(mean.peak_ehs),
                day=formats.date(mean.peak_date),
            ),
        )
        for mean in found.readings.hashrate
    )
    implied = implied_ehs(found)
    if implied is None:
        return means
    counted = next((m.value_ehs for m in found.readings.hashrate if m.days == HEADLINE_DAYS), None)
    note = ""
    # An epoch's mean made the difficulty, so the two say the same.
    if counted is not None and found.history.days is not None:
        note = _("the 7-day mean is {apart} from it").format(
            apart=formats.percent_points((counted / implied - 1) * 100, signed=True)
        )
    value = _("{value} EH/s").format(value=formats.number(implied))
    return (*means, Row("hashrate", _("By difficulty"), value, note))


def _sentence(clause: str) -> str:
    return f"{clause[:1].upper()}{clause[1:]}."


def history_lines(found: Indicators) -> tuple[str, ...]:
    """Return who says what of the past, and every doubt about it, in sentences."""
    names = {
        "price": _("Price"),
        "hashrate": _("Hashrate"),
        "difficulty": _("Difficulty"),
        "fees": _("Fees"),
        "issuance": _("New coins"),
    }
    said = [f"{names.get(key, key)}: {source}." for key, source in found.history.sources.items()]
    return (*said, *found.readings.notes)
