"""The labels every page speaks with."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from minerdesk.ui.widgets.basics import label


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        (
            "A BTC is worth 93,049 USD; one costs less.",
            "A BTC is worth 93,049~USD; one costs less.",
        ),
        ("Falls on 23 January 2026, in 3 d 10 h.", "Falls on 23~January~2026, in 3~d 10~h."),
        (
            "Fällt am 23. Januar 2026. Bei 0,05 USD/kWh",
            "Fällt am 23.~Januar~2026. Bei 0,05~USD/kWh",
        ),
        ("Nothing to do.", "Nothing to do."),
    ],
)
def test_a_headline_breaks_no_date_and_no_number_from_its_unit(
    qtbot: QtBot, said: str, shown: str
) -> None:
    made = label(said, "headline", wrap=True)
    qtbot.addWidget(made)
    assert QLabel.text(made).replace("\N{NO-BREAK SPACE}", "~") == shown
    assert made.text() == said
