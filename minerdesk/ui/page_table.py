"""The pages there are. Their code is loaded when they are first shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from minerdesk.domain.text import _
from minerdesk.ui.page import Page, PageContext


@dataclass(frozen=True, slots=True)
class PageEntry:
    """A page as the navigation knows it before it is built.

    Attributes:
        name: stable name, such as ``fleet``; ``title``: translated; ``icon``: of resources/icons.
        build: makes the page.
    """

    name: str
    title: str
    icon: str
    build: Callable[[PageContext], Page]


def _later(name: str, class_name: str) -> Callable[[PageContext], Page]:
    def build(context: PageContext) -> Page:
        module = import_module(f"minerdesk.ui.pages.{name}")
        made: Page = getattr(module, class_name)(context)
        return made

    return build


def all_pages() -> tuple[PageEntry, ...]:
    """Return the pages in the order of the navigation."""
    return (
        PageEntry("dashboard", _("Dashboard"), "dashboard", _later("dashboard", "DashboardPage")),
        PageEntry("fleet", _("Fleet"), "fleet", _later("fleet", "FleetPage")),
        PageEntry("network", _("Network"), "network", _later("network", "NetworkPage")),
        PageEntry(
            "profitability",
            _("Profitability"),
            "profitability",
            _later("profitability", "ProfitabilityPage"),
        ),
    )
