"""The one way to the slice ``standing``, and what the operator chose for it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from minerdesk.domain.cancel import CancelToken
from minerdesk.domain.rigs import RigModel
from minerdesk.services.evaluation import Evaluation
from minerdesk.services.history_view import HistorySlice
from minerdesk.services.network_reading.indicators import Indicators
from minerdesk.services.standing.making import Beside, make_standing
from minerdesk.services.standing.view import StandingChoice, StandingView


class StandingDoor:
    """Makes the view. `make` runs off the GUI thread; everything else in the GUI thread.

    Args:
        load_models: reads the rig catalogue; called once, by `make`.
        power_price: the price of power chosen for the network's cost, USD per kWh.
        price_move: a move of the BTC price in a day that is told of, a fraction.
    """

    def __init__(
        self,
        load_models: Callable[[], Sequence[RigModel]],
        power_price: Callable[[], float],
        price_move: Callable[[], float],
    ) -> None:
        self._load_models = load_models
        self._power_price = power_price
        self._price_move = price_move
        self._models: Sequence[RigModel] | None = None
        self._lock = threading.Lock()
        self._choice = StandingChoice()
        self._listeners: list[Callable[[], object]] = []

    @property
    def choice(self) -> StandingChoice:
        """What is chosen now."""
        return self._choice

    def choose(self, choice: StandingChoice) -> None:
        """Choose; whoever subscribed makes the view anew."""
        if choice == self._choice:
            return
        self._choice = choice
        for listener in tuple(self._listeners):
            listener()

    def subscribe(self, listener: Callable[[], object]) -> Callable[[], None]:
        """Call ``listener`` after each change of the choice; returns what ends it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def make(
        self, evaluation: object, indicators: object, history: object, token: CancelToken
    ) -> StandingView | None:
        """Make the view from the newest values of the slices; None without an evaluation of rigs.

        Raises:
            Cancelled: the token was cancelled.
        """
        token.check()
        if not isinstance(evaluation, Evaluation):
            return None
        with self._lock:
            if self._models is None:
                self._models = self._load_models()
        token.check()
        beside = Beside(
            self._models,
            indicators if isinstance(indicators, Indicators) else None,
            history if isinstance(history, HistorySlice) else None,
            self._power_price(),
            self._price_move(),
        )
        return make_standing(evaluation, beside, self._choice)
