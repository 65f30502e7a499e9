"""The guided start: three short steps to the first answer."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QHBoxLayout,
    QLineEdit,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from minerdesk.domain.cancel import CancelToken
from minerdesk.domain.errors import UserError
from minerdesk.domain.text import _
from minerdesk.services.catalogue import Catalogue
from minerdesk.services.first_book import Answers, with_answers
from minerdesk.ui.first_start.place import PlaceStep
from minerdesk.ui.first_start.price import PriceStep
from minerdesk.ui.first_start.rigs import RigsStep
from minerdesk.ui.first_start.samples import SampleCards
from minerdesk.ui.page import PageContext
from minerdesk.ui.widgets.basics import button, label, set_tone

_WIDE_PX = 640
_ONE_LINE = 20


class FirstStart(QWidget):
    """Asks where, what power costs, and which rigs; then makes one edit of the book.

    It stands inside a page. What it makes is one step of undo. In a book that has sites already it
    adds another one.

    Args:
        context: of the page it stands in; ``services`` gives ``book``, ``catalogue`` and
            ``number_style``.
        parent: as of any widget.

    Signals:
        finished(): the book was edited.
        left(): the operator wants none of it; nothing was edited.
    """

    finished = Signal()
    left = Signal()

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._answers = Answers("", "", "UTC", 0.0)
        desk = context.services
        self._is_first = not desk.book.book.sites
        self.place = PlaceStep(desk.book.book, context.formats.locale)
        self.price = PriceStep(desk.number_style, context.formats)
        self.rigs = RigsStep(desk.number_style, context.formats)
        self.steps = QStackedWidget()
        for step in (self.place, self.price, self.rigs):
            self.steps.addWidget(step)
        self.heading = label("", "headline", wrap=True)
        self.progress = label("", "muted")
        self.words = label("", wrap=True)
        set_tone(self.words, "lose")
        # The buttons beneath stay where they are when it speaks.
        self.words.setMinimumHeight(_ONE_LINE)
        self.next = button("", self.go_on, primary=True)
        self.next.setToolTip(_("Ctrl+Enter"))
        self.back = button(_("Back"), self.go_back)
        self.rigs.ended.connect(self.go_on)
        self.leave = button(_("Not now"), self.left.emit)
        self.samples = SampleCards(context)
        self._or = label(_("Or look around first"), "title")
        self._build()
        context.tasks.start("read the catalogue", self._read_catalogue, done=self._take_catalogue)
        self._show_step(0)

    @property
    def step(self) -> int:
        """Which step is shown, from 0."""
        return self.steps.currentIndex()

    def begin(self) -> None:
        """Put the focus where typing begins."""
        self._fields()[self.step].setFocus()

    @Slot()
    def go_on(self) -> None:
        """Take what was typed in this step and show the next, or end."""
        self.words.setText("")
        try:
            self._take()
        except UserError as error:
            if self.step == self.steps.count() - 1:
                self.words.setText(error.sentence)
            return
        if self.step < self.steps.count() - 1:
            self._show_step(self.step + 1)
        else:
            self.finished.emit()

    @Slot()
    def go_back(self) -> None:
        """Show the step before; what was typed stays."""
        self._show_step(max(self.step - 1, 0))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses a button or goes on (with Ctrl from everywhere), Escape goes back."""
        focused = self.focusWidget()
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            forced = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            if isinstance(focused, QAbstractButton):
                focused.click()
            elif forced or not self.rigs.takes_enter(focused):
                self.go_on()
        elif event.key() == Qt.Key.Key_Escape and self.step:
            self.go_back()
        else:
            super().keyPressEvent(event)

    def _build(self) -> None:
        foot = QHBoxLayout()
        foot.addWidget(self.leave)
        foot.addStretch(1)
        foot.addWidget(self.back)
        foot.addWidget(self.next)
        column = QWidget()
        column.setMaximumWidth(_WIDE_PX)
        box = QVBoxLayout(column)
        box.setContentsMargins(24, 24, 24, 24)
        box.setSpacing(16)
        for part in (self.progress, self.heading):
            box.addWidget(part)
        box.addWidget(self.steps)
        box.addWidget(self.words)
        box.addLayout(foot)
        box.addSpacing(16)
        box.addWidget(self._or)
        box.addWidget(self.samples)
        box.addStretch(1)
        self._box = box
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        outer.addWidget(column, 1)

    def _fields(self) -> tuple[QLineEdit, QLineEdit, QLineEdit]:
        return self.place.first, self.price.first, self.rigs.first

    def _show_step(self, step: int) -> None:
        self.words.setText("")
        self.steps.setCurrentIndex(step)
        last = self.steps.count() - 1
        # The lists of the last step take all the room there is; the short forms only their own.
        for number, page in enumerate((self.place, self.price, self.rigs)):
            grows = QSizePolicy.Policy.Preferred if number == step else QSizePolicy.Policy.Ignored
            page.setSizePolicy(grows, grows)
        self._box.setStretchFactor(self.steps, 100 if step == last else 0)
        self.progress.setText(_("Step {n} of {all}").format(n=step + 1, all=last + 1))
        self.heading.setText(
            (_("Where do your rigs run?"), _("What does power cost there?"), _("Which rigs?"))[step]
        )
        self.next.setText(_("Show what they earn") if step == last else _("Next"))
        self.next.setAccessibleName(self.next.text())
        self.back.setVisible(step > 0)
        for part in (self._or, self.samples):
            part.setVisible(step == 0 and self._is_first)
        if self.isVisible():
            self.begin()

    def _take(self) -> None:
        if self.step == 0:
            place = self.place.read()
            self._answers = replace(
                self._answers,
                currency=place.currency,
                site_name=place.site_name,
                time_zone=place.time_zone,
            )
            self.price.set_currency(place.currency)
        elif self.step == 1:
            price = self.price.read()
            self._answers = replace(
                self._answers,
                price_per_kwh=price.per_kwh,
                adders=price.adders,
                percentages=price.percentages,
            )
        else:
            rigs, pool_fee = self.rigs.read()
            answers = replace(self._answers, rigs=rigs, pool_fee=pool_fee)
            self._context.run_command(_("Guided start"), lambda book: with_answers(book, answers))

    def _read_catalogue(self, token: CancelToken) -> Catalogue:
        token.check()
        catalogue: Catalogue = self._context.services.catalogue
        return catalogue

    def _take_catalogue(self, catalogue: Catalogue) -> None:
        self.rigs.set_catalogue(catalogue.with_own(self._context.services.book.book.models))
