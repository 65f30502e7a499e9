from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from minerdesk.engine.indicators.days import Days
from minerdesk.engine.indicators.ribbon import Confirmation, Episode, Phase, Ribbon, ribbon

Floats = NDArray[np.float64]
N, C, R = Phase.NORMAL, Phase.CAPITULATION, Phase.RECOVERED


def days(hashrate: Floats, price: Floats | None = None) -> Days:
    nothing = np.full(len(hashrate), np.nan)
    return Days(738_000, nothing if price is None else price, hashrate, nothing, nothing, nothing)


def spells(found: Ribbon) -> list[tuple[Phase, int]]:
    """Phases with their lengths, in order."""
    out: list[tuple[Phase, int]] = []
    for code in found.phase:
        phase = Phase(code)
        if out and out[-1][0] is phase:
            out[-1] = (phase, out[-1][1] + 1)
        else:
            out.append((phase, 1))
    return out


def dip(level: float = 50.0) -> Floats:
    """Sixty-nine days at 100, twenty low, then high again: the crossings can be counted by hand."""
    return np.concatenate((np.full(69, 100.0), np.full(20, level), np.full(71, 100.0)))


def test_sixty_days_are_needed_before_there_is_a_phase() -> None:
    assert spells(ribbon(days(np.full(70, 100.0)))) == [(Phase.UNKNOWN, 59), (N, 11)]


def test_a_dip_capitulates_at_the_cross_and_recovers_at_the_re_cross() -> None:
    found = ribbon(days(dip()))
    # Day 69 is the first low one: the fast mean falls by 50/30, the slow one by 50/60.
    # The low days leave the fast window one by one from day 99; half as many low days (10) in 30
    # as in 60 (20) makes them equal again on day 108.
    assert found.episodes == (Episode(69, 108, None),)
    assert spells(found)[:4] == [(Phase.UNKNOWN, 59), (N, 10), (C, 39), (R, 52)]
    assert found.phase[68] == N
    assert found.phase[69] == C
    assert found.fast_hs[69] < found.slow_hs[69]
    assert found.fast_hs[108] == pytest.approx(found.slow_hs[108])


def test_a_buy_is_the_first_day_after_the_recross_with_a_rising_price() -> None:
    price = np.concatenate((np.full(120, 100.0), np.full(40, 110.0)))
    found = ribbon(days(dip(), price))
    assert found.episodes == (Episode(69, 108, 120),)
    assert found.phase[119] == R
    assert found.phase[120] == N


def test_a_price_that_rises_already_buys_on_the_day_of_the_recross() -> None:
    found = ribbon(days(dip(), np.linspace(100, 200, 160)))
    assert found.episodes == (Episode(69, 108, 108),)
    assert R not in found.phase


def test_a_new_cross_ends_a_recovery_without_a_buy() -> None:
    hashrate = np.concatenate((dip(), np.full(30, 40.0)))
    first, second = ribbon(days(hashrate)).episodes
    assert first == Episode(69, 108, None)
    assert second == Episode(160, None, None)


def test_recovering_is_the_fast_mean_over_its_value_a_week_before_in_any_phase() -> None:
    found = ribbon(days(dip()))
    flagged = np.flatnonzero(found.recovering)
    # The fast mean is flat from day 88 (all low days inside) and rises from day 99 to 118, when the
    # last low day has left it; it crosses back on day 108.
    assert flagged.tolist() == list(range(99, 125))
    assert [found.phase[day] for day in (99, 107, 108, 124)] == [C, C, R, R]


def test_a_gap_has_no_phase_and_forgets_nothing() -> None:
    hashrate = dip()
    hashrate[95] = np.nan
    found = ribbon(days(hashrate))
    assert set(found.phase[95:155].tolist()) == {Phase.UNKNOWN}
    assert len(found.episodes) == 1
    assert found.episodes[0].start == 69
    assert found.episodes[0].recovered == 155


def test_a_confirmation_asks_for_days_in_a_row() -> None:
    found = ribbon(days(dip()), Confirmation(days=5))
    assert found.episodes == (Episode(73, 112, None),)


def test_a_band_asks_for_distance_both_ways() -> None:
    plain = ribbon(days(dip())).episodes[0]
    wide = ribbon(days(dip()), Confirmation(band=0.03)).episodes[0]
    assert plain.recovered is not None
    assert wide.recovered is not None
    assert wide.start > plain.start
    assert wide.recovered > plain.recovered
    assert ribbon(days(dip(99.0)), Confirmation(band=0.03)).episodes == ()


@pytest.mark.parametrize(("asked", "text"), [((0, 0.0), "at least 1 day"), ((1, 1.0), "below 1")])
def test_a_confirmation_that_cannot_be_is_refused(asked: tuple[int, float], text: str) -> None:
    with pytest.raises(ValueError, match=text):
        Confirmation(*asked)


def test_nothing_has_no_phases() -> None:
    assert ribbon(days(np.empty(0))).episodes == ()


def test_phases_have_their_word() -> None:
    assert [phase.word for phase in Phase] == ["unknown", "normal", "capitulation", "recovered"]


@given(st.integers(0, 2**32 - 1), st.integers(60, 260), st.sampled_from([1, 3]))
def test_a_day_once_judged_is_never_judged_anew(seed: int, known: int, confirm: int) -> None:
    random = np.random.default_rng(seed)
    hashrate = 100 * np.exp(np.cumsum(random.normal(0, 0.03, 300)))
    hashrate[random.random(300) < 0.005] = np.nan
    price = 100 * np.exp(np.cumsum(random.normal(0, 0.03, 300)))
    asked = Confirmation(days=confirm)
    whole = ribbon(days(hashrate, price), asked)
    part = ribbon(days(hashrate[:known], price[:known]), asked)
    assert np.array_equal(part.phase, whole.phase[:known])
    assert np.array_equal(part.recovering, whole.recovering[:known])

    def seen(day: int | None) -> int | None:
        return day if day is not None and day < known else None

    assert part.episodes == tuple(
        Episode(each.start, seen(each.recovered), seen(each.buy))
        for each in whole.episodes
        if each.start < known
    )
