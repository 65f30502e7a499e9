"""Reminders of moves in words: a title to be read at a glance, and a line or a few beneath it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from minerdesk.domain.text import _, ngettext
from minerdesk.services.planning.plan import OFF, Plan
from minerdesk.services.planning.reminders import Notice, NoticeKind, Told
from minerdesk.services.words.formats import Formats
from minerdesk.services.words.plan_words import PlanWords

_LINES: Final = 3


@dataclass(frozen=True, slots=True)
class Message:
    """What is shown at once.

    Attributes:
        key: of the first move it speaks of, as `Move.key`.
        tone: of a toast: ``info`` or ``warn``.
    """

    title: str
    text: str
    key: str
    tone: str = "info"

    @property
    def whole(self) -> str:
        """Title and text as one, where there is but one line for them."""
        return f"{self.title} {self.text}".strip()


def messages(
    notices: Sequence[Notice], plan: Plan, formats: Formats, now: datetime
) -> tuple[Message, ...]:
    """Return one message for each kind of notice, so that many moves at once are not a flood."""
    words = PlanWords(plan, formats)
    found = []
    for kind in NoticeKind:
        alike = [notice for notice in notices if notice.kind is kind]
        if alike:
            found.append(_message(kind, alike, words, now))
    return tuple(found)


def _message(
    kind: NoticeKind,
    notices: Sequence[Notice],
    words: PlanWords,
    now: datetime,
) -> Message:
    first = notices[0].told
    lines = [_line(notice, words, now) for notice in notices[:_LINES]]
    if len(notices) > _LINES:
        more = len(notices) - _LINES
        lines.append(ngettext("and {n} more", "and {n} more", more).format(n=more))
    deed = _deeds([notice.told for notice in notices], words)
    if kind is NoticeKind.WITHDRAWN:
        title = _("Not advised any more: {deed}.").format(deed=deed)
    elif kind is NoticeKind.CHANGED:
        title = _("The plan changed: {deed}.").format(deed=deed)
    elif first.at <= now:
        title = _("Now: {deed}.").format(deed=deed)
    else:
        title = _("At {time}: {deed}.").format(time=words.when(first.at, now), deed=deed)
    tone = "info" if kind is NoticeKind.DUE else "warn"
    return Message(title, "\n".join(lines), first.key, tone)


def _deeds(told: Sequence[Told], words: PlanWords) -> str:
    count = words.formats.count
    down = sum(each.count for each in told if each.after == OFF)
    start = sum(each.count for each in told if each.before == OFF)
    change = sum(each.count for each in told) - down - start
    parts = []
    if down:
        parts.append(_("power down {n}").format(n=count(down)))
    if start:
        parts.append(_("start {n}").format(n=count(start)))
    if change:
        parts.append(_("change the mode of {n}").format(n=count(change)))
    return ", ".join(parts)


def _line(notice: Notice, words: PlanWords, now: datetime) -> str:
    told, move = notice.told, words.plan.table.with_key(notice.told.key)
    name = f"{words.formats.count(told.count)} × {words.group_name(told.group)}"
    if notice.kind is NoticeKind.WITHDRAWN:
        return _("{name}: it was for {time}.").format(name=name, time=words.when(told.at, now))
    if notice.before_change is not None:
        was = notice.before_change
        if was.at != told.at:
            return _("{name}: at {time} instead of {was}.").format(
                name=name, time=words.when(told.at, now), was=words.when(was.at, now)
            )
        return _("{name} instead of {was}.").format(name=name, was=words.formats.count(was.count))
    if move is None:
        return f"{name}."
    until = ""
    if move.until is not None:
        until = ", " + _("until {time}").format(time=words.when(move.until, now))
    return f"{name}{until}: {words.why(move)}."
