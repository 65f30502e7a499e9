"""Joining: one value a day from the preferred source, every doubt listed, nothing averaged."""

from __future__ import annotations

from datetime import UTC, date, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minerdesk.domain.network_days import DayQuantity, RetargetRow
from minerdesk.services.network_history.as_words import as_daily
from minerdesk.services.network_history.daily import (
    EPOCH,
    JOINED,
    RETARGETS,
    Disagreement,
    JoinedHistory,
    Tolerances,
    join,
)
from minerdesk.services.network_history.reports import Span
from minerdesk.services.network_reading.from_file import readings_from_past
from minerdesk.storage.history_day_rows import KeptSource
from minerdesk.storage.resources import load_retargets
from tests.services.network_history.kept import DAY, NOW, UNTIL, run, series, source, unix

Q = DayQuantity
NAN = float("nan")


def joined(*sources: KeptSource, until: date = UNTIL, currency: str = "USD") -> JoinedHistory:
    return join(sources, (), until=until, currency=currency)


def test_with_nothing_there_is_nothing() -> None:
    found = joined()
    assert found.days.count == 0
    assert found.retargets.count == 0
    assert (found.used, found.retargets_known_until, found.embedded_until) == ((), None, None)
    words = as_daily(found)
    assert words.days is None
    assert words.embedded_alone


def test_the_preferred_source_is_used_and_others_fill_what_it_lacks() -> None:
    found = joined(
        source("prices.csv", series(Q.PRICE, run(DAY, [1, 2, 3, 4])), from_file=True),
        source("blockchain.com", series(Q.PRICE, run(DAY, [10, 20, 30]))),
        source("mempool.space", series(Q.PRICE, run(DAY + 1, [200, NAN, 400]))),
    )
    assert found.days.first_day == DAY
    assert found.days.price.tolist() == [10, 200, 30, 400]
    assert [(u.source, u.first.day, u.last.day, u.days) for u in found.provenance(Q.PRICE)] == [
        ("mempool.space", 2, 4, 2),
        ("blockchain.com", 1, 3, 2),
    ]
    assert found.provenance(Q.PRICE)[0].taken_at == NOW


def test_sources_that_differ_are_listed_with_both_values() -> None:
    found = joined(
        source("mempool.space", series(Q.PRICE, run(DAY, [100, 100, 100]))),
        source("blockchain.com", series(Q.PRICE, run(DAY, [101.9, 102.1, 97.9]))),
    )
    assert found.days.price.tolist() == [100, 100, 100]
    assert [(d.day.day, d.other_value) for d in found.disagreements] == [(2, 102.1), (3, 97.9)]
    assert found.disagreements[0] == Disagreement(
        Q.PRICE, date(2026, 1, 2), "mempool.space", 100, "blockchain.com", 102.1
    )


def test_tolerances_are_per_quantity_and_can_be_set() -> None:
    pair = (
        source("mempool.space", series(Q.HASHRATE, run(DAY, [1e21]))),
        source("blockchain.com", series(Q.HASHRATE, run(DAY, [1.04e21]))),
    )
    assert joined(*pair).disagreements == ()
    strict = join(pair, (), until=UNTIL, tolerances=Tolerances(hashrate=0.03))
    assert len(strict.disagreements) == 1
    assert Tolerances(amount=0.1).of(Q.FEES) == Tolerances(amount=0.1).of(Q.ISSUANCE) == 0.1


def test_gaps_stay_unknown_and_are_listed() -> None:
    found = joined(source("mempool.space", series(Q.PRICE, run(DAY, [1, NAN, NAN, 4, NAN, 6]))))
    assert np.isnan(found.days.price).tolist() == [False, True, True, False, True, False]
    assert found.gaps[Q.PRICE] == (
        Span(date(2026, 1, 2), date(2026, 1, 3)),
        Span(date(2026, 1, 5), date(2026, 1, 5)),
    )
    assert found.gaps[Q.FEES] == ()
    assert "2026-01-02 – 2026-01-03, 2026-01-05" in as_daily(found).notes[0]


