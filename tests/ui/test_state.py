from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from minerdesk.ui.state import DeskState


def test_slice_is_replaced_and_said(qtbot: QtBot) -> None:
    state = DeskState()
    assert state.slice("book") is None
    assert state.revision("book") == 0
    with qtbot.waitSignal(state.changed) as sent:
        state.set_slice("book", "first")
    assert sent.args == ["book"]
    assert state.slice("book") == "first"
    assert (state.revision("book"), state.revision("network")) == (1, 0)


def test_same_object_is_no_change(qtbot: QtBot) -> None:
    state = DeskState()
    value = object()
    state.set_slice("network", value)
    with qtbot.assertNotEmitted(state.changed):
        state.set_slice("network", value)
    assert state.revision("network") == 1


def test_unknown_slice_is_refused() -> None:
    with pytest.raises(KeyError):
        DeskState().set_slice("weather", 1)
