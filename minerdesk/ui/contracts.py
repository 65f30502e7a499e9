"""What the window asks of the composition root. It builds none of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from minerdesk.domain.book import Book
from minerdesk.domain.cancel import CancelToken
from minerdesk.domain.readings import NetworkState

if TYPE_CHECKING:
    from minerdesk.services.book import BookService
    from minerdesk.services.decisions import Decisions
    from minerdesk.services.network_history.door import PastDoor
    from minerdesk.services.network_reading.door import IndicatorsDoor
    from minerdesk.services.number_text import NumberStyle
    from minerdesk.services.planning.plan import Plan, PlanOptions
    from minerdesk.services.power.door import PowerDoor
    from minerdesk.services.refresh import RefreshService
    from minerdesk.services.reminding import Reminding
    from minerdesk.services.settings import Settings
    from minerdesk.services.standing.door import StandingDoor
    from minerdesk.services.words.formats import Formats

Change = Callable[[Book], Book]


class Clock(Protocol):
    """The time now."""

    def __call__(self) -> datetime:
        """Return the time now, UTC and aware."""
        ...


class Secrets(Protocol):
    """Passwords. A keyring may ask and block: call it off the GUI thread."""

    @property
    def reason(self) -> str:
        """Why they are kept for this session alone, a sentence; empty with a keyring."""
        ...

    def get(self, key: str) -> str | None:
        """Return a secret, or None."""
        ...

    def set(self, key: str, secret: str) -> object:
        """Keep a secret."""
        ...

    def delete(self, key: str) -> None:
        """Forget a secret."""
        ...


class Desk(Protocol):
    """What `minerdesk.assembly.build` made. Methods with a token run off the GUI thread."""

    @property
    def book(self) -> BookService:
        """The open book, its undo, its file."""
        ...

    @property
    def refresh(self) -> RefreshService:
        """The live numbers."""
        ...

    @property
    def decisions(self) -> Decisions:
        """The log of what the operator decided."""
        ...

    @property
    def reminding(self) -> Reminding:
        """Tells of coming moves, each once."""
        ...

    @property
    def formats(self) -> Formats:
        """Numbers, money and ages in the operator's locale."""
        ...

    @property
    def number_style(self) -> NumberStyle:
        """How the operator types numbers."""
        ...

    @property
    def settings(self) -> Settings:
        """The settings in force."""
        ...

    def change_settings(self, new: Settings) -> str:
        """Keep settings and put them in force.

        Returns:
            A sentence for the operator where the disk needed one, else empty.

        Raises:
            WorldError: the disk refuses.
        """
        ...

    @property
    def secrets(self) -> Secrets:
        """Where passwords are kept."""
        ...

    @property
    def state_dir(self) -> Path:
        """Folder of what belongs to this computer, such as the window's place."""
        ...

    @property
    def log_file(self) -> Path:
        """The program's log."""
        ...

    @property
    def known_secrets(self) -> frozenset[str]:
        """Every secret this session has seen, so that reports can leave it out."""
        ...

    @property
    def why_not_polling(self) -> str:
        """Why this process neither polls nor writes history, a sentence; empty where it does."""
        ...

    @property
    def troubles(self) -> tuple[str, ...]:
        """Sentences on what does not work now, or was found broken; they come and go."""
        ...

    @property
    def problems(self) -> tuple[str, ...]:
        """Sentences on what could not be used at the start."""
        ...

    def sample(self, name: str) -> Path:
        """Return the path of a sample book: ``home`` or ``farm``."""
        ...

    def remember_book(self, path: Path) -> None:
        """Put a book first among the recent ones."""
        ...

    def poll(
        self, token: CancelToken, *, on_state: Callable[[NetworkState], None] | None = None
    ) -> NetworkState:
        """Ask the sources that are due; ``on_state`` gets each state, in the calling thread."""
        ...

    @property
    def recent_books(self) -> tuple[Path, ...]:
        """Files opened lately, newest first."""
        ...

    def plan(
        self,
        book: Book,
        book_revision: int,
        network: NetworkState,
        options: PlanOptions | None,
        token: CancelToken,
        *,
        on_better: Callable[[Plan], None] | None = None,
    ) -> Plan | None:
        """Plan the hours to come, as the settings ask where ``options`` is None.

        ``on_better`` gets each better plan, in the calling thread; None where numbers or rigs lack.
        """
        ...

    @property
    def plan_options(self) -> PlanOptions:
        """What the settings ask of a plan."""
        ...

    def evaluate(
        self,
        book: Book,
        book_revision: int,
        network: NetworkState,
        token: CancelToken,
        plan: Plan | None = None,
    ) -> object:
        """Evaluate the whole fleet; the answer is a frozen value for the slice ``evaluation``.

        The plan's first step decides, where it is one of this very book and time.
        """
        ...

    def power_view(
        self, book: Book, book_revision: int, network: NetworkState, token: CancelToken
    ) -> object:
        """Price power for the next days; the answer is a frozen value for the slice ``power``."""
        ...

    def renew_prices(self, book: Book, token: CancelToken) -> object:
        """Ask the live sources of prices that are due."""
        ...

    @property
    def power(self) -> PowerDoor:
        """Prices and loads that are kept."""
        ...

    def read_history(self, token: CancelToken) -> object:
        """Read what was kept; the answer is a frozen value for the slice ``history``."""
        ...

    @property
    def indicators(self) -> IndicatorsDoor:
        """What was chosen for the network's readings."""
        ...

    @property
    def past(self) -> PastDoor:
        """The network's past."""
        ...

    def make_indicators(
        self, network: NetworkState, evaluation: object, token: CancelToken
    ) -> object:
        """Compute the readings of the network; a frozen value for the slice ``indicators``."""
        ...

    @property
    def standing(self) -> StandingDoor:
        """Makes the slice ``standing``, and what was chosen for it."""
        ...

    def open_doors(self, token: CancelToken) -> None:
        """Load and make what stands behind `power`, `past`, `indicators` and `standing`."""
        ...

    def hashprice_per_ph_day(self, network: NetworkState) -> float | None:
        """Return money for 1 PH/s and day before costs, or None where a number lacks."""
        ...

    def close(self) -> None:
        """Release locks and files; bounded in time, and again is no fault."""
        ...
