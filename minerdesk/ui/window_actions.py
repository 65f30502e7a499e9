"""The window's own rows of the action table: pages, colours, help."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from minerdesk.domain.text import _
from minerdesk.ui.actions import Action
from minerdesk.ui.help_actions import help_actions
from minerdesk.ui.page_actions import (
    model_starts_action,
    power_price_action,
    typing_actions,
)
from minerdesk.ui.page_table import PageEntry

if TYPE_CHECKING:
    from minerdesk.ui.main_window import MainWindow


def window_actions(window: MainWindow, pages: Sequence[PageEntry]) -> list[Action]:
    """Return the rows in the order of the menus."""
    view, tools, dialogs = _("View"), _("Help"), window.dialogs
    visits = [
        Action(
            f"view.{entry.name}",
            entry.title,
            partial(_visit, window, entry.name),
            f"Ctrl+{number}",
            entry.icon,
            menu=view,
        )
        for number, entry in enumerate(pages, start=1)
    ]
    looks = [
        Action(f"theme.{choice}", text, partial(window.choose_theme, choice), menu=view)
        for choice, text in (
            ("light", _("Light colours")),
            ("dark", _("Dark colours")),
            ("auto", _("Colours of the system")),
        )
    ]
    return [
        *_beginnings(window),
        *visits,
        *looks,
        *_of_network(window),
        Action(
            "plan.settle",
            _("Keep the plan found so far"),
            window.pump.plan.settle,
            enabled=lambda: window.pump.plan.improving,
            tip=_("Look for no better one until prices, numbers or the book change"),
            words=_("stop cancel search improve"),
        ),
        *typing_actions(window),
        power_price_action(window),
        model_starts_action(window),
        Action(
            "app.decisions",
            _("Decisions…"),
            dialogs.decisions,
            "Ctrl+L",
            menu=view,
            tip=_("What was done, what was not and why, with the numbers of that moment"),
            words=_("log history done not done because export search"),
        ),
        Action(
            "app.settings",
            _("Settings"),
            dialogs.preferences,
            "Ctrl+,",
            "settings",
            menu=view,
            words=_("preferences options language offline theme"),
        ),
        Action(
            "app.palette", _("Find a command"), window.open_palette, "Ctrl+K", "search", menu=tools
        ),
        Action("app.shortcuts", _("Keyboard shortcuts"), dialogs.shortcuts, "F1", menu=tools),
        *help_actions(window),
        Action("app.quit", _("Quit"), window.close, "Ctrl+Q", menu=_("File")),
    ]


def _of_network(window: MainWindow) -> list[Action]:
    """Return asking for its numbers, and what there is of its past."""
    view, dialogs = _("View"), window.dialogs
    return [
        Action(
            "network.poll",
            _("Ask the sources now"),
            window.pump.ask_all,
            "F5",
            menu=view,
            words=_("refresh update poll"),
        ),
        Action(
            "network.history",
            _("History of the network…"),
            dialogs.history,
            menu=view,
            words=_("past sources gaps doubles disagreements retargets"),
        ),
        Action(
            "network.import_history",
            _("Import history of the network…"),
            dialogs.import_history,
            menu=_("File"),
            words="csv json coin metrics blockchain.com",
        ),
    ]


def _visit(window: MainWindow, name: str) -> None:
    window.go(name)
    if window.pages.current is not None:
        window.pages.current.take_keys()


def _beginnings(window: MainWindow) -> list[Action]:
    """Return the ways to begin a book but an empty one."""
    samples = [
        Action(
            f"book.sample_{name}",
            text,
            lambda name=name: window.book_actions.open_sample(window.desk.sample(name)),  # type: ignore[misc] # a default binds it
            menu=_("File"),
        )
        for name, text in (
            ("home", _("Sample book of a home miner")),
            ("farm", _("Sample book of a farm")),
        )
    ]
    guided = Action(
        "book.guided",
        _("Guided start"),
        partial(window.go, "dashboard", guided_start=True),
        tip=_("Enter a site, its power price and its rigs in three steps"),
        menu=_("File"),
    )
    return [guided, *samples]
