"""What tests of a page stand on: its context, and a history to draw."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from types import MappingProxyType, SimpleNamespace

import numpy as np

from minerdesk.domain.readings import NetworkState
from minerdesk.services.history_view import HistorySlice, MarginHistory, Series
from minerdesk.services.words import Formats
from minerdesk.ui.icons import Icons
from minerdesk.ui.page import PageContext
from minerdesk.ui.state import DeskState
from minerdesk.ui.tasks import TaskRunner
from minerdesk.ui.theme import Theme

DAY_S = 86_400.0


class Asked:
    """Writes down which pages and actions were asked for."""

    def __init__(self) -> None:
        self.pages: list[tuple[str, dict[str, object]]] = []
        self.actions: list[str] = []
        self.offline = False

    def go(self, page_name: str, /, **selection: object) -> None:
        self.pages.append((page_name, selection))

    def run(self, action_id: str) -> None:
        self.actions.append(action_id)


def page_context(
    state: DeskState,
    theme: Theme,
    tasks: TaskRunner,
    asked: Asked,
    now: Callable[[], datetime],
) -> PageContext:
    """Return a context over ``state`` whose doors only write down what was asked."""

    def nothing(*_given: object, **_named: object) -> None:
        """Neither edits nor toasts."""

    def hashprice(network: NetworkState) -> float | None:
        return 40.1 if network.complete else None

    return PageContext(
        state=state,
        theme=theme,
        icons=Icons(theme),
        formats=Formats("en", UTC),
        run_command=nothing,
        tasks=tasks,
        services=SimpleNamespace(
            hashprice_per_ph_day=hashprice, refresh=SimpleNamespace(offline=asked.offline)
        ),
        toast=nothing,
        go=asked.go,
        now=now,
        run_action=asked.run,
    )


def history(now: datetime, points: int = 100) -> HistorySlice:
    """Return a year of days of network history, and margins each hour."""
    day = np.arange(365, dtype=np.float64)
    hour = np.arange(points, dtype=np.float64)
    days_s = now.timestamp() - day[::-1] * DAY_S
    hours_s = now.timestamp() - hour[::-1] * 3600.0
    wave = np.sin(hour / 10)
    return HistorySlice(
        MappingProxyType(
            {
                "hashrate": Series(days_s, 9e20 + 1e18 * day, window_days=7.0),
                "difficulty": Series(
                    days_s, 140e12 + 1e12 * np.floor(day / 14), source="mempool.space"
                ),
            }
        ),
        MarginHistory(
            "USD",
            hours_s,
            1000 + 100 * wave,
            1200 + 100 * wave,
            90_000 + 1000 * wave,
            40 + wave,
            np.full(points, 50.0),
        ),
    )
