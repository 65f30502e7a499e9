"""Strict reading of an answer: each field is taken or refused with its reason."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import NoReturn, TypeVar

import msgspec

from minerdesk.domain.errors import WorldError
from minerdesk.domain.limits import Limits
from minerdesk.domain.text import _

T = TypeVar("T")

PRICE = Limits(above=0, maximum=1e9)
DIFFICULTY = Limits(minimum=1, maximum=1e20)
HASHRATE_HS = Limits(above=0, maximum=1e25)
FEES_BTC = Limits(minimum=0, maximum=300)
RATE = Limits(above=0, maximum=1e7)
CHANGE_PCT = Limits(minimum=-75, maximum=300)
HEIGHT = Limits(minimum=0, maximum=1e8)
UNIX_S = Limits(minimum=1.2e9, maximum=1e10)
UNKNOWN = msgspec.Raw(b"null")


def decode(body: bytes, shape: type[T], source: str) -> T:
    """Decode a whole JSON answer into ``shape``.

    Raises:
        WorldError: it is a web page, is not JSON, or has another shape.
    """
    start = body[:256].lstrip().lower()
    if start.startswith(b"<"):
        raise WorldError(
            _("{source} sent a web page where numbers were asked for.").format(source=source)
        )
    try:
        return msgspec.json.decode(body, type=shape)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise WorldError(
            _("{source} sent an answer that cannot be read: {why}.").format(
                source=source, why=error
            )
        ) from error


class Fields:
    """Takes fields one by one and keeps the reason for each it refused."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._problems: list[str] = []

    @property
    def problems(self) -> tuple[str, ...]:
        """One sentence for each refused field, in the order met."""
        return tuple(self._problems)

    def refuse(self, name: str, why: str) -> None:
        """Note that a field was refused, and why."""
        self._problems.append(
            _("{source}: {name} is refused, {why}.").format(source=self._source, name=name, why=why)
        )

    def note(self, sentence: str) -> None:
        """Note a whole sentence, such as that of a call that failed."""
        self._problems.append(sentence)

    def number(self, name: str, raw: msgspec.Raw, limits: Limits) -> float | None:
        """Return a JSON number inside ``limits``, or None with the reason noted."""
        try:
            value = msgspec.json.decode(raw, type=float)
        except msgspec.MsgspecError:
            self.refuse(name, _("it must be a number, found {value}").format(value=_shown(raw)))
            return None
        return self.within(name, value, limits)

    def numeral(self, name: str, raw: msgspec.Raw, limits: Limits) -> float | None:
        """Return a number sent as text, as exchanges do; a plain number passes too."""
        try:
            value = float(msgspec.json.decode(raw, type=str | float))
        except (msgspec.MsgspecError, ValueError):
            self.refuse(name, _("it must be a number, found {value}").format(value=_shown(raw)))
            return None
        return self.within(name, value, limits)

    def within(self, name: str, value: float, limits: Limits) -> float | None:
        """Return ``value`` where ``limits`` allow it, else None with the reason noted."""
        if math.isfinite(value) and limits.allow(value):
            return value
        self.refuse(
            name,
            _("it must be {limits}, found {value:g}").format(
                limits=limits.sentence(value), value=value
            ),
        )
        return None

    def give_up(self) -> NoReturn:
        """Raise the problems as one error; for an answer of which nothing was left.

        Raises:
            WorldError: always.
        """
        sentences = self._problems or [
            _("{source} sent no number that was asked for.").format(source=self._source)
        ]
        raise WorldError(" ".join(sentences))


def source_time(unix_s: float | None, now: datetime) -> datetime:
    """Return the source's own time, or ``now`` where it gives none or one that is still to come."""
    return now if unix_s is None else min(datetime.fromtimestamp(unix_s, UTC), now)


def _shown(raw: msgspec.Raw) -> str:
    text = bytes(raw).decode("utf-8", "replace")
    return text if len(text) <= 40 else f"{text[:40]}…"
