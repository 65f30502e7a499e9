from __future__ import annotations

from dataclasses import replace

from pytestqt.qtbot import QtBot

from minerdesk.services.words import Headline
from minerdesk.ui.dashboard.answer import Answer
from minerdesk.ui.theme import Theme


def test_a_warning_in_the_second_line_has_its_own_tone(theme: Theme, qtbot: QtBot) -> None:
    answer = Answer(theme)
    qtbot.addWidget(answer)
    old = Headline("Nothing to do.", "Prices are known until …", "earn", detail_tone="warn")
    for said, tone in ((old, "warn"), (replace(old, detail_tone=""), "")):
        answer.say(said)
        assert (answer.sentence.property("tone"), answer.detail.property("tone")) == ("earn", tone)
