"""What is known of the past, as tables: sources, what is used, disagreements, gaps, doubles."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from minerdesk.domain.network_days import DayQuantity
from minerdesk.domain.text import _, ngettext
from minerdesk.domain.units import HS_PER_THS
from minerdesk.services.network_history.daily import (
    EPOCH,
    Disagreement,
    JoinedHistory,
    Used,
)
from minerdesk.services.network_history.reports import Double, PartReport, SourceReport, Span
from minerdesk.services.network_history.retarget_join import EMBEDDED, Conflict
from minerdesk.services.words.formats import DASH, Formats

Row = tuple[str, ...]
T = TypeVar("T")
_Differing = Disagreement | Conflict | tuple[int, str]


@dataclass(frozen=True, slots=True, eq=False)
class PastTable:
    """One table; its rows are written when they are asked for, as there may be thousands.

    Attributes:
        name: stable. title: heading, with the number of rows where that tells something.
        heads: of the columns. numbers: columns that hold numbers. wide: the column that takes
            what room is left.
        count: of rows. row: writes one. files: by row, the imported file it is of, or empty.
        empty: said in place of no rows.
    """

    name: str
    title: str
    heads: Row
    numbers: frozenset[int]
    wide: int
    count: int
    row: Callable[[int], Row]
    empty: str
    files: Row = ()

    def file(self, row: int) -> str:
        """Return the imported file a row is of, or an empty text."""
        return self.files[row] if row < len(self.files) else ""

    def tsv(self) -> str:
        """Return the whole table with tabs, as spreadsheets paste it."""
        heads = (head.replace("\n", " ") for head in self.heads)
        return "\n".join("\t".join(r) for r in (heads, *map(self.row, range(self.count)))) + "\n"


def overview(
    sources: Sequence[SourceReport], joined: JoinedHistory, formats: Formats, now: datetime
) -> tuple[PastTable, ...]:
    """Return what is known of the past.

    Args:
        sources: how each stands.
        joined: the past of all of them.
        formats: the operator's locale.
        now: for ages, UTC.
    """
    words = _Words(formats, now)
    return (
        _sources(sources, words),
        _used(joined, words),
        _disagreements(joined, words),
        _gaps(sources, joined, words),
        _doubles(joined, words),
    )


def quantity_name(quantity: DayQuantity) -> str:
    """Return what a daily quantity is called."""
    return {
        DayQuantity.PRICE: _("Price"),
        DayQuantity.HASHRATE: _("Hashrate"),
        DayQuantity.DIFFICULTY: _("Difficulty"),
        DayQuantity.FEES: _("Fees"),
        DayQuantity.ISSUANCE: _("New coins"),
        DayQuantity.REWARD: _("Fees and new coins"),
        DayQuantity.FEES_PER_BLOCK: _("Fees of a block"),
        DayQuantity.REWARD_PER_BLOCK: _("Fees and new coins of a block"),
    }[quantity]


@dataclass(frozen=True, slots=True)
class _Words:
    formats: Formats
    now: datetime

    def value(self, quantity: DayQuantity, value: float) -> str:
        if quantity is DayQuantity.HASHRATE:
            return self.formats.hashrate(value / HS_PER_THS, 2)
        # A difficulty that differs does so in its last digits.
        digits = {DayQuantity.PRICE: 2, DayQuantity.DIFFICULTY: 0}.get(quantity, 4)
        return self.formats.number(value, digits)

    def differs(self, value: float, other: float) -> str:
        return self.formats.percent_points(100 * (other / value - 1), 2, signed=True)

    def span(self, span: Span) -> Row:
        date = self.formats.date
        return date(span.first), date(span.last), self.formats.count(span.days)

    def ago(self, at: datetime) -> str:
        age = self.formats.age(max(self.now - at, timedelta(0)))
        return _("{age} ago").format(age=age)

    def due(self, source: SourceReport) -> str:
        if source.from_file:
            return _("imported file")
        if source.due_at is None:
            return _("at once") if source.asked and source.asked_at is None else _("not asked")
        if source.due_at <= self.now:
            return _("now")
        return _("in {time}").format(time=self.formats.age(source.due_at - self.now))


def _table(  # noqa: PLR0913 - the parts of a table, each named
    name: str,
    title: str,
    heads: Row,
    rows: Sequence[T],
    write: Callable[[T], Row],
    *,
    numbers: frozenset[int],
    wide: int,
    empty: str,
    files: Row = (),
) -> PastTable:
    return PastTable(
        name, title, heads, numbers, wide, len(rows), lambda n: write(rows[n]), empty, files
    )


def _sources(sources: Sequence[SourceReport], words: _Words) -> PastTable:
    count, date = words.formats.count, words.formats.date

    def lines(source: SourceReport) -> Iterator[Row]:
        answered = DASH if source.answered_at is None else words.ago(source.answered_at)
        last = (answered, words.due(source), source.problem or DASH)
        for part in source.parts:
            newest = words.ago(part.taken_at) if source.from_file else answered
            yield (
                source.name,
                _what(part),
                date(part.first),
                date(part.last),
                count(part.days),
                count(sum(gap.days for gap in part.gaps)),
                count(len(part.doubles)),
                newest,
                *last[1:],
            )
        if source.retargets:
            heights = (source.first_height, source.last_height)
            yield (
                source.name,
                ngettext("{n} retarget", "{n} retargets", source.retargets).format(
                    n=count(source.retargets)
                ),
                *(_("block {height}").format(height=count(height)) for height in heights),
                *(DASH, DASH, DASH),
                *last,
            )
        if not source.parts and not source.retargets:
            yield (source.name, _("nothing yet"), *(DASH,) * 5, *last)

    rows = [(source, line) for source in sources for line in lines(source)]
    heads = (_("source"), _("what"), _("from"), _("to"), _("days"), _("days\nlacking"))
    return _table(
        "sources",
        _("Sources"),
        (*heads, _("doubles"), _("answered"), _("asked\nagain"), _("last error")),
        rows,
        lambda row: row[1],
        numbers=frozenset({4, 5, 6}),
        wide=9,
        empty=_("No source was heard yet; the settings have their addresses."),
        files=tuple(source.name if source.from_file else "" for source, _line in rows),
    )


def _what(part: PartReport) -> str:
    name = quantity_name(part.quantity)
    return f"{name}, {part.currency}" if part.currency else name


def _used(joined: JoinedHistory, words: _Words) -> PastTable:
    def write(used: Used) -> Row:
        taken = DASH if used.taken_at is None else words.ago(used.taken_at)
        span = Span(used.first, used.last)
        each = _("mean of each epoch") if used.resolution == EPOCH else _("each day")
        first, last, _days = words.span(span)
        days = words.formats.count(used.days)
        return (
            quantity_name(used.quantity),
            _whose(used.source),
            first,
            last,
            days,
            each,
            taken,
            used.derived or _("as the source says"),
        )

    return _table(
        "used",
        _("What is used"),
        (
            *(_("what"), _("source"), _("from"), _("to"), _("days"), _("value of")),
            *(_("heard"), _("how")),
        ),
        joined.used,
        write,
        numbers=frozenset({4}),
        wide=7,
        empty=_("Nothing is known yet."),
    )


def _disagreements(joined: JoinedHistory, words: _Words) -> PastTable:
    def write(found: _Differing) -> Row:
        if isinstance(found, Disagreement):
            return (
                words.formats.date(found.day),
                quantity_name(found.quantity),
                _whose(found.source),
                words.value(found.quantity, found.value),
                _whose(found.other_source),
                words.value(found.quantity, found.other_value),
                words.differs(found.value, found.other_value),
            )
        if isinstance(found, Conflict):
            return (
                _("block {height}").format(height=words.formats.count(found.height)),
                quantity_name(DayQuantity.DIFFICULTY),
                _whose(found.source),
                words.formats.number(found.difficulty, 2),
                _whose(found.other_source),
                words.formats.number(found.other_difficulty, 2),
                words.differs(found.difficulty, found.other_difficulty),
            )
        height, source = found
        return (
            _("block {height}").format(height=words.formats.count(height)),
            _("Retarget"),
            *(DASH, DASH),
            _whose(source),
            _("left out: does not fit in time"),
            DASH,
        )

    newest = sorted(joined.disagreements, key=lambda found: found.day, reverse=True)
    rows: tuple[_Differing, ...] = (*joined.misplaced, *joined.conflicts, *newest)
    return _table(
        "disagreements",
        _counted(_("Disagreements"), len(rows), words),
        (
            *(_("day"), _("what"), _("used"), _("its value")),
            *(_("other source"), _("its value"), _("differs by")),
        ),
        rows,
        write,
        numbers=frozenset({3, 5, 6}),
        wide=4,
        empty=_("Where sources know the same day, they agree within the tolerance set."),
    )


def _gaps(sources: Sequence[SourceReport], joined: JoinedHistory, words: _Words) -> PastTable:
    rows = [
        (quantity_name(quantity), _("all together"), gap)
        for quantity, gaps in joined.gaps.items()
        for gap in reversed(gaps)
    ]
    rows += [
        (_what(part), source.name, gap)
        for source in sources
        for part in source.parts
        for gap in reversed(part.gaps)
    ]
    return _table(
        "gaps",
        _counted(_("Gaps"), len(rows), words),
        (_("what"), _("source"), _("from"), _("to"), _("days")),
        rows,
        lambda row: (row[0], row[1], *words.span(row[2])),
        numbers=frozenset({4}),
        wide=1,
        empty=_("No source lacks a day between those it knows."),
    )


def _doubles(joined: JoinedHistory, words: _Words) -> PastTable:
    def write(double: Double) -> Row:
        return (
            words.formats.date(double.day),
            quantity_name(double.quantity),
            double.source,
            words.value(double.quantity, double.value),
            words.value(double.quantity, double.other),
            words.differs(double.value, double.other),
        )

    rows = sorted(joined.doubles, key=lambda double: double.day, reverse=True)
    return _table(
        "doubles",
        _counted(_("Doubles"), len(rows), words),
        (_("day"), _("what"), _("source"), _("used"), _("the other"), _("differs by")),
        rows,
        write,
        numbers=frozenset({3, 4, 5}),
        wide=2,
        empty=_("No source gave two values for a day."),
    )


def _whose(source: str) -> str:
    return _("the program's own") if source == EMBEDDED else source


def _counted(title: str, count: int, words: _Words) -> str:
    return f"{title} ({words.formats.count(count)})" if count else title
