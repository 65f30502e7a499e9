from __future__ import annotations

import gc

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from numpy.typing import NDArray

from minerdesk.engine.buffers import BlockPool

Floats = NDArray[np.float64]


def address(block: Floats) -> int:
    return int(block.__array_interface__["data"][0])


def test_a_block_nobody_holds_is_filled_again() -> None:
    pool = BlockPool(3, 5)
    block = pool.take()
    first = address(block)
    assert block.shape == (3, 5)
    assert block.flags.writeable
    del block
    assert address(pool.take()) == first


def test_a_block_that_is_held_is_never_given_out() -> None:
    pool = BlockPool(2, 4)
    held = [pool.take() for _ in range(5)]
    assert len({address(block) for block in held}) == 5


def test_the_smallest_view_keeps_the_block() -> None:
    pool = BlockPool(2, 4)
    block = pool.take()
    block[:] = 7
    view = block[1][2:][::-1][:1].T
    read = memoryview(block[0])
    del block
    for _ in range(3):
        other = pool.take()
        other[:] = 0
    del other
    assert view.tolist() == [7]
    assert read.tolist() == [7] * 4


def test_blocks_outlive_their_pool() -> None:
    block = BlockPool(1, 1_000).take()
    block[:] = 1
    gc.collect()
    assert block.sum() == 1_000


def test_a_block_of_nothing() -> None:
    assert BlockPool(12, 0).take().shape == (12, 0)


class Holders(RuleBasedStateMachine):
    """Whoever holds a view reads what was written, whatever is taken, let go or written to."""

    def __init__(self) -> None:
        super().__init__()
        self.pool = BlockPool(3, 4)
        self.held: list[tuple[Floats, float]] = []
        self.written = 0.0

    @rule()
    def take(self) -> None:
        block = self.pool.take()
        self.written += 1
        block[:] = self.written
        self.held.append((block, self.written))

    @rule(data=st.data())
    def hold_only_a_view(self, data: st.DataObject) -> None:
        if self.held:
            i = data.draw(st.integers(0, len(self.held) - 1))
            view, written = self.held[i]
            row = data.draw(st.integers(0, len(view) - 1))
            self.held[i] = (view[row : row + 1].T.T, written)

    @rule(data=st.data())
    def hold_once_more(self, data: st.DataObject) -> None:
        if self.held:
            view, written = self.held[data.draw(st.integers(0, len(self.held) - 1))]
            self.held.append((view.reshape(-1), written))

    @rule(data=st.data())
    def let_go(self, data: st.DataObject) -> None:
        if self.held:
            self.held.pop(data.draw(st.integers(0, len(self.held) - 1)))

    @invariant()
    def every_view_reads_what_was_written(self) -> None:
        for view, written in self.held:
            assert (view == written).all()


TestHolders = Holders.TestCase
TestHolders.settings = settings(max_examples=50, stateful_step_count=30)
