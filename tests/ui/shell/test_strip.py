from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QPushButton,
)

from minerdesk.domain.readings import Gauge, NetworkState, Provenance, Quantity, Reading
from minerdesk.domain.rigs import RigGroup
from minerdesk.services.sources import SourceStatus
from minerdesk.ui.dialogs.reading import ReadingDialog
from minerdesk.ui.main_window import MainWindow
from minerdesk.ui.strip_words import Standing, standing_of
from tests.support.evaluations import book, evaluate, group
from tests.support.fake_desk import NOW, FakeDesk, network_state
from tests.support.widgets import nameless


def test_strip_says_the_numbers_and_their_age(window: MainWindow) -> None:
    window.tick()
    said = [window.strip.gauge(name).accessibleName() for name in ("price", "retarget")]
    assert said[0] == "BTC price: 93,049 USD, 2 min old"
    assert said[1].startswith("retarget in 3 d 10 h: −3.8% ±1.2")
    assert window.strip.standing() == Standing("● live", "earn")


def test_a_small_fleet_reads_the_hashprice_of_its_own_unit(window: MainWindow) -> None:
    def said(*groups: RigGroup) -> str:
        window.context.state.set_slice("evaluation", evaluate(book(*groups)))
        window.tick()
        return window.strip.gauge("hashprice").accessibleName()

    large = said(group("hall", "cheap", 100))
    assert "40.10 USD/PH/day" in large
    assert "0.0401 USD/TH/day" in said(group("garage", "cheap", 1))
    assert said() == large


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
    assert window.strip.standing().text == "○ no answer"


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
    standing = window.strip.standing()
    assert (standing.text, standing.tone) == ("◇ example", "warn")


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
    assert "typed by you" in window.strip.gauge("price").accessibleName()
    again = ask(window, "price")
    assert again.in_force == "In force: 95,000 USD, typed by you, until you release it."
    release = next(b for b in again.findChildren(QPushButton) if b.text() == "Release")
    release.setFocus()
    QTest.keyClick(release, Qt.Key.Key_Return)
    assert not again.isVisible()
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


def typed(network: NetworkState, *quantities: Quantity) -> NetworkState:
    for quantity in quantities:
        mine = Reading(quantity, 1.0, "you", NOW, Provenance.TYPED, currency="USD")
        network = replace(network, **{quantity.value: Gauge(mine)})  # type: ignore[arg-type] # a field by its name
    return network


def test_typed_numbers_are_never_plainly_live() -> None:
    one = standing_of(typed(network_state(), Quantity.PRICE), (), offline=False)
    assert (one.text, one.tone) == ("● live, price typed", "warn")
    assert "price" in one.tip
    two = standing_of(typed(network_state(), Quantity.PRICE, Quantity.FEES), (), offline=False)
    assert two.text == "● live, 2 typed"
    assert two.tip == "You typed and have not released: price, fees."


def test_offline_that_was_chosen_is_not_an_answer_that_fails() -> None:
    silent = network_state(online=False)
    sources = (
        SourceStatus("fine", "Fine"),
        SourceStatus("late", "Late", NOW, "Late: it answers 500."),
        SourceStatus("dead", "Dead", None, "Dead: the name is not known."),
    )
    assert standing_of(silent, sources, offline=True).text == "○ offline"
    failing = standing_of(silent, sources, offline=False)
    assert (failing.text, failing.tone) == ("○ no answer", "warn")
    assert failing.tip == "Dead: the name is not known."
    assert standing_of(silent, (), offline=False).tip == ""
    assert standing_of(silent, None, offline=False).text == "○ asking…"
    pinned = standing_of(typed(silent, Quantity.DIFFICULTY), sources, offline=True)
    assert pinned.text == "○ offline, difficulty typed"


def test_the_strip_says_why_nobody_answers(window: MainWindow, desk: FakeDesk) -> None:
    state = window.context.state
    state.set_slice("network", network_state(revision=2000, online=False))
    state.set_slice("sources", (SourceStatus("a", "A", None, "A: it does not answer."),))
    window.tick()
    said = next(each for each in window.strip.findChildren(QLabel) if each.text() == "○ no answer")
    assert said.toolTip() == "A: it does not answer."
    desk.refresh.set_offline(True)
    window.tick()
    assert said.text() == "○ offline"


def test_the_price_says_of_which_sources_it_is(window: MainWindow) -> None:
    network = network_state(revision=2000)
    median = replace(
        network.price,
        reading=Reading(
            Quantity.PRICE, 93_074.5, "median of Kraken, Coinbase", NOW, currency="USD"
        ),
    )
    window.context.state.set_slice("network", replace(network, price=median))
    window.tick()
    dialog = ask(window, "price")
    assert dialog.in_force == "In force: 93,074 USD, median of Kraken, Coinbase."
    dialog.reject()


def test_nothing_known_is_said_in_the_dialog(window: MainWindow) -> None:
    window.context.state.set_slice("network", NetworkState(revision=2000))
    for quantity in (Quantity.PRICE, Quantity.RETARGET):
        window.dialogs.reading(quantity)
    first, second = window.findChildren(ReadingDialog)
    assert first.in_force == "No number is in force."
    assert any("not known yet" in each.text() for each in second.findChildren(QLabel))
    for each in (first, second):
        QTest.keyClick(each, Qt.Key.Key_Escape)


@pytest.mark.parametrize("width", [1280, 960])
def test_a_long_standing_finds_room(window: MainWindow, width: int) -> None:
    window.resize(width, 600)
    window.context.state.set_slice("network", typed(network_state(revision=2000), Quantity.PRICE))
    window.tick()
    QApplication.processEvents()
    said = next(
        each for each in window.strip.findChildren(QLabel) if each.text() == "● live, price typed"
    )
    assert said.width() >= said.sizeHint().width()
    assert said.geometry().right() <= window.strip.width()
    assert window.strip.gauge("price").isVisible()
    assert window.strip.gauge("price").geometry().right() < said.geometry().left()


def test_a_pin_moves_no_number(window: MainWindow) -> None:
    window.context.state.set_slice("network", typed(network_state(revision=2000), Quantity.PRICE))
    window.tick()
    QApplication.processEvents()
    heights = {window.strip.gauge(name).sizeHint().height() for name in ("price", "fees")}
    assert len(heights) == 1
