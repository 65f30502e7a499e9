"""The page's headline: how many groups earn at today's price, and what the others cost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from minerdesk.domain.text import _, ngettext
from minerdesk.services.evaluation import Evaluation, Standing
from minerdesk.services.words import Formats, Headline, headline, sentence_prefix
from minerdesk.ui.profitability.scene import Scene


@dataclass(frozen=True, slots=True)
class _Count:
    """How the groups stand: all with a known margin, those that earn, those that run at a loss."""

    known: int
    earning: int
    losing: int
    would_lose: int
    loss_per_day: float
    dearest: int | None
    dearest_margin: float


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
            _old(evaluation, formats, now),
            _("On those numbers: {what}").format(what=" ".join(filter(None, (sentence, detail)))),
            "warn",
            outline=True,
        )
    tone = "" if begin else "lose" if found.losing else "earn"
    return Headline(begin + sentence, detail, tone, outline=bool(begin))


def _count(scene: Scene) -> _Count:
    margin = scene.figures.column("margin_per_day")
    cost = scene.figures.column("cost_per_btc")
    known, runs = np.isfinite(margin), scene.runs()
    loses = known & (margin < 0)
    running_losers = np.flatnonzero(loses & runs)
    dearest = int(running_losers[np.argmax(cost[running_losers])]) if len(running_losers) else None
    return _Count(
        known=int(known.sum()),
        earning=int((known & (margin >= 0)).sum()),
        losing=len(running_losers),
        would_lose=int((loses & ~runs).sum()),
        loss_per_day=float(-margin[running_losers].sum()),
        dearest=dearest,
        dearest_margin=0.0 if dearest is None else float(-margin[dearest]),
    )


def _sentence(scene: Scene, found: _Count) -> str:
    """Return the answer, with the dearest group where one loses."""
    if found.known == 0:
        return _("What power costs is not known for any of {m} groups.").format(
            m=scene.formats.count(scene.figures.fleet.groups)
        )
    words = {
        "n": scene.formats.count(found.earning),
        "m": scene.formats.count(found.known),
        "price": scene.money(scene.price_per_btc),
        "loss": scene.money(found.dearest_margin).replace(" ", "\u00a0"),
    }
    if found.dearest is not None:
        return _("{n} of {m} groups earn at {price}; the dearest loses {loss} a\u00a0day.").format(
            **words
        )
    if found.would_lose:
        return _(
            "{n} of {m} groups earn at {price}; those that would lose are powered down."
        ).format(**words)
    return ngettext(
        "The only group earns at {price}.", "All {m} groups earn at {price}.", found.known
    ).format(**words)


def _detail(scene: Scene, found: _Count) -> str:
    """Return which group is the dearest, what all losers cost, and the price that would do."""
    said = []
    if found.dearest is not None:
        cost = float(scene.figures.column("cost_per_btc")[found.dearest])
        said.append(
            _("{name} pays {cost} for 1 BTC.").format(
                name=scene.name(found.dearest), cost=scene.money(cost)
            )
        )
    if found.losing > 1:
        said.append(
            _("{n} groups run at a loss of {loss} a day together.").format(
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
    return " ".join(said)


def _old(evaluation: Evaluation, formats: Formats, now: datetime) -> str:
    network = evaluation.network
    name, gauge = (
        (_("price"), network.price)
        if evaluation.old == "price"
        else (_("difficulty"), network.difficulty)
    )
    age = timedelta(0) if gauge.reading is None else gauge.reading.age(now)
    return _("No advice: the {name} is {age} old.").format(name=name, age=formats.age(age))
