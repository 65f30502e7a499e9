from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from minerdesk.services.words import Formats
from minerdesk.ui.charts.axes import Axis, WordsAxis


@pytest.mark.parametrize(
    ("values", "spacing", "words"),
    [
        ([90_000, 95_000], 5_000, ["90,000", "95,000"]),
        ([93_048.8, 93_049.0, 93_049.2], 0.2, ["93,048.8", "93,049.0", "93,049.2"]),
        ([0.1, 0.2], 0.1, ["0.1", "0.2"]),
        ([1.25, 1.30], 0.05, ["1.25", "1.30"]),
    ],
)
def test_ticks_have_the_digits_that_tell_them_apart(
    values: list[float], spacing: float, words: list[str], qtbot: QtBot
) -> None:
    del qtbot  # an axis needs the application
    axis = WordsAxis("left", Axis(numbers=Formats("en").number))
    assert axis.tickStrings(values, 1, spacing) == words
    assert len(set(words)) == len(words)
