r"""Two numbers for an operator who acts by hand: stop at one, start again at the other.

A rig that runs earns ``a h - c p`` an hour: h the hashprice, a its paid PH/s / 24 (times what the
required margin keeps), p the price of power, c the kW that stop when it stops. At ``a h = c p``,
its break-even, running and resting are worth the same, but going there and back costs

    K(h) = wear of a stop + wear of a start + L a h,   L hours of full power without hashing.

Nobody knows how long a price will last; one can say how long a state is kept at least. Off for Hoff
hours, a rig saves ``(c p - a h) Hoff`` and the way back costs K. On for Hon hours it earns ``(a h -
c p) Hon`` and the way there and back costs K. Each move pays for itself where that is no less:

    stop   where  (c p - a h) Hoff >= K(h)     h <= (c p - W / Hoff) / (a (1 + L / Hoff))
    start  where  (a h - c p) Hon  >= K(h)     h >= (c p + W / Hon) / (a (1 - L / Hon))

with W the wear of both, and the same two solved for p. A start whose lost minutes fill all of Hon
never pays, whatever the hashprice.

What that is good for. (1) A move pays for itself, the way back included, if the price then stays
beyond the number for the hold time. (2) Where excursions to either side of break-even are each at
one level and last at most the hold time, acting on the pair never loses against acting at
break-even: the two differ only in excursions that do not reach a number; each of these has its
neighbours on the side that is kept, so the pair saves a whole K and forgoes less. It may lose where
excursions are longer *and* shallow: there the hold time should be the longer time that the operator
expects, or the plan be followed, which sees how long they last.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from minerdesk.engine.dispatch.problem import Floats


@dataclass(frozen=True, slots=True)
class Hand:
    """What a group's rig earns, draws, and costs to start; each (G,) or one number for all.

    Attributes:
        paid_ths: TH/s that are paid, times `Units.keep`.
        avoided_kw: at the meter, on less off.
        wear: money of a start and a stop together.
        start_lost_h: hours. min_on_h, min_off_h: hours.
    """

    paid_ths: ArrayLike
    avoided_kw: ArrayLike
    wear: ArrayLike
    start_lost_h: ArrayLike
    min_on_h: ArrayLike
    min_off_h: ArrayLike


@dataclass(frozen=True, slots=True)
class Hysteresis:
    """Where to stop and where to start again, (G,) each.

    Attributes:
        stop_below_per_ph_day, start_above_per_ph_day: hashprice at today's price of power; the
            latter is infinite where no start pays.
        stop_above_per_kwh, start_below_per_kwh: price of power at today's hashprice; both infinite
            where a stop saves no power.
        break_even_per_ph_day, break_even_per_kwh: between the two; the latter likewise.
    """

    stop_below_per_ph_day: Floats
    start_above_per_ph_day: Floats
    stop_above_per_kwh: Floats
    start_below_per_kwh: Floats
    break_even_per_ph_day: Floats
    break_even_per_kwh: Floats


def hysteresis(
    hand: Hand, *, hashprice_per_ph_day: ArrayLike, price_per_kwh: ArrayLike, hold_h: float
) -> Hysteresis:
    """Return the pairs of numbers; the module says how they are derived and what they promise.

    Args:
        hand: the groups.
        hashprice_per_ph_day: money, one number or (G,).
        price_per_kwh: money at the meter, one number or (G,).
        hold_h: hours that a state is kept at least, above 0; a longer minimum time stands over it.

    Raises:
        ValueError: the hold time is not above 0.
    """
    if not hold_h > 0:
        raise ValueError(f"a state must be held for some time, not {hold_h} h")
    a = np.asarray(hand.paid_ths, float) / 1e3 / 24
    c = np.asarray(hand.avoided_kw, float)
    wear, lost_h = np.asarray(hand.wear, float), np.asarray(hand.start_lost_h, float)
    on_h, off_h = np.maximum(hand.min_on_h, hold_h), np.maximum(hand.min_off_h, hold_h)
    h, p = np.asarray(hashprice_per_ph_day, float), np.asarray(price_per_kwh, float)
    earns, cycle = a * h, wear + lost_h * a * h
    pays = on_h > lost_h
    with np.errstate(divide="ignore", invalid="ignore"):
        start_above = (c * p + wear / on_h) / (a * (1 - lost_h / on_h))
        stop_above, start_below = (earns + cycle / off_h) / c, (earns - cycle / on_h) / c
        even = earns / c
    saves = c > 0
    numbers = (
        (c * p - wear / off_h) / (a * (1 + lost_h / off_h)),
        np.where(pays, start_above, np.inf),
        np.where(saves, stop_above, np.inf),
        np.where(saves, start_below, np.inf),
        c * p / a,
        np.where(saves, even, np.inf),
    )
    return Hysteresis(*np.broadcast_arrays(*np.atleast_1d(*numbers)))
