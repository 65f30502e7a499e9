"""How hashrate, its ribbon, hashprice and the further readings are computed."""

from __future__ import annotations

from minerdesk.domain.text import _
from minerdesk.domain.units import HS_PER_EHS
from minerdesk.engine.indicators.value import REGRESSION_INTERCEPT, REGRESSION_SLOPE
from minerdesk.engine.network import hashrate_from_difficulty
from minerdesk.services.network_reading.explanation import Explanation, Input, Moment
from minerdesk.services.network_reading.figure_rows import implied_ehs, last
from minerdesk.services.words import DASH, Formats


def hashrate(at: Moment) -> Explanation:
    """Explain the means of hashrate."""
    formats = at.formats
    means = [
        at.day(
            _("mean of {n} days").format(n=mean.days),
            _("{value} EH/s ±{error}, {fall} from {peak}").format(
                value=formats.number(mean.value_ehs, 1),
                error=formats.percent_points(mean.error_pct),
                fall=formats.percent_points(mean.drawdown_pct, signed=True),
                peak=formats.number(mean.peak_ehs, 1),
            ),
            "hashrate",
            at.found.readings.hashrate_to,
        )
        for mean in at.found.readings.hashrate
    ]
    implied = implied_ehs(at.found)
    by_difficulty = DASH if implied is None else _ehs(implied, formats)
    return Explanation(
        _("Hashrate"),
        _(
            "hashrate of a day = blocks x difficulty x 2^32 / 86,400 s\n"
            "mean of n days = sum of n days / n, only where all n are known\n"
            "error = 100% / sqrt(144 x n), one standard deviation\n"
            "fall = mean / highest mean so far - 1\n"
            "by difficulty = difficulty x 2^32 / 600 s"
        ),
        (*means, at.in_force(_("by difficulty"), by_difficulty)),
        (
            _("Blocks are found by chance: a single day is 8.3% noise, so it is only a dot."),
            *at.found.readings.notes,
        ),
    )


def ribbon(at: Moment) -> Explanation:
    """Explain the hash ribbon."""
    reading, choice = at.found.readings.ribbon, at.found.choice
    day = at.found.readings.hashrate_to
    inputs: tuple[Input, ...] = ()
    if reading is not None:
        inputs = (
            at.day(_("30-day mean"), _ehs(reading.fast_ehs, at.formats), "hashrate", day),
            at.day(_("60-day mean"), _ehs(reading.slow_ehs, at.formats), "hashrate", day),
            Input(
                _("confirmation"),
                _("{days} days, band {band}").format(
                    days=choice.confirmation_days,
                    band=at.formats.percent(choice.confirmation_band),
                ),
                _("chosen by you"),
            ),
        )
    return Explanation(
        _("Hash ribbon"),
        _(
            "capitulation: while the 30-day mean of hashrate is under the 60-day mean\n"
            "recovered: from the cross back until the buy or a new cross\n"
            "buy: first day after it with the 10-day mean of the price over its 20-day mean\n"
            "recovering: in a capitulation, the 30-day mean above its value 7 days before"
        ),
        inputs,
        (
            _("Charles Edwards' definition (Capriole). A day once painted is never repainted."),
            *at.found.readings.notes,
        ),
    )


def _ehs(value: float, formats: Formats) -> str:
    return _("{value} EH/s").format(value=formats.number(value, 1))


def hashprice(at: Moment) -> Explanation:
    """Explain hashprice and its fall."""
    curves, formats = at.found.curves, at.formats
    fall = last(curves.hashprice_fall_pct)
    return Explanation(
        _("Hashprice"),
        _(
            "hashprice = 1 PH/s x 86,400 s / (difficulty x 2^32) x (subsidy + fees of a block) x "
            "price\nfees of a block = fees of the day / 144\n"
            "fall = hashprice / highest hashprice so far - 1"
        ),
        (
            at.day(_("price"), at.usd(last(curves.price)), "price"),
            at.day(_("difficulty"), formats.difficulty(_difficulty(at), 3), "difficulty"),
            Input(_("subsidy"), _btc(last(curves.subsidy_btc), 4, formats), _("the protocol")),
            at.day(_("fees of the day"), _btc(_fees(at), 3, formats), "fees"),
            at.day(_("hashprice"), at.usd(last(curves.hashprice), 2), "price"),
            at.day(_("fall from its peak"), _points(fall, formats), "price"),
        ),
        (_("Luxor's definition, gross of pool fees; from difficulty, never from hashrate."),),
    )


