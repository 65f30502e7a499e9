from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
)

from minerdesk.domain.readings import Gauge, NetworkState
from minerdesk.ui.dialogs.reading import ReadingDialog
from minerdesk.ui.main_window import MainWindow
from tests.support.fake_desk import NOW, FakeDesk, network_state
from tests.support.widgets import nameless
from tests.ui.shell.parts import press


def test_strip_says_the_numbers_and_their_age(window: MainWindow) -> None:
    window.tick()
    said = [window.strip.gauge(name).accessibleName() for name in ("price", "retarget")]
    assert said[0] == "BTC price: 93,049 USD, 2 min old"
    assert said[1].startswith("retarget in 3 d 10 h: −3.8% ± 1.2")
    assert window.strip.standing() == ("● live", "earn")


def test_strip_turns_stale_to_outline(window: MainWindow) -> None:
    network = network_state()
    old = network.price.reading
    assert old is not None
    aged = Gauge(replace(old, taken_at=NOW - timedelta(minutes=12)))
    window.context.state.set_slice("network", replace(network, price=aged, online=False))
    window.tick()
    gauge = window.strip.gauge("price")
    assert gauge.property("stale") == "true"
    assert "12 min old, stale" in gauge.accessibleName()
    assert window.strip.standing()[0] == "○ offline"


def aged(network: NetworkState, days: float) -> NetworkState:
    """The same numbers, all that the strip shows of them ``days`` old."""

    def old(gauge: Gauge) -> Gauge:
        assert gauge.reading is not None
        taken_at = NOW - timedelta(days=days)
        return replace(gauge, reading=replace(gauge.reading, taken_at=taken_at))

    return replace(
        network,
        price=old(network.price),
        difficulty=old(network.difficulty),
        fees=old(network.fees),
    )


@pytest.mark.parametrize(
    ("width", "held"),
    [(1280, []), (960, ["fees", "difficulty"]), (700, ["fees", "difficulty", "hashprice"])],
)
def test_the_strip_loses_nothing_where_there_is_no_room(
    window: MainWindow, width: int, held: list[str]
) -> None:
    strip = window.strip
    window.setMinimumSize(300, 300)
    window.resize(width, 600)
    window.context.state.set_slice("network", aged(network_state(online=False), 307))
    window.tick()
    QApplication.processEvents()
    names = ("price", "hashprice", "difficulty", "retarget", "fees")
    shown = [name for name in names if strip.gauge(name).isVisible()]
    assert set(names) - set(shown) == set(held)
    rights = [strip.gauge(name).geometry().right() for name in shown]
    assert max(rights) < strip.width() - strip.findChildren(QLabel)[-1].width()
    assert strip.more.isVisible() is bool(held)
    if held:
        assert strip.more.text() == f"+{len(held)}"
        assert "0.0148 BTC, 307 d old, stale" in strip.more.toolTip()
        entry = next(each for each in strip.more.entries() if each.text().startswith("fees"))
        entry.trigger()
        (dialog,) = window.findChildren(ReadingDialog)
        assert "Fees" in dialog.windowTitle()
        dialog.reject()


def test_example_is_always_named(window: MainWindow) -> None:
    window.context.state.set_slice("network", network_state(example_of=NOW))
    window.tick()
    assert window.strip.standing() == ("◇ example", "warn")


def test_a_typed_value_is_pinned_until_released(window: MainWindow, desk: FakeDesk) -> None:
    window.context.state.set_slice("network", desk.refresh.state())
    dialog = ask(window, "price")
    dialog.entry.setText("many")
    dialog.use_typed()
    assert "“many”" in dialog.complaint
    dialog.entry.setText("-5")
    dialog.use_typed()
    assert "greater than 0" in dialog.complaint
    dialog.entry.setText("95,000")
    QTest.keyClick(dialog.entry, Qt.Key.Key_Return)
    words = window.strip.gauge("price").words
    assert words is not None
    assert (words.value, words.typed, words.age) == ("95,000 USD", True, "")
    again = ask(window, "price")
    press(again, "Release")
    words = window.strip.gauge("price").words
    assert words is not None
    assert not words.typed


def ask(window: MainWindow, gauge: str) -> ReadingDialog:
    QTest.mouseClick(window.strip.gauge(gauge), Qt.MouseButton.LeftButton)
    shown = [each for each in window.findChildren(ReadingDialog) if each.isVisible()]
    return shown[0]


@pytest.mark.parametrize("name", ["price", "hashprice", "difficulty", "retarget", "fees"])
def test_every_number_tells_where_it_comes_from(window: MainWindow, name: str) -> None:
    dialog = ask(window, name)
    assert nameless(dialog) == []
    dialog.reject()
