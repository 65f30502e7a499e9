"""Views of where small fleets stand, on round numbers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np

from minerdesk.domain.network_choice import NetworkChoice
from minerdesk.domain.readings import NetworkState
from minerdesk.domain.rigs import PowerMode, RigModel
from minerdesk.engine.indicators.days import Days
from minerdesk.engine.indicators.difficulty import Retargets
from minerdesk.services.evaluation import Evaluation
from minerdesk.services.network_reading.indicators import (
    DailyHistory,
    Indicators,
    make_indicators,
)
from minerdesk.services.network_reading.machines import industry_machines
from minerdesk.services.standing.making import Beside, make_standing
from minerdesk.services.standing.view import StandingChoice, StandingView
from tests.support.evaluations import NOW, TWO_MODES, book, evaluate, group

# At 40 USD a PH/s and day and 0.05 USD/kWh a machine earns below 33.3 J/TH. A year and a half old.
MODELS = tuple(
    RigModel(name, (PowerMode("normal", 100, 100 * j_per_th),), released="2024-07")
    for name, j_per_th in (("Thrifty", 15.0), ("Middling", 25.0), ("Greedy", 31.0))
)
# A group that earns, one that loses, one that is off and would lose, one with two modes.
BOOK = book(
    group("good", "cheap", 100),
    group("bad", "dear", 20),
    group("off", "dear", 10, running=()),
    group("dual", "even", 5, model=TWO_MODES),
)


def standing(
    evaluation: Evaluation | None = None,
    beside: Beside | None = None,
    choice: StandingChoice | None = None,
) -> StandingView:
    """Return the view of an evaluation that has figures."""
    found = make_standing(
        evaluation or evaluate(BOOK), beside or Beside(MODELS), choice or StandingChoice()
    )
    assert found is not None
    return found


def daily(days: int = 120, *, until: datetime = NOW, price: float = 100_000.0) -> DailyHistory:
    """Return days that end the day before ``until``; the price rises to ``price`` by 10 a day."""
    first = until.date().toordinal() - days
    each = np.arange(days, dtype=np.float64)
    retarget = datetime(2026, 1, 1, tzinfo=UTC) - timedelta(days=400)
    return DailyHistory(
        Days(
            first,
            price - 10 * (days - 1 - each),
            np.full(days, 1e21),
            np.full(days, np.nan),
            np.full(days, 2.0),
            np.full(days, 450.0),
        ),
        Retargets(np.array([2016]), np.array([retarget.timestamp()]), np.array([140e12])),
    )


def indicators(history: DailyHistory, network: NetworkState | None = None) -> Indicators:
    """Return the indicators of a history."""
    return make_indicators(
        history, industry_machines(MODELS), NetworkChoice(), network or NetworkState(), NOW
    )
