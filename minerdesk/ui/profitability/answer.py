"""The page's headline: how many groups earn at today's price, and what the others cost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from minerdesk.domain.text import _, ngettext
from minerdesk.services.evaluation import Evaluation, Standing
from minerdesk.services.words import (
    Formats,
    Headline,
    headline,
    sentence_prefix,
    typed_sentence,
)
from minerdesk.services.words.standing import old_sentence
from minerdesk.ui.profitability.scene import Scene


@dataclass(frozen=True, slots=True)
class _Count:
    """How the groups stand; "running" and what follows count only what runs.

    Attributes:
        known: groups with a known margin. running, earning, losing: of those, that run.
        would_earn: of those that are off. loss_per_day: of all losers.
        worst: the group that loses most, or None where none loses; worst_loss: money a day.
    """

    known: int
    running: int
    earning: int
    losing: int
    would_earn: int
    loss_per_day: float
    worst: int | None
    worst_loss: float


def answer(
    evaluation: Evaluation, scene: Scene | None, formats: Formats, now: datetime
) -> Headline:
    """Say how many groups earn.

    Args:
        evaluation: the newest.
        scene: of that evaluation, or None where it has no figures.
        formats: the operator's locale.
        now: for the age of the numbers, UTC.
    """
    if scene is None:
        return headline(evaluation, formats, now)
    begin = sentence_prefix(evaluation, formats)
    found = _count(scene)
    sentence, detail = _sentence(scene, found), _detail(scene, found)
    if evaluation.standing is Standing.TOO_OLD:
        return Headline(
            old_sentence(evaluation, formats, now),
            _("On those numbers: {what}").format(what=" ".join(filter(None, (sentence, detail)))),
            "warn",
            outline=True,
        )
    tone = "" if begin else "lose" if found.losing else "earn"
    return Headline(begin + sentence, detail and begin + detail, tone, outline=bool(begin))


def _count(scene: Scene) -> _Count:
    margin = scene.margins
    known = np.isfinite(margin)
    runs = known & scene.runs()
    losers = np.flatnonzero(runs & (margin < 0))
    worst = int(losers[np.argmin(margin[losers])]) if len(losers) else None
    return _Count(
        known=int(known.sum()),
        running=int(runs.sum()),
        earning=int((runs & (margin >= 0)).sum()),
        losing=len(losers),
        would_earn=int((known & ~runs & (margin >= 0)).sum()),
        loss_per_day=float(-margin[losers].sum()),
        worst=worst,
        worst_loss=0.0 if worst is None else float(-margin[worst]),
    )


def _sentence(scene: Scene, found: _Count) -> str:
    """Return the answer, with what the worst group loses where one does."""
    if found.known == 0:
        return _("What power costs is not known for any of {m} groups.").format(
            m=scene.formats.count(scene.figures.fleet.groups)
        )
    words = {
        "n": scene.formats.count(found.earning),
        "m": scene.formats.count(found.running),
        "price": scene.money(scene.price_per_btc),
        "loss": scene.money(found.worst_loss).replace(" ", "\u00a0"),
    }
    if found.worst is not None:
        return _(
            "{n} of {m} running groups earn at {price}; the biggest loser loses {loss} a\u00a0day."
        ).format(**words)
    if not found.running:
        return _("Nothing runs at {price}; {n} of {m} groups would earn.").format(
            price=words["price"],
            n=scene.formats.count(found.would_earn),
            m=scene.formats.count(found.known),
        )
    if found.known > found.running:
        return ngettext(
            "The only running group earns at {price}.",
            "All {m} running groups earn at {price}.",
            found.running,
        ).format(**words)
    return ngettext(
        "The only group earns at {price}.", "All {m} groups earn at {price}.", found.running
    ).format(**words)


def _detail(scene: Scene, found: _Count) -> str:
    """Return which numbers are typed, which group loses most, and what all losers cost."""
    said = [typed_sentence(scene.evaluation.network, scene.formats)]
    if found.worst is not None:
        cost = float(scene.figures.column("cost_per_btc")[found.worst])
        said.append(
            _("The biggest loser: {name}; its coins cost {cost} each.").format(
                name=scene.name(found.worst), cost=scene.money(cost)
            )
        )
    if found.losing > 1:
        said.append(
            _("{n} groups lose {loss} a day together.").format(
                n=scene.formats.count(found.losing), loss=scene.money(found.loss_per_day)
            )
        )
    unknown = scene.figures.fleet.groups - found.known
    if found.known and unknown:
        said.append(
            ngettext(
                "What power costs is not known for {n} group.",
                "What power costs is not known for {n} groups.",
                unknown,
            ).format(n=scene.formats.count(unknown))
        )
    off = found.known - found.running
    if found.running and off:
        said.append(
            ngettext(
                "{n} group is off; {earn} of them would earn.",
                "{n} groups are off; {earn} of them would earn.",
                off,
            ).format(n=scene.formats.count(off), earn=scene.formats.count(found.would_earn))
        )
    return " ".join(filter(None, said))
