"""What to do now, worth most first; and what is too close to call, apart."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from minerdesk.domain.rigs import RigGroup
from minerdesk.domain.text import _
from minerdesk.domain.verdicts import Verdict
from minerdesk.services.evaluation import OFF, Evaluation, Figures
from minerdesk.services.group_list import close_order, move_order
from minerdesk.services.words.formats import Formats
from minerdesk.services.words.reasons import mode_name, reason


@dataclass(frozen=True, slots=True)
class Move:
    """One row of the list of what to do.

    Attributes:
        group_index: the group's place in the book; ``group_id`` its name.
        verdict: what kind of move; too close to call where it is not advised.
        count: rigs to move. what: the move in words, such as ``Power down`` or ``Start in eco``.
        model, site: names. to_mode: name of the mode to go to, ``off`` for powering down.
        worth_per_day: gain, money per day; doubt_per_day: its error, one standard deviation.
        reason: why, with numbers.
        advised: False where the gain is smaller than its error.
    """

    group_index: int
    group_id: str
    verdict: Verdict
    count: int
    what: str
    model: str
    site: str
    to_mode: str
    worth_per_day: float
    doubt_per_day: float
    reason: str
    advised: bool


@dataclass(frozen=True, slots=True)
class Deed:
    """What a group's move does, without why; fields as of `Move`."""

    group: RigGroup
    verdict: Verdict
    count: int
    what: str
    site: str
    to_mode: str


def moves(evaluation: Evaluation, formats: Formats, limit: int | None = None) -> tuple[Move, ...]:
    """Return the advised moves, worth most first.

    Args:
        evaluation: any; one without figures has no moves.
        formats: the operator's locale, for the reasons.
        limit: most rows to make; None makes all.
    """
    if evaluation.figures is None:
        return ()
    chosen = move_order(evaluation.figures.decisions)[:limit]
    return tuple(_move(evaluation, evaluation.figures, int(i), formats) for i in chosen)


def deed_at(evaluation: Evaluation, group_index: int) -> Deed:
    """Return what one group's move does, for lists that make only the rows they show.

    Raises:
        ValueError: the evaluation has no figures.
    """
    if evaluation.figures is None:
        raise ValueError("an evaluation without figures has no moves")
    return _deed(evaluation, evaluation.figures, group_index)


def too_close(
    evaluation: Evaluation, formats: Formats, limit: int | None = None
) -> tuple[Move, ...]:
    """Return the groups that are too close to call, the largest possible gain first."""
    if evaluation.figures is None:
        return ()
    chosen = close_order(evaluation.figures.decisions)[:limit]
    return tuple(_move(evaluation, evaluation.figures, int(i), formats) for i in chosen)


def modes_when_done(evaluation: Evaluation, group_indices: Iterable[int]) -> dict[str, str | None]:
    """Return what runs once the moves of some groups are done, as `edits.set_running` takes it.

    Returns:
        The mode by group id, None for off.
    """
    if evaluation.figures is None:
        return {}
    best = evaluation.figures.decisions.best_mode
    return {
        evaluation.book.groups[index].id: None
        if best[index] == OFF
        else mode_name(evaluation, int(best[index]))
        for index in group_indices
    }


def _move(evaluation: Evaluation, figures: Figures, index: int, formats: Formats) -> Move:
    decisions, deed = figures.decisions, _deed(evaluation, figures, index)
    return Move(
        group_index=index,
        group_id=deed.group.id,
        verdict=deed.verdict,
        count=deed.count,
        what=deed.what,
        model=deed.group.model,
        site=deed.site,
        to_mode=deed.to_mode,
        worth_per_day=float(decisions.gain_per_day[index]),
        doubt_per_day=float(decisions.doubt_per_day[index]),
        reason=reason(evaluation, index, formats),
        advised=bool(decisions.advised[index]),
    )


def _deed(evaluation: Evaluation, figures: Figures, index: int) -> Deed:
    decisions, group = figures.decisions, evaluation.book.groups[index]
    down, start, change = (
        round(float(each[index]))
        for each in (decisions.power_down, decisions.start, decisions.change_mode)
    )
    to_mode = mode_name(evaluation, int(decisions.best_mode[index]))
    several = len(modes_of_group(figures, index)) > 1
    return Deed(
        group,
        Verdict(int(decisions.verdict[index])),
        down + start + change,
        _what(down, start, change, to_mode, several=several),
        evaluation.book.sites[int(figures.fleet.site[index])].name,
        to_mode,
    )


def modes_of_group(figures: Figures, index: int) -> range:
    """Return the indices of a group's modes in the arrays of the whole fleet."""
    return range(int(figures.fleet.first[index]), int(figures.fleet.first[index + 1]))


def _what(down: int, start: int, change: int, to_mode: str, *, several: bool) -> str:
    if down:
        return _("Power down")
    if start and change:
        return _("Start {start} and change {change} to {mode}").format(
            start=start, change=change, mode=to_mode
        )
    if start:
        return _("Start in {mode}").format(mode=to_mode) if several else _("Start")
    if change:
        return _("Change to {mode}").format(mode=to_mode)
    return _("Leave as it is")
