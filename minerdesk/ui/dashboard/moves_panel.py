"""What to do now, worth most first; one key marks it done. What is too close to call, folded."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QModelIndex, Qt, Slot
from PySide6.QtWidgets import QApplication, QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from minerdesk.domain.book import Book
from minerdesk.domain.decisions import Outcome
from minerdesk.domain.errors import UserError
from minerdesk.domain.text import _, ngettext
from minerdesk.services.evaluation import Evaluation, Standing
from minerdesk.services.words import example_prefix
from minerdesk.ui.dashboard.moves_model import SITE, WHAT
from minerdesk.ui.dashboard.moves_view import MovesView
from minerdesk.ui.page import PageContext
from minerdesk.ui.widgets.basics import button, label, set_tone

if TYPE_CHECKING:
    from minerdesk.services.planning.agenda import Agenda
    from minerdesk.services.words.todo import TodoList
    from minerdesk.ui.dialogs.not_done import NotDoneDialog

_CLOSE_ROWS: Final = 6
_NAMED_MOVES: Final = 3
MARK_KEY: Final = "D"
NOT_DONE_KEY: Final = "N"


class MovesPanel(QWidget):
    """Shows the moves of an evaluation and marks them done through the one door for edits."""

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._agenda: Agenda | None = None
        # Marked moves, and the revision of the book that knows it: until an evaluation of that
        # revision comes they are listed still, and a second press must not mark them again.
        self._marked: dict[str, int] = {}
        self._go_on_from: int | None = None
        # Of which moves, and from which revision on, it is said that they are done.
        self._told: dict[str, int] = {}
        self.heading = label("", "title")
        self.table = MovesView(context, _("What to do now"))
        self.mark = button(f"{_('Mark done')}  {MARK_KEY}", self.mark_done)
        self.mark.setAccessibleName(_("Mark done"))
        self.mark.setToolTip(_("The selected rows were done: what runs now follows (Space or D)"))
        self.not_done = button(f"{_('Not done…')}  {NOT_DONE_KEY}", self.say_not_done)
        self.not_done.setAccessibleName(_("Not done…"))
        self.not_done.setToolTip(_("Write down why the selected moves were not done"))
        self.asking: NotDoneDialog | None = None
        self.words = label("", "muted", wrap=True)
        self.calm = label("", "muted", wrap=True)
        self.coming_heading = label("", "title")
        self.coming = label("", wrap=True)
        self.see_plan = button(_("See what comes"), partial(context.go, "plan"))
        self.see_plan.hide()
        self.fold = QToolButton()
        self.fold.setCheckable(True)
        self.fold.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.fold.setArrowType(Qt.ArrowType.RightArrow)
        self.close_table = MovesView(
            context, _("Too close to call"), advice=False, most_rows=_CLOSE_ROWS
        )
        self.close_table.hide()
        self._build()
        for table in (self.table, self.close_table):
            table.activated.connect(partial(self._open, table))
        self.table.done_wanted.connect(self.mark_done)
        self.table.selectionModel().selectionChanged.connect(self._selection_changed)
        self.fold.toggled.connect(self._unfold)
        self.show_evaluation(None)

    def show_evaluation(self, evaluation: Evaluation | None, agenda: Agenda | None = None) -> None:
        """Show the moves of an evaluation and its agenda; the same again changes nothing."""
        same = evaluation is self.table.moves.evaluation and agenda is self._agenda
        if evaluation is not None and same:
            return
        self._agenda = agenda
        advice = evaluation is not None and evaluation.standing is Standing.ADVICE
        begins = not self.table.moves.rowCount() or self.can_mark
        for table, advised in ((self.table, True), (self.close_table, False)):
            table.moves.filled = advice
            table.moves.show_moves(self._todo(evaluation, agenda, advised=advised))
            if table.moves.rowCount():
                table.widen()
        if evaluation is not None:
            revision = evaluation.book_revision
            self._marked = {k: made for k, made in self._marked.items() if made > revision}
            self._untell(revision)
        self._say(evaluation)
        self._select_next()
        if begins and self.table.moves.rowCount() and not self.can_mark:
            self.table.choose_row(0)

    @Slot()
    def mark_done(self) -> None:
        """Say that the selected moves were done; the book's undo takes it back."""
        from minerdesk.services.moves_done import mark_done
        from minerdesk.services.words.decision_words import decisions_of

        model, rows = self.table.moves, self._wanted_rows()
        evaluation, todo = model.evaluation, model.todo
        if evaluation is None or todo is None or not rows:
            return
        places = [model.place(row) for row in rows]
        done = [todo.done(place) for place in places]
        desk, now = self._context.services, self._context.now()
        taken = decisions_of(todo, places, self._context.formats, now, book_key=desk.book.key)
        before = desk.book.book

        def change(book: Book) -> Book:
            return mark_done(book, done, evaluation.book, now)

        try:
            self._context.run_command(_("Mark done"), change)
        except UserError as error:
            self._tell(error.sentence, "lose")
            return
        desk.decisions.record(taken, (before, desk.book.book))
        told = dict.fromkeys((model.ids[row] for row in rows), desk.book.revision)
        self._marked |= told
        self._go_on_from = rows[0]
        groups = len({each.group for each in done})
        self._tell(
            ngettext(
                "{n} group marked done. Undo takes it back.",
                "{n} groups marked done. Undo takes it back.",
                groups,
            ).format(n=self._context.formats.count(groups)),
            told=told,
        )

    @Slot()
    def say_not_done(self) -> None:
        """Ask why the selected moves were not done, and write it down."""
        from minerdesk.services.words.decision_words import decisions_of
        from minerdesk.ui.dialogs.not_done import ask_why_not

        rows = self._wanted_rows()
        if not rows:
            return
        model, todo = self.table.moves, self.table.moves.todo
        places = [model.place(row) for row in rows]
        said = [
            f"{model.text(row, WHAT)}: {model.rigs(row)}, {model.text(row, SITE)}"
            for row in rows[:_NAMED_MOVES]
        ]
        if len(rows) > len(said):
            more = len(rows) - len(said)
            said.append(ngettext("and {n} more", "and {n} more", more).format(n=more))

        def keep(reason: str) -> None:
            if todo is None:
                return
            taken = decisions_of(
                *(todo, places, self._context.formats, self._context.now()),
                outcome=Outcome.NOT_DONE,
                reason=reason,
                book_key=self._context.services.book.key,
            )
            self._context.services.decisions.record(taken)
            self._tell(_("Written down: not done, because: {reason}").format(reason=reason))

        self.asking = ask_why_not("; ".join(said), keep, self.window())
        self.asking.finished.connect(self._asked)

    @Slot(int)
    def _asked(self, _result: int) -> None:
        self.asking = None

    @property
    def can_mark(self) -> bool:
        """Whether a row is selected."""
        return bool(self.table.chosen_rows())

    def _wanted_rows(self) -> list[int]:
        ids = self.table.moves.ids
        return [row for row in self.table.chosen_rows() if ids[row] not in self._marked]

    def _todo(
        self, evaluation: Evaluation | None, agenda: Agenda | None, *, advised: bool
    ) -> TodoList | None:
        if evaluation is None:
            return None
        # The start does not wait for the words of what it cannot show yet.
        from minerdesk.services.words.todo import todo_list

        return todo_list(evaluation, agenda, self._context.formats, advised=advised)

    def _build(self) -> None:
        foot = QHBoxLayout()
        foot.addWidget(self.fold)
        foot.addWidget(self.words, 1)
        foot.addWidget(self.not_done)
        foot.addWidget(self.mark)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        box.addWidget(self.heading)
        box.addWidget(self.calm)
        box.addWidget(self.table, 1)
        box.addLayout(foot)
        box.addWidget(self.close_table)
        box.addWidget(self.coming_heading)
        coming = QHBoxLayout()
        coming.addWidget(self.coming, 1)
        coming.addWidget(
            self.see_plan, 0, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom
        )
        box.addLayout(coming)
        box.addStretch(0)

    def _say(self, evaluation: Evaluation | None) -> None:
        moves, close = self.table.moves.rowCount(), self.close_table.moves.rowCount()
        count = self._context.formats.count
        calm = evaluation is not None and evaluation.figures is not None and not moves
        coming = self._what_comes()
        self.coming_heading.setText(self._coming_head(evaluation))
        self.coming.setText(coming)
        for part in (self.coming_heading, self.coming):
            part.setVisible(bool(coming))
        self.heading.setText(self._head(evaluation))
        self.heading.setVisible(evaluation is not None and moves > 0)
        focused = QApplication.focusWidget()
        if not moves and focused in {self.table, self.mark, self.not_done}:
            # What is hidden hands its focus to whatever Tab comes to next, out of the page.
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.table.setVisible(moves > 0)
        self.mark.setVisible(moves > 0)
        self.not_done.setVisible(moves > 0)
        self.calm.setText(_("Moves appear here, worth most first, when one pays."))
        self.calm.setVisible(calm and not coming)
        self.see_plan.setVisible(bool(coming) or (calm and self._agenda is not None))
        self.fold.setText(
            _("Too close to call ({n})").format(n=count(close))
            if self.close_table.moves.timed
            else ngettext(
                "Too close to call ({n} group)", "Too close to call ({n} groups)", close
            ).format(n=count(close))
        )
        self.fold.setVisible(close > 0)
        self.close_table.setVisible(close > 0 and self.fold.isChecked())
        self._selection_changed()

    def _what_comes(self) -> str:
        """Return the next moves of the plan, a line each; empty where none comes."""
        if self._agenda is None:
            return ""
        from minerdesk.services.words.agenda_words import coming_sentences

        context = self._context
        return "\n".join(coming_sentences(self._agenda, context.formats, context.now()))

    def _head(self, evaluation: Evaluation | None) -> str:
        if evaluation is None or evaluation.standing is Standing.ADVICE:
            return _("Do now, worth most first")
        if evaluation.standing is Standing.EXAMPLE:
            prefix = example_prefix(evaluation.network, self._context.formats)
            return prefix + _("what would be done, worth most first")
        return _("On those old numbers, no advice: worth most first")

    def _coming_head(self, evaluation: Evaluation | None) -> str:
        if evaluation is None or evaluation.standing is Standing.ADVICE:
            return _("Coming next")
        if evaluation.standing is Standing.EXAMPLE:
            prefix = example_prefix(evaluation.network, self._context.formats)
            return prefix + _("what would come next")
        return _("On those old numbers, no advice: what would come next")

    def _untell(self, revision: int) -> None:
        """Take back that groups are done once one of them is to be moved again, as after undo."""
        listed = self.table.moves.listed
        if any(made <= revision and each in listed for each, made in self._told.items()):
            self._tell("")

    def _tell(self, sentence: str, tone: str = "", told: dict[str, int] | None = None) -> None:
        self._told = told or {}
        self.words.setText(sentence)
        set_tone(self.words, tone)

    def _select_next(self) -> None:
        """After a mark, put the selection on the row that came up, so that one key goes on."""
        first, rows = self._go_on_from, self.table.moves.rowCount()
        if first is None or self._marked:
            return
        self._go_on_from = None
        if rows and not self.can_mark:
            self.table.choose_row(min(first, rows - 1))

    @Slot()
    def _selection_changed(self) -> None:
        self.mark.setEnabled(self.can_mark)
        self.not_done.setEnabled(self.can_mark)

    @Slot(bool)
    def _unfold(self, unfolded: bool) -> None:
        arrow = Qt.ArrowType.DownArrow if unfolded else Qt.ArrowType.RightArrow
        self.fold.setArrowType(arrow)
        self.close_table.setVisible(unfolded and self.close_table.moves.rowCount() > 0)

    def _open(self, table: MovesView, index: QModelIndex) -> None:
        rows = table.chosen_rows() or (index.row(),)
        groups = dict.fromkeys(table.moves.move_in(row).group_id for row in rows)
        self._context.go("fleet", groups=tuple(groups))
