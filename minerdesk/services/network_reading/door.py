"""Makes the indicators off the GUI thread, and keeps what the operator chose for them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Protocol

import numpy as np

from minerdesk.domain.cancel import CancelToken
from minerdesk.domain.errors import UserError, WorldError
from minerdesk.domain.limits import Limits
from minerdesk.domain.network_choice import NetworkChoice, ReferenceMark
from minerdesk.domain.readings import NetworkState
from minerdesk.domain.rigs import RigModel
from minerdesk.domain.text import _
from minerdesk.engine.indicators.days import Days
from minerdesk.engine.indicators.difficulty import Retargets
from minerdesk.services.evaluation import Evaluation
from minerdesk.services.network_reading.indicators import (
    DailyHistory,
    Indicators,
    last_complete_day,
    make_indicators,
    with_fleet,
    with_models,
)
from minerdesk.services.network_reading.machines import industry_machines

POWER_PRICE = Limits(minimum=0.01, maximum=0.20)
CONFIRMATION_DAYS = Limits(minimum=1, maximum=60)
CONFIRMATION_BAND = Limits(minimum=0, maximum=0.2)


class ChoiceStore(Protocol):
    """Where the choice outlives the program."""

    def load(self) -> NetworkChoice:
        """Return what was kept."""
        ...

    def save(self, choice: NetworkChoice) -> None:
        """Keep exactly this."""
        ...


@dataclass(frozen=True, slots=True)
class _Made:
    found: Indicators
    day: date
    live: tuple[object, ...]


class IndicatorsDoor:
    """The one way to the slice ``indicators``.

    `make` runs off the GUI thread, one call at a time; everything else in the GUI thread.

    Args:
        read_history: reads what is known by day; it may block.
        load_models: reads the rig catalogue; called once.
        store: keeps the choice.
    """

    def __init__(
        self,
        read_history: Callable[[CancelToken], DailyHistory],
        load_models: Callable[[], Sequence[RigModel]],
        store: ChoiceStore,
    ) -> None:
        self._read_history = read_history
        self._load_models = load_models
        self._store = store
        self._lock = threading.Lock()
        self._models: Sequence[RigModel] | None = None
        self._choice: NetworkChoice | None = None
        self._kept: NetworkChoice | None = None
        self._made: _Made | None = None
        self._problem = ""
        self._listeners: list[Callable[[], object]] = []

    @property
    def choice(self) -> NetworkChoice:
        """What is chosen now."""
        if self._choice is None:
            self._choice = self._kept = self._store.load()
        return self._choice

    @property
    def problem(self) -> str:
        """Why the choice could not be kept, a sentence; empty where it was."""
        return self._problem

    def subscribe(self, listener: Callable[[], object]) -> Callable[[], None]:
        """Call ``listener`` after each change of the choice; returns what ends it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def choose_power_price(self, price_per_kwh: float) -> None:
        """Compute the cost at another price of power, USD.

        Raises:
            UserError: it is outside 0.01 to 0.20.
        """
        _check(POWER_PRICE, price_per_kwh, _("the price of power"))
        self._choose(replace(self.choice, price_per_kwh=price_per_kwh))

    def choose_confirmation(self, days: int, band: float) -> None:
        """Ask of a cross of the ribbon to hold for ``days`` days and by ``band``, a fraction.

        Raises:
            UserError: one of them is outside its limits.
        """
        _check(CONFIRMATION_DAYS, days, _("the days of confirmation"))
        _check(CONFIRMATION_BAND, band, _("the band of confirmation"))
        self._choose(replace(self.choice, confirmation_days=days, confirmation_band=band))

    def add_mark(self, day: date, cost_per_btc: float, name: str, source: str = "") -> None:
        """Add a dated figure of the operator's own.

        Raises:
            UserError: it has no name, or the figure is not greater than 0.
        """
        if not name.strip():
            raise UserError(_("A mark needs a name, such as who published it."))
        _check(Limits(above=0, maximum=1e9), cost_per_btc, _("the figure"))
        made = ReferenceMark(day, float(cost_per_btc), name.strip(), source.strip(), own=True)
        self._choose(replace(self.choice, marks=(*self.choice.marks, made)))

    def remove_mark(self, mark: ReferenceMark) -> None:
        """Remove one of the operator's own."""
        kept = tuple(each for each in self.choice.marks if each != mark)
        self._choose(replace(self.choice, marks=kept))

    def make(
        self,
        network: NetworkState,
        evaluation: object,
        now: datetime,
        token: CancelToken,
    ) -> Indicators:
        """Make the slice; what did not change since the last time is not computed again.

        Args:
            network: live numbers.
            evaluation: the newest `Evaluation`; anything else tells nothing of the fleet.
            now: UTC.
            token: ends it.

        Raises:
            Cancelled: the token was cancelled.
        """
        token.check()
        choice = self.choice
        with self._lock:
            self._keep(choice)
            history = self._read_history(token)
            token.check()
            found = self._computed(history, choice, network, now)
            token.check()
            known = evaluation if isinstance(evaluation, Evaluation) else None
            return with_fleet(found, known)

    def _computed(
        self, history: DailyHistory, choice: NetworkChoice, network: NetworkState, now: datetime
    ) -> Indicators:
        """Return the indicators without the fleet; curves stay the very same while days do."""
        if self._models is None:
            self._models = self._load_models()
        live = network.retarget, network.height.value, network.example_of
        made = self._made
        same = (
            made is not None
            and (made.found.choice, made.day) == (choice, last_complete_day(now))
            and _same_history(made.found.history, history)
        )
        if made is not None and same and made.live == live:
            return made.found
        found = make_indicators(history, industry_machines(self._models), choice, network, now)
        found = with_models(found, self._models)
        if made is not None and same:
            found = replace(found, curves=made.found.curves)
        self._made = _Made(found, last_complete_day(now), live)
        return found

    def _keep(self, choice: NetworkChoice) -> None:
        if choice == self._kept:
            return
        try:
            self._store.save(choice)
        except WorldError as error:
            self._problem = str(error)
            return
        self._kept, self._problem = choice, ""

    def _choose(self, choice: NetworkChoice) -> None:
        if choice == self.choice:
            return
        self._choice = choice
        for listener in tuple(self._listeners):
            listener()


def _same_history(one: DailyHistory, other: DailyHistory) -> bool:
    """Tell whether two are equal; they are read anew each time, so by their values."""
    if one is other:
        return True
    words = ("sources", "notes", "embedded_alone")
    if any(getattr(one, name) != getattr(other, name) for name in words):
        return False
    if (one.days is None) != (other.days is None):
        return False
    retargets = _equal(one.retargets, other.retargets)
    return retargets and (one.days is None or _equal(one.days, other.days))


def _equal(one: Retargets | Days, other: object) -> bool:
    return all(
        np.array_equal(getattr(one, each.name), getattr(other, each.name), equal_nan=True)
        for each in fields(one)
    )


def _check(limits: Limits, value: float, name: str) -> None:
    if not limits.allow(value):
        raise UserError(
            _("{name} must be {limits}, found {value:g}.").format(
                name=name[:1].upper() + name[1:], limits=limits.sentence(value), value=value
            ),
            value=f"{value:g}",
        )
