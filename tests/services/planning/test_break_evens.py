from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from minerdesk.services.planning.break_evens import break_even_of
from tests.support.plans import HASHPRICE, RETARGET_H, a_plan

PLAN = a_plan()


def test_the_break_even_is_income_over_energy() -> None:
    found = break_even_of(PLAN, 1)
    assert found.shape == (48,)
    # S19j Pro in Texas: 104 TH/s at 40 USD a PH/s and day on 3,068 W and a PUE of 1.02.
    assert found[0] == pytest.approx(104 * HASHPRICE / 1000 / 24 / (3.068 * 1.02))


def test_the_best_mode_counts_and_the_retarget_moves_it() -> None:
    found = break_even_of(PLAN, 0)
    # The efficient mode of an S21, 150 TH/s on 2,300 W, bears the dearer power.
    assert found[0] == pytest.approx(150 * HASHPRICE / 1000 / 24 / (2.3 * 1.02))
    assert found[RETARGET_H] == pytest.approx(found[0] / 0.962)


def test_fees_lower_it_and_what_is_drawn_idle_raises_it() -> None:
    book = PLAN.book
    changed = replace(
        PLAN,
        book=replace(
            book,
            groups=(
                replace(book.groups[0], pool_fee=0.02, reject_rate=0.01, firmware_fee=0.02),
                replace(book.groups[1], idle_w=68.0),
                replace(book.groups[2], idle_w=9000.0),
                *book.groups[3:],
            ),
        ),
    )
    before, after = ([break_even_of(plan, at) for at in range(3)] for plan in (PLAN, changed))
    assert after[0] == pytest.approx(before[0] * 0.98 * 0.99 * 0.98)
    assert after[1] == pytest.approx(before[1] * 3068 / 3000)
    assert np.isinf(after[2]).all()