def test_doubles_are_listed() -> None:
    kept = series(Q.FEES, run(DAY, [1, 2]), doubles=((DAY + 1, 2.5), (DAY, 7.0)))
    found = joined(source("mine.csv", kept, from_file=True), until=date(2026, 1, 2))
    (two, one) = found.doubles
    assert (two.source, two.day, two.value, two.other) == ("mine.csv", date(2026, 1, 2), 2, 2.5)
    assert one.other == 7
    assert any("two values" in note for note in as_daily(found).notes)


def test_prices_of_another_currency_are_not_mixed_in() -> None:
    both = source(
        "mempool.space",
        series(Q.PRICE, run(DAY, [100.0])),
        series(Q.PRICE, run(DAY + 1, [90.0]), "EUR"),
    )
    assert joined(both).days.price.tolist() == [100]
    found = joined(both, currency="EUR")
    assert (found.days.price.tolist(), found.currency) == ([90], "EUR")


def test_nothing_after_the_last_day_is_used() -> None:
    kept = source("mempool.space", series(Q.PRICE, run(DAY, [1, 2, 3, 4])))
    assert joined(kept, until=date(2026, 1, 2)).days.price.tolist() == [1, 2]
    assert joined(kept, until=date(2025, 12, 1)).days.count == 0


@given(st.integers(0, 9), st.lists(st.floats(1, 1e6), min_size=10, max_size=10))
def test_later_days_change_nothing_before(cut: int, values: list[float]) -> None:
    rows = tuple(
        RetargetRow(2016 * (400 + i), unix(DAY + 3 * i, 5), 1e14 + i * 1e12) for i in range(3)
    )
    kept = source(
        "mempool.space",
        series(Q.PRICE, run(DAY, values)),
        series(Q.HASHRATE, run(DAY, [v * 1e15 for v in values])),
        retargets=rows,
        retargets_at=NOW,
    )
    until = date.fromordinal(DAY + cut)
    short, whole = join([kept], (), until=until), joined(kept)
    for name in ("price", "hashrate_hs", "difficulty"):
        early = getattr(short.days, name)
        np.testing.assert_array_equal(early, getattr(whole.days, name)[: len(early)])


# --- difficulty and retargets

EXACT = tuple(
    RetargetRow(2016 * (450 + i), unix(DAY + 5 * i, 13), 1.4e14 * 1.02**i) for i in range(3)
)


def test_difficulty_is_that_of_the_retargets_at_the_end_of_a_day() -> None:
    found = joined(source("mempool.space", retargets=EXACT, retargets_at=NOW))
    known = found.days.difficulty
    assert found.days.first_day == DAY
    assert known[:5].tolist() == [EXACT[0].difficulty] * 5
    assert known[5] == EXACT[1].difficulty
    assert known[-1] == EXACT[2].difficulty
    assert found.days.count == 18
    (used,) = found.provenance(Q.DIFFICULTY)
    assert used.source == RETARGETS
    assert found.retargets_known_until == datetime(2026, 1, 19, tzinfo=UTC)


def test_after_the_last_word_on_retargets_difficulty_is_not_known() -> None:
    told = datetime(2026, 1, 14, 9, tzinfo=UTC)
    found = joined(
        source(
            "mempool.space",
            series(Q.PRICE, run(DAY, [1.0] * 18)),
            retargets=EXACT,
            retargets_at=told,
        )
    )
    assert np.isfinite(found.days.difficulty).sum() == 13
    assert found.retargets_known_until == told


def test_an_epoch_that_lacks_is_not_bridged() -> None:
    found = joined(
        source("mempool.space", retargets=(EXACT[0], EXACT[2]), retargets_at=NOW),
    )
    assert np.isfinite(found.days.difficulty).tolist() == [True] + [False] * 9 + [True] * 8
    assert found.gaps[Q.DIFFICULTY] == (Span(date(2026, 1, 2), date(2026, 1, 10)),)


def test_a_node_that_knows_a_day_knows_the_retargets_before_its_end() -> None:
    node = source("Bitcoin Core", series(Q.HASHRATE, run(DAY, [1e21] * 16)), retargets=EXACT)
    found = joined(node)
    assert np.isfinite(found.days.difficulty).sum() == 16


