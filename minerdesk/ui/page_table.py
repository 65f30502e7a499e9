"""The pages there are. Their code is loaded when they are first shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Final

from minerdesk.domain.text import _
from minerdesk.ui.page import Page, PageContext


@dataclass(frozen=True, slots=True)
class Promise:
    """An action of a page that is not built yet: its id and text there, and further words."""

    id: str
    text: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class PageEntry:
    """A page as the navigation knows it before it is built.

    Attributes:
        name: stable name, such as ``fleet``; ``title``: translated; ``icon``: of resources/icons.
        build: makes the page.
        promises: actions of the page that can be asked for before it is built.
    """

    name: str
    title: str
    icon: str
    build: Callable[[PageContext], Page]
    promises: tuple[Promise, ...] = ()


_CLASSES: Final = {
    "dashboard": "DashboardPage",
    "fleet": "FleetPage",
    "power": "PowerPage",
    "plan": "PlanPage",
    "network": "NetworkPage",
    "standing": "StandingPage",
    "profitability": "ProfitabilityPage",
}


def _later(name: str) -> Callable[[PageContext], Page]:
    def build(context: PageContext) -> Page:
        module = import_module(f"minerdesk.ui.pages.{name}")
        made: Page = getattr(module, _CLASSES[name])(context)
        return made

    return build


def _page(name: str, title: str, *promises: Promise) -> PageEntry:
    return PageEntry(name, title, name, _later(name), promises)


def _picture(chart_id: str, chart: str) -> Promise:
    return Promise(f"{chart_id}.picture", _("{chart}: copy as picture").format(chart=chart))


def _table(chart_id: str, chart: str) -> Promise:
    return Promise(f"{chart_id}.table", _("{chart}: copy as table").format(chart=chart))


def _csv(chart_id: str, chart: str) -> Promise:
    return Promise(f"{chart_id}.csv", _("{chart}: save as CSV…").format(chart=chart))


def _rows(chart_id: str, chart: str) -> tuple[Promise, ...]:
    return _table(chart_id, chart), _csv(chart_id, chart)


def _chart(chart_id: str, chart: str) -> tuple[Promise, ...]:
    return _picture(chart_id, chart), *_rows(chart_id, chart)


def all_pages() -> tuple[PageEntry, ...]:
    """Return the pages in the order of the navigation."""
    return (
        _page(
            "dashboard",
            _("Dashboard"),
            Promise("dashboard.mark_done", _("Mark done"), _("power down start moves")),
            Promise("dashboard.not_done", _("Not done…"), _("decision reason log because")),
            *_chart("dashboard.days", _("Margin of the last 30 days")),
        ),
        _page(
            "fleet",
            _("Fleet"),
            Promise("fleet.add", _("Add rigs…"), _("machines")),
            Promise("fleet.import", _("Import rigs…"), "csv xlsx spreadsheet"),
            Promise("fleet.export", _("Export rigs…"), "csv xlsx spreadsheet"),
            Promise("fleet.filter", _("Filter groups"), _("search")),
            Promise("fleet.add_site", _("Add site…"), _("power price tariff")),
        ),
        _page(
            "power",
            _("Power"),
            Promise("power.import_rate", _("Import a rate (OpenEI URDB)…"), _("tariff json")),
            Promise("power.import_prices", _("Import prices…"), _("csv index")),
            Promise("power.import_load", _("Import load…"), _("csv meter bill")),
            *_chart("power.prices", _("Price of a kWh, next seven days")),
            *_chart("power.bill", _("Bill")),
        ),
        _page(
            "plan",
            _("Plan"),
            Promise("plan.export.csv", _("Export moves as CSV…"), _("spreadsheet")),
            Promise("plan.export.calendar", _("Export moves as a calendar…"), "ics ical phone"),
            Promise("plan.copy", _("Copy moves as text")),
            *_chart("plan.bands", _("The next days")),
            *_rows("plan.states", _("States of the groups")),
            _table("plan.moves", _("Moves")),
            _table("plan.by_hand", _("By hand")),
        ),
        _page(
            "network",
            _("Network"),
            *_chart("network.cost", _("Cost against price")),
            *_chart("network.hashrate", _("Hashrate and its ribbon")),
            *_chart("network.difficulty", _("Difficulty")),
            *_chart("network.hashprice", _("Hashprice")),
            *_chart("network.sensitivity", _("Cost at each price of power")),
            Promise("network.phases.table", _("Phases: copy as table"), _("hash ribbon")),
            Promise("network.explain", _("How is the cost of mining computed?"), _("formula")),
            Promise("network.mark", _("Add a mark of the cost…"), "macromicro cbeci"),
            Promise("network.log", _("Log scale of the charts"), _("logarithm")),
        ),
        _page(
            "standing",
            _("Standing"),
            *_chart("standing.cost", _("Cost of a coin across the network")),
            *_chart("standing.border", _("Who is squeezed")),
            *_chart("standing.what_if", _("Margin over price and difficulty")),
            *_rows("standing.buy", _("Mine or buy")),
        ),
        _page(
            "profitability",
            _("Profitability"),
            *_chart("profitability.stairs", _("Merit order")),
            *_chart("profitability.margins", _("Margin per group")),
            *_chart("profitability.timeline", _("Over time")),
            *_rows("profitability.rungs", _("Break-evens")),
        ),
    )
