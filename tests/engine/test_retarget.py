from __future__ import annotations

import csv
import json
import math
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minerdesk.engine.retarget import (
    POW_LIMIT,
    POW_LIMIT_BITS,
    Projection,
    bits_change_pct,
    bits_to_target,
    difficulty_from_bits,
    hashes_per_block_exact,
    next_bits,
    project_retarget,
    retarget_error_pct,
    target_to_bits,
)

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"


def unix(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def data_file(name: str) -> Path:
    path = DATA / name
    if not path.is_file():
        pytest.skip(f"{name} is not at hand")
    return path


# The protocol's retarget: first time, last time, bits, next bits.
CORE = [
    (1_261_130_161, 1_262_152_739, 0x1D00FFFF, 0x1D00D86A),
    (1_231_006_505, 1_233_061_996, 0x1D00FFFF, 0x1D00FFFF),  # easier than allowed
    (1_279_008_237, 1_279_297_671, 0x1C05A3F4, 0x1C0168FD),  # clamped at a quarter
    (1_263_163_443, 1_269_211_443, 0x1C387F6F, 0x1D00E1FD),  # clamped at four times
]


@pytest.mark.parametrize(("first", "last", "bits", "expected"), CORE)
def test_the_protocols_retarget(first: int, last: int, bits: int, expected: int) -> None:
    assert next_bits(first, last, bits) == expected


def test_the_retarget_is_off_by_one_interval() -> None:
    # 2015 intervals of 600 s are measured, and divided by 2016 of them.
    span, bits = 2015 * 600, 0x1701EB46
    assert bits_to_target(next_bits(0, span, bits)) < bits_to_target(bits)
    assert next_bits(0, 2016 * 600, bits) == bits


CHANGES = [
    (0x1D000200, 0x1D000100, 100.0),
    (0x1D000400, 0x1D000100, 300.0),
    (0x1D000800, 0x1D000100, 300.0),  # seven times harder, clamped
    (0x1D000100, 0x1D000200, -50.0),
    (0x1D000100, 0x1D000400, -75.0),
    (0x1D000100, 0x1D000800, -75.0),  # -87.5, clamped
    (0x1C000200, 0x1D000001, 100.0),
    (0x1D000001, 0x1C000800, -75.0),
]


@pytest.mark.parametrize(("old", "new", "percent"), CHANGES)
def test_change_between_bits(old: int, new: int, percent: float) -> None:
    assert bits_change_pct(old, new) == percent


def projected(args: dict[str, Any], height: int, previous: float) -> Projection:
    latest = args["latestBlockTimestamp"]
    return project_retarget(
        height=height,
        epoch_start_s=unix(args["DATime"]),
        quarter_time_s=unix(args["quarterEpochTime"]),
        now_s=unix(args["now"]),
        latest_block_s=unix(latest) if latest else None,
        previous_pct=previous,
    )


FEBRUARY_2024 = {
    "DATime": "2024-02-02T15:42:06Z",
    "quarterEpochTime": "2024-02-08T14:43:05Z",
    "now": "2024-02-11T22:43:01Z",
    "latestBlockTimestamp": 0,
}
MAY_2023 = {
    "DATime": "2023-04-20T09:57:33Z",
    "quarterEpochTime": "2022-08-16T03:16:54Z",
    "now": "2023-05-04T14:54:09Z",
    "latestBlockTimestamp": "2023-05-04T14:54:26Z",
}


def test_projection_in_the_middle_of_an_epoch() -> None:
    found = projected(FEBRUARY_2024, 830_027, 7.333505241141637)
    assert found.change_pct == pytest.approx(8.512745140778843, rel=1e-12)
    assert found.progress_pct == pytest.approx(71.97420634920636, rel=1e-12)
    assert found.remaining_blocks == 565
    assert found.remaining_s == 312_620.715
    assert found.at_s == 1_708_004_001.715
    assert found.next_height == 830_592
    assert math.floor(found.mean_block_s * 1000) == 553_311
    assert found.error_pct == retarget_error_pct(830_027 % 2016)


def test_projection_is_settled_by_the_last_block() -> None:
    found = projected(MAY_2023, 788_255, 1.7220298879531821)
    assert found.change_pct == pytest.approx(-1.4512637555574193, rel=1e-12)
    assert (found.remaining_blocks, found.remaining_s) == (1, 609.129)
    assert found.at_s == pytest.approx(1_683_212_658.129, abs=1e-6)
    assert found.next_height == 788_256


def test_vectors_at_hand() -> None:
    vectors = json.loads(data_file("difficulty_test_vectors.json").read_text(encoding="utf-8"))
    for case in vectors["mempool_calcDifficultyAdjustment"]:
        args, expect = case["args"], case["expect"]
        found = projected(args, args["blockHeight"], args["previousRetarget"])
        assert found.change_pct == pytest.approx(expect["difficultyChange"], rel=1e-9)
        assert found.remaining_s * 1000 == pytest.approx(expect["remainingTime"], abs=1e-3)
        assert found.at_s * 1000 == pytest.approx(expect["estimatedRetargetDate"], abs=1e-3)
        assert found.next_height == expect["nextRetargetHeight"]
        assert found.progress_pct == pytest.approx(expect["progressPercent"], rel=1e-12)
    for old, new, percent in vectors["mempool_calcBitsDifference"]:
        assert bits_change_pct(int(old, 16), int(new, 16)) == percent
    for case in vectors["bitcoin_core_CalculateNextWorkRequired"]:
        found_bits = next_bits(case["first_time"], case["last_time"], int(case["bits"], 16))
        assert found_bits == int(case["next_bits"], 16)


def test_first_quarter_leans_on_the_epoch_before() -> None:
    # 100 blocks at 500 s each; the 403 before them at 600 s, in an epoch 10 % easier than this one.
    start, n = 1_000_000.0, 100
    found = project_retarget(
        height=2016 * 400 + n,
        epoch_start_s=start,
        quarter_time_s=start - 403 * 600,
        now_s=start + n * 500,
        previous_pct=10.0,
    )
    span = n * 500 + 403 * 600 * 1.1
    assert found.change_pct == pytest.approx((600 / (span / 504) - 1) * 100)
    assert found.remaining_s == pytest.approx((2016 - n) * span / 503, rel=1e-5)
    assert found.mean_block_s == 500


def test_first_quarter_without_the_quarters_time_uses_this_epoch_alone() -> None:
    start = 1_000_000.0
    found = project_retarget(
        height=100, epoch_start_s=start, quarter_time_s=None, now_s=start + 100 * 500
    )
    assert found.change_pct == pytest.approx((600 / (50_000 / 101) - 1) * 100)


@pytest.mark.parametrize(("n", "leans"), [(502, True), (503, False)])
def test_the_quarter_ends_at_503_blocks(n: int, leans: bool) -> None:
    start = 2_000_000.0
    found = project_retarget(
        height=n, epoch_start_s=start, quarter_time_s=start - 1e6, now_s=start + n * 600
    )
    alone = (600 / (n * 600 / (n + 1)) - 1) * 100
    assert (found.change_pct != pytest.approx(alone)) is leans


def test_the_first_block_of_an_epoch() -> None:
    start = 1_000_000.0
    found = project_retarget(
        height=2016 * 400, epoch_start_s=start, quarter_time_s=start - 503 * 600, now_s=start
    )
    assert found.mean_block_s == 600
    assert found.progress_pct == 0
    assert found.remaining_blocks == 2016
    assert found.next_height == 2016 * 401
    assert abs(found.change_pct) < 0.3


@pytest.mark.parametrize(("seconds", "percent"), [(0.0, 300.0), (1.0, 300.0), (1e9, -75.0)])
def test_projection_is_clamped(seconds: float, percent: float) -> None:
    found = project_retarget(height=1000, epoch_start_s=0.0, quarter_time_s=None, now_s=seconds)
    assert found.change_pct == percent


def test_a_clock_before_the_epoch_gives_a_number() -> None:
    found = project_retarget(height=1000, epoch_start_s=1e6, quarter_time_s=None, now_s=0.0)
    assert found.change_pct == 300.0
    assert found.mean_block_s == 0.0


@given(st.integers(0, 2015), st.floats(0, 1e7), st.none() | st.floats(1, 2e9))
def test_projection_is_always_within_the_protocols_bounds(
    n: int, elapsed: float, quarter: float | None
) -> None:
    start = 2e9
    found = project_retarget(
        height=2016 * 300 + n, epoch_start_s=start, quarter_time_s=quarter, now_s=start + elapsed
    )
    assert -75 <= found.change_pct <= 300
    assert found.remaining_blocks + n == 2016
    assert found.at_s >= start + elapsed


def test_error_band() -> None:
    assert retarget_error_pct(0) == pytest.approx(100 * math.sqrt(10_080) / 2016)
    assert retarget_error_pct(503) == pytest.approx(100 * math.sqrt(10_080 - 8 * 503) / 2016)
    assert retarget_error_pct(504) == pytest.approx(100 * math.sqrt(1 / 504 - 1 / 2016))
    # One formula takes over from the other without a step.
    assert retarget_error_pct(504) == pytest.approx(100 * math.sqrt(10_080 - 8 * 504) / 2016)
    assert retarget_error_pct(1008) == pytest.approx(2.2272, abs=1e-4)
    assert retarget_error_pct(2016) == 0
    errors = [retarget_error_pct(n) for n in range(2017)]
    assert errors == sorted(errors, reverse=True)
    for n in (-1, 2017):
        with pytest.raises(ValueError, match="0 to 2016"):
            retarget_error_pct(n)


# Height, difficulty in T, change in percent: retargets of 2025 and 2026.
RETARGETS = [
    (913_248, 136.04, 4.89),
    (915_264, 142.34, 4.63),
    (917_280, 150.84, 5.97),
    (919_296, 146.72, -2.73),
    (921_312, 155.97, 6.31),
    (923_328, 152.27, -2.37),
    (925_344, 149.30, -1.95),
    (927_360, 148.20, -0.74),
    (929_376, 148.26, 0.04),
    (931_392, 146.47, -1.20),
    (933_408, 141.67, -3.28),
    (935_424, 125.86, -11.16),
    (937_440, 144.40, 14.73),
    (939_456, 145.04, 0.45),
    (941_472, 133.79, -7.76),
    (951_552, 138.96, 1.72),
    (953_568, 124.93, -10.09),
]


def test_bits_of_two_real_epochs() -> None:
    assert difficulty_from_bits(0x1702068F) == pytest.approx(138_955_357_012_247.3, rel=1e-15)
    assert difficulty_from_bits(0x170240C3) == pytest.approx(124_932_866_006_548.16, rel=1e-15)
    assert bits_change_pct(0x1702068F, 0x170240C3) == pytest.approx(-10.091364, abs=1e-6)


def test_every_real_epoch() -> None:
    with data_file("btc_difficulty_epochs.csv").open(encoding="utf-8", newline="") as file:
        epochs = list(csv.DictReader(file))
    assert len(epochs) == 474
    by_height = {int(row["start_height"]): row for row in epochs}
    for height, difficulty_t, percent in RETARGETS:
        row = by_height[height]
        assert difficulty_from_bits(int(row["bits_hex"], 16)) / 1e12 == pytest.approx(
            difficulty_t, abs=0.0051
        )
        before = by_height[height - 2016]
        found = bits_change_pct(int(before["bits_hex"], 16), int(row["bits_hex"], 16))
        assert found == pytest.approx(percent, abs=0.0051)
    for before, row in pairwise(epochs):
        bits = int(row["bits_dec"])
        assert difficulty_from_bits(bits) == pytest.approx(float(row["difficulty"]), rel=1e-14)
        assert target_to_bits(bits_to_target(bits)) == bits
        change = bits_change_pct(int(before["bits_dec"]), bits)
        assert change == pytest.approx(float(row["change_pct"]), abs=1e-6)
        # The span that the file derives from the bits leads back to the bits.
        span = float(row["timespan_of_previous_epoch_s_from_bits"])
        replayed = next_bits(0, round(span), int(before["bits_dec"]))
        assert bits_change_pct(bits, replayed) == pytest.approx(0, abs=5e-3)


def test_difficulty_one() -> None:
    assert bits_to_target(POW_LIMIT_BITS) == 0xFFFF << 208 == POW_LIMIT
    assert difficulty_from_bits(POW_LIMIT_BITS) == 1
    assert hashes_per_block_exact(POW_LIMIT_BITS) == pytest.approx(4_295_032_833, abs=1)


@pytest.mark.parametrize(
    ("bits", "target"),
    [
        (0x01123456 & 0xFF7FFFFF, 0x12),
        (0x02123456, 0x1234),
        (0x03123456, 0x123456),
        (0x04123456, 0x12345600),
        (0x05009234, 0x92340000),
        (0x20123456, 0x123456 << 8 * 29),
    ],
)
def test_compact_form(bits: int, target: int) -> None:
    assert bits_to_target(bits) == target


@pytest.mark.parametrize(
    ("target", "bits"),
    [(0x12, 0x01120000), (0x80, 0x02008000), (0x1234, 0x02123400), (0x92340000, 0x05009234)],
)
def test_the_sign_bit_stays_clear(target: int, bits: int) -> None:
    assert target_to_bits(target) == bits


@pytest.mark.parametrize(
    "bits",
    [0, -1, 1 << 32, 1 << 80, 0x1D80FFFF, 0x00123456, 0x01003456, 0xFF123456, 0x23000100],
)
def test_bits_that_are_no_target(bits: int) -> None:
    with pytest.raises(ValueError, match="not the compact form"):
        bits_to_target(bits)


@pytest.mark.parametrize("target", [0, -1, 1 << 256])
def test_targets_out_of_range(target: int) -> None:
    with pytest.raises(ValueError, match="256-bit"):
        target_to_bits(target)


@given(st.integers(1, (1 << 256) - 1))
def test_bits_of_a_target_lead_back_to_it(target: int) -> None:
    bits = target_to_bits(target)
    truncated = bits_to_target(bits)
    assert truncated <= target
    assert target - truncated < max(1, target >> 15)  # at least 16 significant bits are kept
    assert target_to_bits(truncated) == bits


@given(st.integers(1 << 32, POW_LIMIT), st.integers(-(10**7), 10**7))
def test_a_retarget_never_exceeds_its_clamp(target: int, span: int) -> None:
    old = target_to_bits(target)
    before, after = bits_to_target(old), bits_to_target(next_bits(0, span, old))
    assert after <= min(4 * before, POW_LIMIT)
    assert after >= (before // 4) * (1 - 2**-15)


@given(st.integers(1, POW_LIMIT), st.integers(1, POW_LIMIT))
def test_a_change_is_within_its_bounds_and_undone_by_its_opposite(one: int, other: int) -> None:
    old, new = target_to_bits(one), target_to_bits(other)
    change, back = bits_change_pct(old, new), bits_change_pct(new, old)
    assert -75 <= change <= 300
    if -75 < change < 300:
        assert (1 + change / 100) * (1 + back / 100) == pytest.approx(1)
