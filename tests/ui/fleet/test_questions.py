"""Numbers that can hardly be are asked about where they are typed; bins are found by hashrate."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from minerdesk.ui.fleet.add_dialog import AddRigsDialog
from minerdesk.ui.fleet.cell_editor import CellEditor
from minerdesk.ui.fleet.site_dialog import SiteDialog
from minerdesk.ui.widgets.forms import Entry
from minerdesk.ui.widgets.model_search import closest_bin, find_models
from tests.ui.fleet.conftest import Hall


def test_a_cell_asks_and_takes_it_all_the_same(farm: Hall, qtbot: QtBot) -> None:
    page = farm.page
    group_id = page.model.group_id(0)
    page.view.setCurrentIndex(page.model.index(0, page.model.place["power_w"]))
    QTest.keyClick(page.view, Qt.Key.Key_Return)
    editor = page.view.findChild(CellEditor)
    assert isinstance(editor, CellEditor)
    QTest.keyClicks(editor, "3.25")
    assert "did you mean 3.25 kW?" in editor.question
    assert not editor.complaint
    QTest.keyClicks(editor, " kW")
    assert not editor.question
    for _ in range(3):
        QTest.keyClick(editor, Qt.Key.Key_Backspace)
    QTest.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not page.view.editing)
    assert farm.group(group_id).overrides[0].power_w == 3.25


def test_a_site_says_its_whole_price_and_asks_about_a_dear_one(farm: Hall) -> None:
    farm.page.sites.choose("texas-1")
    dialog = farm.page.commands.edit_site()
    assert isinstance(dialog, SiteDialog)
    assert dialog.in_all.text().startswith("costs 0.091 USD/kWh on average; the other parts")
    dialog.reject()
    farm.page.sites.choose("paraguay-1")
    dialog = farm.page.commands.edit_site()
    assert isinstance(dialog, SiteDialog)
    assert dialog.in_all.text() == "costs 0.0451 USD/kWh in all"
    dialog.price.line.setText("71")
    assert "did you mean 71 USD/MWh?" in dialog.price.question
    assert not dialog.price.complaint
    dialog.price.line.setText("cheap")
    assert not dialog.in_all.text().strip()
    assert not dialog.price.question
    dialog.reject()


def test_the_closest_bin_is_chosen(farm: Hall) -> None:
    dialog = farm.page.commands.add_rigs()
    assert isinstance(dialog, AddRigsDialog)
    dialog.search.line.setText("s19 xp")
    dialog.search.line.textEdited.emit("s19 xp")
    assert "TH/s" in str(dialog.found.model().index(0, 0).data())
    dialog.ths.line.setText("141")
    dialog.ths.line.textEdited.emit("141")
    assert dialog.model is not None
    assert dialog.model.name == "Antminer S19 XP (140 TH)"
    dialog.watts.line.setText("3.01")
    assert "did you mean 3.01 kW?" in dialog.watts.question
    dialog.reject()
    search = farm.page.commands.catalogue.search
    for text in ("s19 xp 141", "s19 xp 141 TH", "s19 xp 139th/s"):
        models = find_models(search, text)
        assert models[closest_bin(models, text)].name == "Antminer S19 XP (140 TH)"
    assert closest_bin((), "s19") == -1
    assert find_models(search, "s21 xp 270")[0].name == search("s21 xp 270")[0].name


def test_suggestions_close_on_a_whole_match_and_let_clicks_through(qtbot: QtBot) -> None:
    window = QWidget()
    entry, button, pressed = Entry("Currency"), QPushButton("Next"), []
    button.pressed.connect(lambda: pressed.append(1))
    box = QVBoxLayout(window)
    box.addWidget(entry)
    box.addSpacing(300)
    box.addWidget(button)
    entry.complete(["USD", "EUR"])
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    window.activateWindow()
    entry.setFocus()
    completer = entry.line.completer()
    assert completer is not None
    popup = completer.popup()
    assert popup is not None
    assert popup.objectName() == "suggestions"
    QTest.keyClicks(entry.line, "us")
    assert popup.isVisible()
    QTest.keyClicks(entry.line, "d")
    assert not popup.isVisible()
    QTest.keyClick(entry.line, Qt.Key.Key_Backspace)
    assert popup.isVisible()
    there = button.mapToGlobal(QPoint(5, 5))
    beside = QMouseEvent(
        QEvent.Type.MouseButtonPress,
        QPointF(popup.mapFromGlobal(there)),
        QPointF(there),
        Qt.MouseButton.LeftButton,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(popup, beside)
    assert not popup.isVisible()
    assert pressed == [1]
