"""How difficulty, its next change, and what both mean for the fleet are computed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from minerdesk.domain.text import _, ngettext
from minerdesk.domain.units import BLOCKS_PER_EPOCH, TARGET_SPACING_S
from minerdesk.services.network_reading.explanation import Explanation, Input, Listed, Moment
from minerdesk.services.network_reading.figure_rows import rigs_words, run_words
from minerdesk.services.network_reading.indicators import Extreme, FleetAfter, epoch_progress
from minerdesk.services.words import Formats, verdict_word


def difficulty(at: Moment) -> Explanation:
    """Explain the difficulty in force."""
    reading = at.found.readings.difficulty
    value = "–" if reading is None else at.formats.difficulty(reading.value, 3)
    return Explanation(
        _("Difficulty"),
        _(
            "every 2,016 blocks: new = old x 1,209,600 s / time of the last 2,015 intervals,\n"
            "at most a factor of 4 either way"
        ),
        (
            at.in_force(_("in force"), value),
            *_last_change(at),
            at.live(_("block"), at.formats.count(at.network.height.value or 0), at.network.height),
        ),
        (_("A rule of the protocol; the values are facts of the chain."),),
    )


def _last_change(at: Moment) -> Iterator[Input]:
    reading = at.found.readings.difficulty
    if reading is not None and reading.change_pct is not None:
        change = at.formats.percent_points(reading.change_pct, 2, signed=True)
        yield at.day(_("last change"), change, "difficulty", reading.since)


def progress(at: Moment) -> Explanation:
    """Explain how far the epoch is."""
    return Explanation(
        _("This epoch"),
        _("blocks found = height of the newest block modulo 2,016\nshare = blocks found / 2,016"),
        tuple(_in_the_epoch(at)),
        (_("An epoch ends after 2,016 blocks, whatever time they take."),),
    )


def _in_the_epoch(at: Moment) -> Iterator[Input]:
    height, formats = at.network.height, at.formats
    if height.value is None or at.network.example_of is not None:
        return
    blocks, share = epoch_progress(int(height.value))
    yield at.live(_("block"), formats.count(height.value), height)
    yield Input(
        _("blocks found"),
        _("{n} of {all}, {share}").format(
            n=formats.count(blocks),
            all=formats.count(BLOCKS_PER_EPOCH),
            share=formats.percent(share, 1),
        ),
    )


def projection(at: Moment) -> Explanation:
    """Explain the next retarget."""
    return Explanation(
        _("The next retarget"),
        _(
            "change = 600 s / mean spacing of the epoch's n blocks - 1\n"
            "error = 100% x sqrt(1/n - 1/2016), one standard deviation, from block 504 on;\n"
            "before it the last epoch's blocks are counted in"
        ),
        (*_in_the_epoch(at), *_expected(at)),
        (_("± is one standard deviation; 95% of the time it is within twice as much."),),
    )


def _expected(at: Moment) -> Iterator[Input]:
    found, formats = at.network.retarget, at.formats
    if found is None or at.network.example_of is not None:
        return
    age = formats.age(max(at.now - found.taken_at, timedelta(0)))
    yield Input(
        _("expected"),
        formats.change(found.change_pct, found.error_pct, 2),
        found.source,
        _("{age} old").format(age=age),
    )
    spacing_s = TARGET_SPACING_S / (1 + found.change_pct / 100)
    yield Input(
        _("spacing of blocks that stands for"),
        _("{seconds} s").format(seconds=formats.number(spacing_s, 1)),
    )
    yield Input(_("blocks left"), formats.count(found.remaining_blocks))


def streak(at: Moment) -> Explanation:
    """Explain the last changes."""
    reading = at.found.readings.difficulty
    change = at.found.curves.change_pct[-8:]
    when = at.found.curves.retarget_s[-8:]
    inputs = tuple(
        Input(
            at.formats.utc_date(datetime.fromtimestamp(float(s), at.now.tzinfo)),
            at.formats.percent_points(float(pct), 2, signed=True),
            _("the chain"),
        )
        for s, pct in zip(when, change, strict=True)
    )
    return Explanation(
        _("The last changes of difficulty"),
        _("change = difficulty / difficulty of the epoch before - 1; counted over the last eight"),
        inputs,
        () if reading is None else (run_words(reading.streak),),
    )


def extremes(at: Moment) -> Explanation:
    """Explain the largest falls and rises."""
    retargets = at.found.readings.retargets
    known: tuple[Input, ...] = ()
    if retargets.count:
        begin, end = (
            at.formats.utc_date(datetime.fromtimestamp(float(retargets.time_s[i]), UTC))
            for i in (0, -1)
        )
        known = (
            Input(
                _("changes looked at"),
                _("{n}, from {begin} to {end}").format(
                    n=at.formats.count(retargets.count), begin=begin, end=end
                ),
                _("the chain"),
            ),
        )
    return Explanation(
        _("The largest changes of difficulty"),
        _("change = difficulty / difficulty of the epoch before - 1; the largest of all known"),
        (*known, *_sized(_("fall"), at.found.falls, at), *_sized(_("rise"), at.found.rises, at)),
    )


def _sized(name: str, found: tuple[Extreme, ...], at: Moment) -> Iterator[Input]:
    for each in found:
        change = at.formats.percent_points(each.change_pct, 2, signed=True)
        yield Input(name, change, _("the chain"), at.formats.date(each.on))


def fleet(at: Moment) -> Explanation:
    """Explain what the next retarget means for the fleet."""
    return Explanation(
        _("My margin after the next retarget"),
        _("the whole fleet evaluated again at difficulty x (1 + expected change), all else as now"),
        (*_expected(at), *_fleet_inputs(at.found.after_retarget, at.formats)),
        (
            _("Margins are per day, in the book's money, after the moves that are advised."),
            _("Where a host takes a share of a site's profit, a margin is what the host leaves."),
        ),
        _turned(at.found.after_retarget, at.formats),
    )


def _turned(after: FleetAfter | None, formats: Formats) -> Listed | None:
    """List the groups whose verdict is another one then, the largest first."""
    if after is None or not after.turned:
        return None
    title = ngettext(
        "{n} group with another verdict", "{n} groups with another verdict", after.turned_groups
    ).format(n=formats.count(after.turned_groups))
    if len(after.turned) < after.turned_groups:
        title = _("{title}, the largest {most}").format(
            title=title, most=formats.count(len(after.turned))
        )
    return Listed(
        title,
        (_("group"), _("rigs"), _("now"), _("then")),
        tuple(
            (
                _("{model}, {site}").format(model=each.model, site=each.site),
                formats.count(each.rigs),
                verdict_word(each.before),
                verdict_word(each.after),
            )
            for each in after.turned
        ),
    )


def _fleet_inputs(after: FleetAfter | None, formats: Formats) -> tuple[Input, ...]:
    if after is None:
        return ()
    return (
        Input(_("margin now"), formats.money(after.margin_before, after.currency), _("evaluation")),
        Input(_("margin then"), formats.money(after.margin_after, after.currency), _("evaluation")),
        Input(_("rigs"), rigs_words(after, formats), _("evaluation")),
    )


def halving(at: Moment) -> Explanation:
    """Explain the next halving."""
    coming = at.found.halving
    inputs: tuple[Input, ...] = ()
    if coming is not None:
        inputs = (
            at.live(_("block"), at.formats.count(at.network.height.value or 0), at.network.height),
            Input(_("blocks left"), at.formats.count(coming.blocks_left)),
            *_fleet_inputs(coming.fleet, at.formats),
        )
    return Explanation(
        _("The next halving"),
        _(
            "every 210,000 blocks the subsidy is halved; date = blocks left x 10 minutes\n"
            "margin after it: the fleet evaluated with half the subsidy, all else as now"
        ),
        inputs,
        (_("Price, difficulty and fees will not be as now; this is no forecast."),),
        None if coming is None else _turned(coming.fleet, at.formats),
    )
