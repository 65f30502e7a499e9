"""What an explanation of a figure is made of: formula, inputs of the moment, source and age."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from minerdesk.domain.readings import Gauge, NetworkState
from minerdesk.domain.text import _
from minerdesk.services.network_reading.indicators import Indicators
from minerdesk.services.words import Formats


@dataclass(frozen=True, slots=True)
class Input:
    """One number that went in: what it is, its value with unit, who says so, how old it is."""

    name: str
    value: str
    source: str = ""
    age: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """Many inputs of one kind: what they are, a heading per column, then the rows."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """How one figure is computed.

    Attributes:
        title: what it is. formula: in plain characters. inputs: of this moment.
        notes: whose definition it is and what it cannot tell, sentences.
        listed: what is too much for the inputs, or None.
    """

    title: str
    formula: str
    inputs: tuple[Input, ...]
    notes: tuple[str, ...] = ()
    listed: Listed | None = None

    def text(self) -> str:
        """Return all of it as lines, for the clipboard; what is listed tab-separated."""
        lines = [self.title, "", self.formula, ""]
        for each in self.inputs:
            tail = ", ".join(part for part in (each.source, each.age) if part)
            lines.append(f"{each.name}: {each.value}" + (f" ({tail})" if tail else ""))
        if self.listed is not None:
            rows = (self.listed.heads, *self.listed.rows)
            lines += ["", self.listed.title, *("\t".join(row) for row in rows)]
        return "\n".join([*lines, "", *self.notes]).rstrip() + "\n"


@dataclass(frozen=True, slots=True)
class Moment:
    """What an explanation is made of."""

    found: Indicators
    network: NetworkState
    formats: Formats
    now: datetime

    def day(self, name: str, value: str, quantity: str, on: date | None = None) -> Input:
        """Return an input of a day of history, the last that is known where none is given."""
        day = on or self._last_day()
        end = datetime.combine(day, datetime.min.time(), self.now.tzinfo)
        age = max(self.now - end - timedelta(days=1), timedelta(0))
        source = self.found.history.sources.get(quantity) or (
            _("the chain, with the program")
            if self.found.history.embedded_alone
            else _("the history of this program")
        )
        return Input(
            name,
            value,
            source,
            _("day of {day}, {age} old").format(
                day=self.formats.date(day), age=self.formats.age(age)
            ),
        )

    def in_force(self, name: str, value: str) -> Input:
        """Return an input that rests on the difficulty in force, or on the last that is known."""
        reading = self.found.readings.difficulty
        old = reading is not None and reading.old
        day = reading.known_to if reading is not None and old else self.found.readings.as_of
        return self.day(name, value, "difficulty", day)

    def _last_day(self) -> date:
        days = self.found.readings.days
        if not days.count:
            return self.found.readings.as_of
        return date.fromordinal(days.first_day + days.count - 1)

    def live(self, name: str, value: str, gauge: Gauge) -> Input:
        """Return a live input."""
        if gauge.reading is None:
            return Input(name, "–")
        age = self.formats.age(gauge.reading.age(self.now))
        return Input(name, value, gauge.reading.source, _("{age} old").format(age=age))

    def usd(self, value: float | None, digits: int = 0) -> str:
        """Return money."""
        return self.formats.money(value, "USD", digits)