def test_exact_times_go_before_approximate_ones_and_differences_are_told() -> None:
    rough = RetargetRow(EXACT[1].height, unix(DAY + 5, 12), EXACT[1].difficulty, exact=False)
    odd = RetargetRow(EXACT[0].height, EXACT[0].time_s, EXACT[0].difficulty * 1.001)
    found = join(
        [
            source("Bitcoin Core", retargets=(rough,)),
            source("mempool.space", retargets=EXACT, retargets_at=NOW),
            source("other.example", retargets=(odd,)),
        ],
        (rough,),
        until=UNTIL,
    )
    assert found.retargets.time_s.tolist() == [row.time_s for row in EXACT]
    assert found.retarget_sources == ("mempool.space",) * 3
    (conflict,) = found.conflicts
    assert (conflict.height, conflict.source, conflict.other_source) == (
        EXACT[0].height,
        "mempool.space",
        "other.example",
    )
    assert found.embedded_until == date(2026, 1, 6)
    assert any(str(EXACT[0].height) in note for note in as_daily(found).notes)


def test_retargets_that_do_not_fit_in_time_are_left_out_and_told() -> None:
    late = RetargetRow(EXACT[2].height + 2016, unix(DAY + 2, 12), 1.5e14, exact=False)
    early = RetargetRow(EXACT[0].height - 2016, unix(DAY + 3, 12), 1.3e14, exact=False)
    found = join(
        [source("mempool.space", retargets=EXACT, retargets_at=NOW)], (early, late), until=UNTIL
    )
    assert found.retargets.height.tolist() == [row.height for row in EXACT]
    assert found.misplaced == ((early.height, "embedded"), (late.height, "embedded"))
    assert any("2 retargets do not fit" in note for note in as_daily(found).notes)


def test_a_better_row_that_says_otherwise_is_told_too() -> None:
    rough = RetargetRow(EXACT[0].height, unix(DAY, 12), 1.0e14, exact=False)
    found = joined(
        source("Bitcoin Core", retargets=(rough,)),
        source("mempool.space", retargets=(EXACT[0],), retargets_at=NOW),
    )
    (conflict,) = found.conflicts
    assert (conflict.source, conflict.difficulty) == ("mempool.space", EXACT[0].difficulty)
    assert (conflict.other_source, conflict.other_difficulty) == ("Bitcoin Core", 1.0e14)


def test_daily_difficulties_are_compared_away_from_retargets() -> None:
    values = [EXACT[0].difficulty * 1.001] * 5 + [EXACT[1].difficulty] * 5
    chart = series(Q.DIFFICULTY, run(DAY, values))
    found = joined(
        source("mempool.space", retargets=EXACT, retargets_at=NOW),
        source("blockchain.com", chart),
    )
    assert [d.day.day for d in found.disagreements] == [3, 4]
    assert found.disagreements[0].source == RETARGETS


# --- hashrate of epochs, fees and issuance


def test_the_embedded_retargets_alone_give_a_history_of_epochs() -> None:
    embedded = load_retargets()
    found = join([], embedded, until=date(2026, 11, 22))
    assert found.hashrate_resolution == EPOCH
    assert found.embedded_until == date(2026, 5, 29)
    assert found.days.first_day == date(2022, 12, 6).toordinal()
    assert date.fromordinal(found.days.first_day + found.days.count - 1) == date(2026, 5, 29)
    assert np.isfinite(found.days.difficulty).all()
    mean = found.days.hashrate_hs
    first_ehs = mean[0] / 1e18
    # 14 days a nominal epoch: 34.24 T x 2^32 / 600 s x (35.36 / 34.24) x 2015 / 2016
    assert first_ehs == pytest.approx(253.0, rel=0.002)
    assert np.isnan(mean[-1])  # the epoch is not over
    (used,) = found.provenance(Q.HASHRATE)
    assert (used.resolution, used.source, used.taken_at) == (EPOCH, "embedded", None)
    words = as_daily(found)
    assert (words.days, words.embedded_alone) == (None, True)
    assert "2015 x difficulty" in words.sources["hashrate"]


