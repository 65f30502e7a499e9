from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject

from minerdesk.ui.state import DeskState
from minerdesk.ui.troubles import TroubleTeller
from tests.support.fake_desk import FakeDesk


def test_each_trouble_is_said_when_it_comes(tmp_path: Path) -> None:
    desk, state, said, owner = FakeDesk(tmp_path), DeskState(), list[str](), QObject()
    teller = TroubleTeller(desk, state, said.append, owner)
    teller.look()
    assert said == []
    desk.troubles = ("The disk is full.",)
    state.set_slice("sources", ())
    state.set_slice("history", ())
    assert said == ["The disk is full."]
    desk.troubles = ("The disk is full.", "The history is damaged.")
    state.set_slice("sources", (1,))
    assert said == ["The disk is full.", "The history is damaged."]
    desk.troubles = ()
    state.set_slice("sources", (2,))
    desk.troubles = ("The disk is full.",)
    state.set_slice("sources", (3,))
    assert said[2:] == ["The disk is full."]
