"""Examples in empty fields are written as the operator writes."""

from __future__ import annotations

import re
from datetime import UTC

import pytest
from PySide6.QtWidgets import QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from minerdesk.services.power.parts import parts
from minerdesk.services.words.formats import Formats
from minerdesk.ui.power.rows import RowsField
from minerdesk.ui.power.sections import section_of
from minerdesk.ui.theme import Theme
from minerdesk.ui.widgets.typing import Typing


@pytest.mark.parametrize(
    ("locale", "foreign"), [("en_US", r"\d,\d\d?\b|\d\s%"), ("de_DE", r"\d\.\d\d?\b|\d%")]
)
def test_examples_speak_the_operators_numbers(
    theme: Theme, qtbot: QtBot, locale: str, foreign: str
) -> None:
    formats = Formats(locale, UTC)
    typing = Typing(formats.number_style, formats)
    said = []
    for part in parts():
        section = section_of(part, typing, theme)
        qtbot.addWidget(section)
        said += [each.text() for each in section.findChildren(QLabel)]
        # Rows show their examples once they are there.
        for rows in section.findChildren(RowsField):
            rows.add()
        said += [line.placeholderText() for line in section.findChildren(QLineEdit)]
    assert any(re.search(r"\d[.,]\d", text) for text in said)
    assert [text for text in said if re.search(foreign, text)] == []
