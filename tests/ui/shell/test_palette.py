from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from minerdesk.domain.errors import WorldError
from minerdesk.domain.readings import NetworkState, Quantity
from minerdesk.domain.starts import StartCosts
from minerdesk.ui.actions import Action
from minerdesk.ui.dialogs.model_starts import ModelStartsDialog
from minerdesk.ui.main_window import MainWindow
from minerdesk.ui.page_actions import on_its_page, promised
from minerdesk.ui.page_table import PageEntry, Promise
from tests.support.books import small_book
from tests.support.fake_desk import FakeDesk
from tests.ui.shell.parts import PAGES, OtherPage


def found(window: MainWindow, words: str) -> list[str]:
    window.open_palette()
    QTest.keyClicks(window.palette_box.query, words)
    ids = [action.id for action in window.palette_box.shown()]
    window.palette_box.close_palette()
    return ids


def test_nothing_found_is_said(window: MainWindow) -> None:
    assert found(window, "qqqq") == []
    assert window.palette_box.lines == ["Nothing found for “qqqq”"]
    window.open_palette()
    QTest.keyClicks(window.palette_box.query, "qqqq")
    QTest.keyClick(window.palette_box.query, Qt.Key.Key_Down)
    QTest.keyClick(window.palette_box.query, Qt.Key.Key_Return)
    assert window.palette_box.isVisible(), "there is nothing to run"
    window.palette_box.close_palette()


def test_an_operators_words_find_what_they_mean(window: MainWindow, desk: FakeDesk) -> None:
    desk.book.apply("small", lambda _book: small_book())
    desk.refresh.type_value(Quantity.PRICE, 90_000)
    window.context.state.set_slice("network", desk.refresh.state())
    assert found(window, "power")[0] == "book.power_price"
    assert found(window, "price")[0] in {"network.type_price", "network.release"}
    assert "network.release" in found(window, "typed")[:3]
    assert found(window, "release")[0] == "network.release"


def test_starting_by_model_opens_wherever_one_is(window: MainWindow, desk: FakeDesk) -> None:
    show = window.table["book.model_starts"]
    assert not show.enabled()
    desk.book.apply("small", lambda _book: small_book())
    window.context.state.set_slice("book", desk.book.book)
    for words in ("starting", "wear", "minimum time"):
        assert "book.model_starts" in found(window, words)[:3]
    assert show.run()
    (dialog,) = window.findChildren(ModelStartsDialog)
    dialog.entries["wear_stop"].line.setText("2")
    dialog.entries["wear_stop"].line.textEdited.emit("2")
    dialog.finish()
    own = {model.name: model.starts for model in desk.book.book.models}
    assert own[dialog.chosen] == StartCosts(wear_stop=2.0)
    assert desk.book.undo_text == f"change starting of {dialog.chosen}"


def test_typed_values_are_released_together(window: MainWindow, desk: FakeDesk) -> None:
    release = window.table["network.release"]
    assert not release.enabled()
    desk.refresh.type_value(Quantity.PRICE, 90_000)
    desk.refresh.type_value(Quantity.FEES, 0.1)
    window.context.state.set_slice("network", desk.refresh.state())
    assert release.run()
    network = window.context.state.slice("network")
    assert isinstance(network, NetworkState)
    assert not network.price.is_typed
    assert not network.fees.is_typed
    assert not release.enabled()


def test_a_disk_that_refuses_the_release_is_said(window: MainWindow, desk: FakeDesk) -> None:
    class Full:
        def load(self) -> tuple[object, ...]:
            return ()

        def save(self, _readings: object) -> None:
            raise WorldError("The disk is full.")

    desk.refresh.type_value(Quantity.PRICE, 90_000)
    window.context.state.set_slice("network", desk.refresh.state())
    desk.refresh._typed_store = Full()  # type: ignore[assignment] # a disk that is full
    window.table["network.release"].run()
    assert window.toasts.texts == ["The disk is full."]


def test_nothing_is_released_before_anything_is_known(window: MainWindow) -> None:
    window.context.state.set_slice("network", None)
    assert not window.table["network.release"].enabled()
    window.dialogs.release_typed()
    window.dialogs.reading(Quantity.PRICE)


class Fleet(OtherPage):
    ran: tuple[str, ...] = ()

    def page_actions(self) -> list[Action]:
        return [
            Action("fleet.add", "Add rigs…", lambda: self._note("add")),
            Action(
                "fleet.edit_site",
                "Edit site…",
                lambda: self._note(f"edit {self.asked.get('site')}"),
                enabled=lambda: "site" in self.asked,
            ),
        ]

    def _note(self, what: str) -> None:
        self.ran = (*self.ran, what)


FLEET = PageEntry("fleet", "Fleet", "fleet", Fleet, (Promise("fleet.add", "Add rigs…"),))


@pytest.fixture
def with_fleet(window: MainWindow) -> MainWindow:
    window.pages._entries["fleet"] = FLEET
    return window


def test_a_page_keeps_its_promise_when_it_is_asked_for(with_fleet: MainWindow) -> None:
    (promise,) = promised(with_fleet, (PAGES[0], FLEET))
    assert with_fleet.pages.count() == 1, "listing builds nothing"
    assert promise.text == "Add rigs…"
    promise.run()
    page = with_fleet.pages.current
    assert isinstance(page, Fleet)
    assert page.ran == ("add",)
    assert list(promised(with_fleet, (PAGES[0], FLEET))) == [], "it is in the table now"


def test_an_action_of_another_page_goes_there_first(with_fleet: MainWindow) -> None:
    with_fleet.go("fleet")
    page = with_fleet.pages.current
    assert isinstance(page, Fleet)
    with_fleet.go("dashboard")
    assert with_fleet.table["fleet.add"].run()
    assert with_fleet.pages.current is page
    add, _edit = on_its_page(with_fleet, page)
    assert add.run()
    assert page.ran == ("add", "add")


def test_the_power_price_opens_the_site(with_fleet: MainWindow, desk: FakeDesk) -> None:
    action = with_fleet.table["book.power_price"]
    assert not action.enabled()
    desk.book.apply("small", lambda _book: small_book())
    site = desk.book.book.sites[0].id
    assert action.run()
    page = with_fleet.pages.current
    assert isinstance(page, Fleet)
    assert page.ran == (f"edit {site}",)
    page.select(site="chosen")
    action.run()
    assert page.ran[-1] == "edit chosen", "the site chosen there stays chosen"
    desk.book.apply("none", lambda book: replace(book, sites=(), groups=()))
    assert not action.enabled()
