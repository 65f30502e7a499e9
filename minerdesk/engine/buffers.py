"""Memory for results that are made again each tick.

Fresh arrays of megabytes cost more in page faults than the arithmetic that fills them. A block that
nobody holds any more is filled again; one that is still held, in whole or by a view, never is.
"""

from __future__ import annotations

import weakref

import numpy as np
from numpy.typing import NDArray


class BlockPool:
    """Hands out float64 blocks of one shape and takes back those that nobody refers to."""

    def __init__(self, rows: int, columns: int) -> None:
        self._shape = (rows, columns)
        self._free: list[NDArray[np.float64]] = []

    def take(self) -> NDArray[np.float64]:
        """Return a block of shape (rows, columns) with any content.

        Its memory returns to the pool when the block and every view of it are gone.
        """
        rows, columns = self._shape
        memory = self._free.pop() if self._free else np.empty(rows * columns)
        # The memory is an array's because numpy asks the system for large pages. Every view keeps
        # `flat` alive, since numpy collapses chains of views up to the first base that is no array,
        # here a memoryview; so the end of `flat` is the end of all of them.
        flat: NDArray[np.float64] = np.frombuffer(memory.data, dtype=np.float64)
        weakref.finalize(flat, self._free.append, memory).atexit = False
        return flat.reshape(self._shape)
