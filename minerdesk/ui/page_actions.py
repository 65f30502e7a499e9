"""Actions of pages as the whole window offers them: each goes to its page first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from minerdesk.domain.readings import NetworkState, Quantity
from minerdesk.domain.text import _
from minerdesk.services.in_force import typed_quantities
from minerdesk.ui.actions import Action
from minerdesk.ui.page import Page
from minerdesk.ui.page_table import PageEntry

if TYPE_CHECKING:
    from minerdesk.ui.main_window import MainWindow


def promised(window: MainWindow, pages: Sequence[PageEntry]) -> Iterator[Action]:
    """Yield the promised actions of the pages that are not built; running one builds its page."""
    for entry in pages:
        for promise in entry.promises:
            if promise.id not in window.table:
                run = partial(run_there, window, entry.name, promise.id)
                yield Action(promise.id, promise.text, run, words=promise.words)


def on_its_page(window: MainWindow, page: Page) -> list[Action]:
    """Return a page's actions; asked for from another page, they go to theirs first."""

    def run(action: Action) -> None:
        if window.pages.current is not page:
            window.go(page.name)
        # What the page shows now may not allow it any more.
        if action.enabled():
            action.handler()

    return [replace(each, handler=partial(run, each)) for each in page.page_actions()]


def run_there(window: MainWindow, page_name: str, action_id: str) -> None:
    """Go to a page and run one of its actions, where it can be run there now."""
    window.go(page_name)
    window.table.refresh()
    window.table[action_id].run()


def power_price_action(window: MainWindow) -> Action:
    """Return what opens the editor of the site whose power price is to change."""
    book = window.desk.book

    def change() -> None:
        window.go("fleet")
        site = next(iter(book.book.sites))
        # The site that is chosen there stays chosen.
        if not window.table["fleet.edit_site"].enabled():
            window.go("fleet", site=site.id)
        window.table["fleet.edit_site"].run()

    return Action(
        "book.power_price",
        _("Change power price…"),
        change,
        enabled=lambda: bool(book.book.sites) and not book.read_only,
        tip=_("Opens the site: its power price is there"),
        words=_("tariff electricity kwh cost site"),
    )


def model_starts_action(window: MainWindow) -> Action:
    """Return what shows and edits what a start and a stop of each rig model cost."""
    book = window.desk.book

    def show() -> None:
        from minerdesk.ui.dialogs.model_starts import open_model_starts

        open_model_starts(window.context, window)

    return Action(
        "book.model_starts",
        _("Starting and stopping by model…"),
        show,
        enabled=lambda: bool(book.book.models) and not book.read_only,
        tip=_("Minutes lost, wear, shortest times and starts a day of each rig model"),
        menu=_("Edit"),
        words=_("start stop costs warm up wear minimum time rig plan"),
    )


def typing_actions(window: MainWindow) -> list[Action]:
    """Return what types a value over a live one, and what releases them all."""
    state, dialogs = window.context.state, window.dialogs

    def has_typed() -> bool:
        network = state.slice("network")
        return isinstance(network, NetworkState) and bool(typed_quantities(network))

    asked: tuple[tuple[Quantity, str], ...] = (
        (Quantity.PRICE, _("Type a BTC price of your own…")),
        (Quantity.DIFFICULTY, _("Type a difficulty of your own…")),
        (Quantity.FEES, _("Type fees of your own…")),
    )
    typing = [
        Action(
            f"network.type_{quantity}",
            text,
            _bound(dialogs.reading, quantity),
            words=_("typed own value sources what if"),
        )
        for quantity, text in asked
    ]
    release = Action(
        "network.release",
        _("Release typed values"),
        dialogs.release_typed,
        enabled=has_typed,
        tip=_("Live values show again"),
        menu=_("View"),
        words=_("live price difficulty fees pin"),
    )
    return [*typing, release]


def _bound(show: Callable[[Quantity], object], quantity: Quantity) -> Callable[[], object]:
    return lambda: show(quantity)