def price(at: Moment) -> Explanation:
    """Explain the price."""
    return Explanation(
        _("What a BTC brings"),
        _("the price of the last complete day; the strip above shows the live one"),
        (at.day(_("price"), at.usd(last(at.found.curves.price)), "price"),),
    )


def puell(at: Moment) -> Explanation:
    """Explain the Puell multiple."""
    multiple = at.found.readings.puell
    coins, worth = _issued(at), last(at.found.curves.price)
    value = None if coins is None or worth is None else coins * worth
    mean = value / multiple if value is not None and multiple else None
    return Explanation(
        _("Puell multiple"),
        _("new coins of the day x price / mean of the same over 365 days"),
        (
            at.day(_("new coins of the day"), _btc(coins, 2, at.formats), "issuance"),
            at.day(_("price"), at.usd(worth), "price"),
            at.day(_("their value"), at.usd(value), "issuance"),
            at.day(_("mean over 365 days"), at.usd(mean), "issuance"),
            at.day(_("multiple"), at.formats.number(multiple, 3), "issuance"),
        ),
        (_("David Puell's definition."),),
    )


def fee_share(at: Moment) -> Explanation:
    """Explain the fees' share of the reward."""
    return Explanation(
        _("Fees' share of the reward"),
        _("fees of the day / (fees + new coins of the day)"),
        (
            at.day(_("fees of the day"), _btc(_fees(at), 3, at.formats), "fees"),
            at.day(_("new coins of the day"), _btc(_issued(at), 2, at.formats), "issuance"),
            at.day(_("share"), at.formats.percent(last(at.found.curves.fee_share), 2), "fees"),
        ),
    )


def issuance(at: Moment) -> Explanation:
    """Explain how many new coins there are."""
    curves, formats = at.found.curves, at.formats
    return Explanation(
        _("New coins"),
        _(
            "new coins of the day = blocks of the day x subsidy\n"
            "a year = new coins of the day x 365.25 / coins there are\n"
            "coins there are: exact at a halving, 144 blocks a day since"
        ),
        (
            at.day(_("new coins of the day"), _btc(_issued(at), 2, formats), "issuance"),
            Input(_("subsidy"), _btc(last(curves.subsidy_btc), 4, formats), _("the protocol")),
            Input(_("coins there are"), _btc(last(curves.supply_btc), 0, formats)),
            at.day(_("a year"), formats.percent(last(curves.issued_share), 2), "issuance"),
            at.day(_("price"), at.usd(last(curves.price)), "price"),
        ),
    )


def regression(at: Moment) -> Explanation:
    """Explain the difficulty regression."""
    curves, formats = at.found.curves, at.formats
    return Explanation(
        _("Difficulty regression"),
        _("price = exp({a:.4f} + {b:.4f} x ln(difficulty)) / coins there are").format(
            a=REGRESSION_INTERCEPT, b=REGRESSION_SLOPE
        ),
        (
            at.day(_("difficulty"), formats.difficulty(_difficulty(at), 3), "difficulty"),
            Input(_("coins there are"), _btc(last(curves.supply_btc), 0, formats)),
            Input(
                _("coefficients"),
                f"{REGRESSION_INTERCEPT:.4f}, {REGRESSION_SLOPE:.4f}",
                "Glassnode",
            ),
            at.day(_("result"), at.usd(last(curves.regression)), "difficulty"),
        ),
        (
            _(
                "Glassnode's fit of all-in cost up to 14 September 2022 (R² 0.944): somebody's "
                "frozen model, not a measurement."
            ),
        ),
    )


def _difficulty(at: Moment) -> float | None:
    """Return the difficulty at the end of the last day, which its implied hashrate tells."""
    implied = last(at.found.curves.implied_ehs)
    return None if implied is None else implied * HS_PER_EHS / hashrate_from_difficulty(1.0)


def _issued(at: Moment) -> float | None:
    return last(at.found.readings.days.issuance_btc)


def _fees(at: Moment) -> float | None:
    return last(at.found.readings.days.fees_btc)


def _points(pct: float | None, formats: Formats) -> str:
    return DASH if pct is None else formats.percent_points(pct, signed=True)


def _btc(value: float | None, digits: int, formats: Formats) -> str:
    if value is None:
        return DASH
    return _("{value} BTC").format(value=formats.number(value, digits))