def test_a_day_on_which_three_differ_is_one_day() -> None:
    found = joined(
        source("mempool.space", series(Q.PRICE, run(DAY, [100, 100]))),
        source("blockchain.com", series(Q.PRICE, run(DAY, [110, 100]))),
        source("mine.csv", series(Q.PRICE, run(DAY, [120, 100])), from_file=True),
    )
    assert len(found.disagreements) == 2
    assert any("disagree on 1 day;" in note for note in as_daily(found).notes)


def test_the_hashrate_of_epochs_beside_prices_is_not_taken_for_daily() -> None:
    prices = run(DAY - 400, [90_000.0] * 400)
    found = join([source("mempool.space", series(Q.PRICE, prices))], load_retargets(), until=UNTIL)
    assert found.hashrate_resolution == EPOCH
    words = as_daily(found)
    assert words.days is not None
    readings = readings_from_past(words, UNTIL, 0.05)
    assert readings.ribbon is not None
    assert readings.ribbon.resolution == "epoch"
    assert readings.hashrate[0].error_pct == pytest.approx(2.23, abs=0.01)


def test_one_daily_hashrate_is_enough_for_days() -> None:
    found = joined(
        source(
            "mempool.space",
            series(Q.HASHRATE, run(DAY + 2, [1e21])),
            retargets=EXACT,
            retargets_at=NOW,
        )
    )
    assert found.hashrate_resolution == "day"
    assert np.isfinite(found.days.hashrate_hs).sum() == 1
    words = as_daily(found)
    assert words.days is found.days
    assert not words.embedded_alone


def test_means_per_block_become_sums_by_the_days_blocks() -> None:
    blocks = 150
    difficulty = EXACT[0].difficulty
    hashrate = blocks * difficulty * 2**32 / 86_400
    kept = source(
        "mempool.space",
        series(Q.HASHRATE, run(DAY + 1, [hashrate])),
        series(Q.FEES_PER_BLOCK, run(DAY + 1, [0.02])),
        series(Q.REWARD_PER_BLOCK, run(DAY + 1, [3.145])),
        retargets=EXACT,
        retargets_at=NOW,
    )
    found = joined(kept)
    assert found.days.fees_btc[1] == pytest.approx(3.0)
    assert found.days.issuance_btc[1] == pytest.approx(468.75)
    assert "mean per block" in found.provenance(Q.FEES)[0].derived
    only_fees = source("mempool.space", *kept.series[:2], retargets=EXACT, retargets_at=NOW)
    assert np.isnan(joined(only_fees).days.issuance_btc).all()


def test_sums_of_blocks_go_before_means() -> None:
    kept = source(
        "mempool.space",
        series(Q.FEES, run(DAY + 1, [3.5])),
        series(Q.REWARD, run(DAY + 1, [453.5])),
    )
    found = joined(kept)
    assert found.days.fees_btc.tolist() == [3.5]
    assert found.days.issuance_btc.tolist() == [450.0]
    assert found.provenance(Q.ISSUANCE)[0].derived == "reward - fees"


def test_what_may_not_be_used_commercially_is_marked() -> None:
    prices = series(Q.PRICE, run(DAY, [100.0] * 5))
    words = as_daily(joined(source("Coin Metrics", prices)))
    assert words.sources["price"].endswith(", for non-commercial use")
    other = as_daily(joined(source("mempool.space", prices)))
    assert "commercial" not in other.sources["price"]


def test_words_name_every_source_and_disagreement() -> None:
    found = joined(
        source("mempool.space", series(Q.PRICE, run(DAY, [100.0] * 5))),
        source("blockchain.com", series(Q.PRICE, run(DAY, [110.0] * 6))),
    )
    words = as_daily(found)
    assert words.sources["price"].startswith("mempool.space: 5 days from 2026-01-01 to 2026-01-05")
    assert "blockchain.com: 1 days" in words.sources["price"]
    (note,) = words.notes
    assert "disagree on 5 days" in note
    assert "mempool.space 100, blockchain.com 110" in note
    assert set(words.sources) <= {q.value for q in JOINED}
