"""The page's headline: what the next retarget does and when, or what is lacking for it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from minerdesk.domain.readings import NetworkState, RetargetProjection
from minerdesk.domain.text import _, ngettext
from minerdesk.domain.units import BLOCKS_PER_EPOCH, HS_PER_THS
from minerdesk.services.words import Formats, Headline, example_prefix

_FLAT_PCT: Final = 0.05
_NO_BREAK: Final = "\u00a0"


def answer(network: NetworkState, formats: Formats, now: datetime) -> Headline:
    """Say what the network will do next.

    Args:
        network: the newest state.
        formats: the operator's locale.
        now: for ages and times to wait, UTC.
    """
    if network.example_of is not None:
        return Headline(
            example_prefix(network, formats) + _known(network, formats),
            _("No live number is known yet, so nothing here is advice."),
            outline=True,
        )
    found = network.retarget
    if found is not None:
        return _projected(network, found, formats, now)
    if network.difficulty.reading is None:
        detail = (
            _("The sources answer, but none has said the difficulty yet.")
            if network.online
            else _(
                "No source has answered. The numbers come with the first answer; or type your "
                "own: press a number in the strip above."
            )
        )
        return Headline(_("The difficulty is not known yet."), detail, "warn")
    return Headline(
        _known(network, formats), _how_far(network, formats), outline=_old(network, now)
    )


def _projected(
    network: NetworkState, found: RetargetProjection, formats: Formats, now: datetime
) -> Headline:
    left = found.at - now
    words = {
        "change": formats.change(abs(found.change_pct), found.error_pct, signed=False),
        "error": formats.percent_points(found.error_pct),
        "date": formats.date(formats.local(found.at).date()),
        "time": formats.duration(left).replace(" ", _NO_BREAK),
    }
    if left <= timedelta(0):
        sentence = _("Difficulty is due to change, by {change}.")
        words["change"] = formats.change(found.change_pct, found.error_pct)
    elif found.change_pct <= -_FLAT_PCT:
        sentence = _("Difficulty is expected to fall {change} on {date}, in {time}.")
    elif found.change_pct >= _FLAT_PCT:
        sentence = _("Difficulty is expected to rise {change} on {date}, in {time}.")
    else:
        sentence = _("Difficulty is expected to stay as it is, ±{error}, on {date}, in {time}.")
    stale = _old(network, now)
    parts = []
    if stale:
        reading = network.difficulty.reading
        ages = [now - found.taken_at, reading.age(now) if reading else timedelta(0)]
        parts.append(_("The numbers it rests on are {age} old.").format(age=formats.age(max(ages))))
    parts.append(
        ngettext(
            "{n} block is left; with 95% certainty within ±{twice}; {source}.",
            "{n} blocks are left; with 95% certainty within ±{twice}; {source}.",
            found.remaining_blocks,
        ).format(
            n=formats.count(found.remaining_blocks),
            twice=formats.percent_points(1.96 * found.error_pct),
            source=found.source,
        )
    )
    if found.previous_pct is not None:
        parts.append(
            _("The last change was {change}.").format(
                change=formats.percent_points(found.previous_pct, signed=True)
            )
        )
    return Headline(sentence.format(**words), " ".join(parts), "warn" if stale else "", stale)


def _known(network: NetworkState, formats: Formats) -> str:
    """Return difficulty, block and hashrate as far as they are known."""
    said = [_("difficulty {value}").format(value=formats.difficulty(network.difficulty.value))]
    if network.height.value is not None:
        said.append(_("at block {height}").format(height=formats.count(network.height.value)))
    sentence = " ".join(said)
    if network.hashrate.value is not None:
        sentence = _("{difficulty}, with {hashrate} hashing").format(
            difficulty=sentence, hashrate=formats.hashrate(network.hashrate.value / HS_PER_THS)
        )
    return sentence[:1].upper() + sentence[1:] + "."


def _how_far(network: NetworkState, formats: Formats) -> str:
    if network.height.value is None:
        return ""
    left = BLOCKS_PER_EPOCH - int(network.height.value) % BLOCKS_PER_EPOCH
    return ngettext(
        "The next retarget is {n} block away; what it will change is not known yet.",
        "The next retarget is {n} blocks away; what it will change is not known yet.",
        left,
    ).format(n=formats.count(left))


def _old(network: NetworkState, now: datetime) -> bool:
    return network.difficulty.is_stale(now)
