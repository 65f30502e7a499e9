"""A small stand-in for what the assembly builds, with real domain values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from minerdesk.domain.book import Book
from minerdesk.domain.cancel import CancelToken
from minerdesk.domain.errors import UserError
from minerdesk.domain.readings import (
    Gauge,
    NetworkState,
    Provenance,
    Quantity,
    Reading,
    RetargetProjection,
)

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)


def reading(quantity: Quantity, value: float, minutes: float = 2, **options: str) -> Reading:
    """A reading of ``minutes`` ago."""
    taken = NOW - timedelta(minutes=minutes)
    return Reading(quantity, value, options.pop("source", "mempool.space"), taken, **options)  # type: ignore[arg-type] # texts only


def network_state(**changes: object) -> NetworkState:
    """A complete, live state of the network."""
    price = reading(Quantity.PRICE, 93_049, source="Kraken", currency="USD")
    other = reading(Quantity.PRICE, 93_100, source="Coinbase", currency="USD")
    state = NetworkState(
        revision=1,
        price=Gauge(price, (price, other)),
        height=Gauge(reading(Quantity.HEIGHT, 932_935), stale_after=timedelta(minutes=30)),
        difficulty=Gauge(
            reading(Quantity.DIFFICULTY, 146.47e12), stale_after=timedelta(minutes=30)
        ),
        fees=Gauge(reading(Quantity.FEES, 0.0148, 9), stale_after=timedelta(hours=1)),
        hashrate=Gauge(reading(Quantity.HASHRATE, 977e18), stale_after=timedelta(hours=24)),
        retarget=RetargetProjection(
            -3.8, 1.2, NOW + timedelta(days=3, hours=10), 933_408, 473, "own formula", NOW
        ),
        online=True,
    )
    return replace(state, **changes)  # type: ignore[arg-type] # fields by name


class PlainFormats:
    """English numbers."""

    def number(self, value: float | None, digits: int = 0) -> str:
        return "–" if value is None else f"{value:,.{digits}f}".replace("-", "−")

    def money(self, value: float | None, currency: str, digits: int | None = None) -> str:
        return (
            "–"
            if value is None
            else f"{self.number(value, 2 if digits is None else digits)} {currency}"
        )

    def percent(self, fraction: float | None, digits: int = 1) -> str:
        return "–" if fraction is None else f"{self.number(fraction * 100, digits)} %"

    def age(self, age: timedelta) -> str:
        minutes = int(age.total_seconds() // 60)
        return (
            f"{minutes // 1440} d {minutes % 1440 // 60} h" if minutes >= 1440 else f"{minutes} min"
        )


@dataclass
class FakeBook:
    """A book with undo, without files."""

    book: Book = field(default_factory=Book)
    revision: int = 1
    path: Path | None = None
    dirty: bool = False
    read_only: bool = False
    undone: list[tuple[str, Book]] = field(default_factory=list)
    redone: list[tuple[str, Book]] = field(default_factory=list)
    saved: list[Path] = field(default_factory=list)
    heard: list[Callable[[], None]] = field(default_factory=list)

    @property
    def can_undo(self) -> bool:
        return bool(self.undone)

    @property
    def can_redo(self) -> bool:
        return bool(self.redone)

    @property
    def undo_text(self) -> str:
        return self.undone[-1][0] if self.undone else ""

    @property
    def redo_text(self) -> str:
        return self.redone[-1][0] if self.redone else ""

    def apply(self, text: str, change: Callable[[Book], Book]) -> None:
        if self.read_only:
            raise UserError("The book is read-only.")
        self.undone.append((text, self.book))
        self.redone.clear()
        self._set(change(self.book), dirty=True)

    def undo(self) -> None:
        text, book = self.undone.pop()
        self.redone.append((text, self.book))
        self._set(book, dirty=True)

    def redo(self) -> None:
        text, book = self.redone.pop()
        self.undone.append((text, self.book))
        self._set(book, dirty=True)

    def new(self, book: Book) -> None:
        self.path = None
        self._set(book, dirty=False)

    def open(self, path: Path) -> None:
        if not path.exists():
            raise UserError(f"There is no file {path.name}.")
        self.path = path
        self._set(Book(name=path.stem), dirty=False)

    def save(self) -> None:
        assert self.path is not None
        self.save_as(self.path)

    def save_as(self, path: Path) -> None:
        self.path = path
        self.saved.append(path)
        self._set(self.book, dirty=False)

    def subscribe(self, callback: Callable[[], None]) -> None:
        self.heard.append(callback)

    def _set(self, book: Book, *, dirty: bool) -> None:
        self.book = book
        self.revision += 1
        self.dirty = dirty
        for callback in list(self.heard):
            callback()


class FakeDesk:
    """What `minerdesk.assembly.build` makes, made of nothing."""

    def __init__(self, profile: Path) -> None:
        self.profile = profile
        self.book = FakeBook()
        self.formats = PlainFormats()
        self.network = network_state()
        self.sources: object = ()
        self.settings: object = None
        self.recent_books: tuple[Path, ...] = ()
        self.polls = 0
        self.evaluations: list[tuple[Book, int, NetworkState]] = []
        self.typed: list[tuple[Quantity, float | None]] = []
        self.poll_error: Exception | None = None

    def poll(self, token: CancelToken) -> NetworkState:
        token.check()
        self.polls += 1
        if self.poll_error is not None:
            raise self.poll_error
        return self.network

    def evaluate(
        self, book: Book, book_revision: int, network: NetworkState, token: CancelToken
    ) -> object:
        token.check()
        self.evaluations.append((book, book_revision, network))
        return ("evaluation", book_revision, network.revision)

    def read_history(self, token: CancelToken) -> object:
        token.check()
        return ("history",)

    def hashprice_per_ph_day(self, network: NetworkState) -> float | None:
        return 40.1 if network.complete else None

    def parse_number(self, text: str) -> float:
        try:
            return float(text.replace(",", ""))
        except ValueError:
            raise UserError(f"“{text}” is no number.") from None

    def type_value(self, quantity: Quantity, value: float | None) -> NetworkState:
        self.typed.append((quantity, value))
        gauge = self.network.price
        if quantity is Quantity.PRICE and value is not None:
            own = Reading(quantity, value, "you", NOW, Provenance.TYPED, "USD")
            gauge = Gauge(own, (own, *gauge.beside))
        self.network = replace(self.network, price=gauge, revision=self.network.revision + 1)
        return self.network

    def close(self) -> None:
        """Nothing to release."""
