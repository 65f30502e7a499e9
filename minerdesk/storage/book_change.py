"""What one edit changed of a book, small enough to be written down at once.

Books are immutable and share what an edit left alone, so identity tells what changed: comparing
100,000 groups takes milliseconds, and the change of one group is one group.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from minerdesk.domain.book import Assumptions, Book
from minerdesk.domain.rigs import RigGroup, RigModel
from minerdesk.domain.sites import Site
from minerdesk.domain.tariff import Tariff

T = TypeVar("T")


@dataclass(frozen=True)
class Splice(Generic[T]):
    """Rows put in the place of ``removed`` rows from index ``at``."""

    at: int
    removed: int
    rows: tuple[T, ...]


@dataclass(frozen=True)
class Rows(Generic[T]):
    """What changed in one tuple of a book.

    Attributes:
        splice: a run of rows replaced, added or removed; or None.
        at: indexes of single rows replaced where the length stayed; ``rows`` the new ones.
    """

    splice: Splice[T] | None = None
    at: tuple[int, ...] = ()
    rows: tuple[T, ...] = ()


@dataclass(frozen=True)
class Change:
    """What one edit changed; a field that is None stayed."""

    name: str | None = None
    currency: str | None = None
    assumptions: Assumptions | None = None
    sites: Rows[Site] | None = None
    tariffs: Rows[Tariff] | None = None
    models: Rows[RigModel] | None = None
    groups: Rows[RigGroup] | None = None


def between(old: Book, new: Book) -> Change:
    """Return what makes ``new`` of ``old``. O(rows), by identity."""
    return Change(
        name=None if old.name == new.name else new.name,
        currency=None if old.currency == new.currency else new.currency,
        assumptions=None if old.assumptions == new.assumptions else new.assumptions,
        sites=_rows_between(old.sites, new.sites),
        tariffs=_rows_between(old.tariffs, new.tariffs),
        models=_rows_between(old.models, new.models),
        groups=_rows_between(old.groups, new.groups),
    )


def apply(change: Change, book: Book) -> Book:
    """Return the book after a change that `between` made of this very book."""
    return replace(
        book,
        name=book.name if change.name is None else change.name,
        currency=book.currency if change.currency is None else change.currency,
        assumptions=change.assumptions or book.assumptions,
        sites=_applied(change.sites, book.sites),
        tariffs=_applied(change.tariffs, book.tariffs),
        models=_applied(change.models, book.models),
        groups=_applied(change.groups, book.groups),
    )


def _rows_between(old: tuple[T, ...], new: tuple[T, ...]) -> Rows[T] | None:
    if old is new:
        return None
    if len(old) == len(new):
        at = tuple(i for i, (was, is_) in enumerate(zip(old, new, strict=True)) if was is not is_)
        return Rows(at=at, rows=tuple(new[i] for i in at)) if at else None
    shorter = min(len(old), len(new))
    head = next((i for i in range(shorter) if old[i] is not new[i]), shorter)
    most = shorter - head
    tail = next((i for i in range(most) if old[-1 - i] is not new[-1 - i]), most)
    return Rows(splice=Splice(head, len(old) - head - tail, new[head : len(new) - tail]))


def _applied(change: Rows[T] | None, rows: tuple[T, ...]) -> tuple[T, ...]:
    if change is None:
        return rows
    changed = list(rows)
    if change.splice is not None:
        at = change.splice.at
        changed[at : at + change.splice.removed] = change.splice.rows
    for index, row in zip(change.at, change.rows, strict=True):
        changed[index] = row
    return tuple(changed)
