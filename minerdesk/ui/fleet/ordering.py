"""Which rows are shown and in which order: arrays in, arrays out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from minerdesk.ui.fleet.rows import Ints, TextCodes


def sorted_rows(keys: NDArray[np.float64] | Ints, *, descending: bool) -> Ints:
    """Return the rows in the order of their keys, shape (G,).

    Stable both ways: rows of one key stay in the book's order. Missing values (NaN) come last.
    """
    if keys.dtype.kind == "f":
        signed = -keys if descending else keys
        return np.argsort(signed, kind="stable")  # numpy sorts NaN to the end
    return np.argsort(-keys if descending else keys, kind="stable")


def matching(texts: Sequence[TextCodes], needle: str, count: int) -> NDArray[np.bool_] | None:
    """Return which rows hold every word of ``needle`` in any of ``texts``; None means all.

    Each different text is looked at once, so a fleet of a few models costs as much as those.
    """
    words = needle.casefold().split()
    if not words:
        return None
    found = np.ones(count, bool)
    for word in words:
        holds = np.zeros(count, bool)
        for column in texts:
            fits = np.fromiter(
                (word in text.casefold() for text in column.words), bool, len(column.words)
            )
            if fits.any():
                holds |= fits[column.codes]
        found &= holds
    return found
