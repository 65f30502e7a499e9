"""Taking a decision on moves of a plan: done, or not done and why; for every page with moves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtWidgets import QWidget

from minerdesk.domain.book import Book
from minerdesk.domain.decisions import Outcome
from minerdesk.domain.text import _, ngettext
from minerdesk.services.evaluation import Evaluation
from minerdesk.services.moves_done import done_of, mark_done
from minerdesk.services.planning.plan import Move, Plan
from minerdesk.services.words.decision_words import decisions_of_plan
from minerdesk.services.words.plan_words import PlanWords
from minerdesk.ui.dialogs.not_done import NotDoneDialog, ask_why_not
from minerdesk.ui.page import PageContext

_NAMED: Final = 3


def record_done(context: PageContext, plan: Plan, moves: Sequence[Move]) -> bool:
    """Mark moves of a plan done in the book, and write them down; undo takes both back.

    Returns:
        Whether it was done; without an evaluation there are no numbers to write down.

    Raises:
        UserError: the book is read-only, or the rigs were edited meanwhile.
    """
    evaluation = context.state.slice("evaluation")
    if not moves or not isinstance(evaluation, Evaluation):
        return False
    desk, now = context.services, context.now()
    taken = decisions_of_plan(plan, moves, evaluation, context.formats, now, book_key=desk.book.key)
    done, before = [done_of(move) for move in moves], desk.book.book

    def change(book: Book) -> Book:
        return mark_done(book, done, plan.book, now)

    context.run_command(_("Mark done"), change)
    desk.decisions.record(taken, (before, desk.book.book))
    return True


def ask_not_done(
    context: PageContext, plan: Plan, moves: Sequence[Move], parent: QWidget
) -> NotDoneDialog | None:
    """Ask why moves of a plan were not done, and write it down; a toast says that it was.

    Returns:
        The dialog, or None without moves or an evaluation.
    """
    evaluation = context.state.slice("evaluation")
    if not moves or not isinstance(evaluation, Evaluation):
        return None
    words = PlanWords(plan, context.formats)
    said = [words.move(move) for move in moves[:_NAMED]]
    if len(moves) > _NAMED:
        more = len(moves) - _NAMED
        said.append(ngettext("and {n} more", "and {n} more", more).format(n=more))

    def keep(reason: str) -> None:
        context.services.decisions.record(
            decisions_of_plan(
                *(plan, moves, evaluation, context.formats, context.now()),
                outcome=Outcome.NOT_DONE,
                reason=reason,
                book_key=context.services.book.key,
            )
        )
        context.toast(_("Written down: not done, because: {reason}").format(reason=reason), "done")

    return ask_why_not("; ".join(said), keep, parent)
