"""Step three: which rigs, found in the catalogue, and how many of each."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from minerdesk.domain.errors import UserError
from minerdesk.domain.rigs import RigModel
from minerdesk.domain.text import _, ngettext
from minerdesk.services.catalogue import Catalogue
from minerdesk.services.number_text import NumberStyle
from minerdesk.services.quantities import parse_count, parse_fraction
from minerdesk.services.words import Formats
from minerdesk.ui.widgets.basics import button, label
from minerdesk.ui.widgets.forms import Entry, Grid
from minerdesk.ui.widgets.model_search import closest_bin, find_models, listed

_MOST_FOUND = 40
_MODEL = Qt.ItemDataRole.UserRole
Chosen = tuple[tuple[RigModel, int], ...]


class _SearchLine(QLineEdit):
    """A line whose arrow keys move in the list beneath it."""

    def __init__(self, found: QListWidget) -> None:
        super().__init__()
        self._found = found

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Hand Up and Down on."""
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        elif self._found.count():
            row = min(max(self._found.currentRow() + step, 0), self._found.count() - 1)
            self._found.setCurrentRow(row)


class _ChosenList(QListWidget):
    """A list whose Delete key takes the current row away."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take Delete and Backspace."""
        if event.key() in {Qt.Key.Key_Delete, Qt.Key.Key_Backspace}:
            self.takeItem(self.currentRow())
        else:
            super().keyPressEvent(event)


class RigsStep(QWidget):
    """Search, count, add; several times.

    Signals:
        ended(): Ctrl+Enter was pressed where Enter alone adds.
    """

    ended = Signal()

    def __init__(self, style: NumberStyle, formats: Formats, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._style = style
        self._formats = formats
        self._catalogue: Catalogue | None = None
        self.found = QListWidget()
        self.found.setAccessibleName(_("Models found"))
        self.search = _SearchLine(self.found)
        self.search.setAccessibleName(_("Rig model"))
        self.search.setPlaceholderText(_("Rig model, such as s21 pro"))
        self.count = Entry(_("How many"), text="1")
        self.chosen = _ChosenList()
        self.chosen.setAccessibleName(_("Your rigs"))
        for each in (self.found, self.chosen):
            each.setSpacing(3)
        self.pool_fee = Entry(
            _("Pool fee"), hint=_("such as {share}").format(share=formats.percent(0.02, 0))
        )
        self.words = label("", "small", wrap=True)
        self.sum = label("", "muted", wrap=True)
        self.remove = button(_("Remove"), self._remove)
        self.adding = button(_("Add"), self.add)
        self._build()
        self.first: QLineEdit = self.search
        self.search.textChanged.connect(self._look)
        self.search.returnPressed.connect(self.add)
        self.count.line.returnPressed.connect(self.add)
        self.found.itemActivated.connect(self.add)
        for line in (self.search, self.count.line, self.found):
            line.installEventFilter(self)
        for signal in (self.chosen.model().rowsInserted, self.chosen.model().rowsRemoved):
            signal.connect(self._sum_up)
        self._sum_up()
        self.words.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take Ctrl+Enter from the lines, which would add once more."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
            if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self.ended.emit()
                return True
        return super().eventFilter(watched, event)

    def takes_enter(self, widget: QWidget | None) -> bool:
        """Whether Enter in that widget adds a rig instead of going on."""
        return widget in {self.search, self.count.line, self.found, self.chosen}

    def set_catalogue(self, catalogue: Catalogue) -> None:
        """Search in this catalogue."""
        self._catalogue = catalogue
        self._look()

    @property
    def rigs(self) -> Chosen:
        """The models added and how many of each, in the order of adding."""
        items = (self.chosen.item(row) for row in range(self.chosen.count()))
        return tuple(item.data(_MODEL) for item in items)

    def read(self) -> tuple[Chosen, float]:
        """Return the rigs and the pool fee, a fraction.

        Raises:
            UserError: there is no rig, or the fee is none.
        """
        fee = self.pool_fee.read_or(self._fee, 0.0)
        if not self.rigs and self.search.text().strip():
            # Who has one machine has found it by now: what is marked is what is meant.
            self.add()
        if not self.rigs:
            self.search.setFocus()
            raise UserError(_("Add at least one rig: find its model and press Enter."))
        return self.rigs, fee

    @Slot()
    def add(self) -> None:
        """Add the model marked in the list; one that is there already grows."""
        item = self.found.currentItem()
        self._tell("")
        if self.found.currentRow() < 0:
            self._tell(self._nothing_found())
            return
        try:
            count = self.count.read(lambda text: parse_count(text, self._style))
        except UserError:
            return
        model: RigModel = item.data(_MODEL)
        for row in range(self.chosen.count()):
            listed = self.chosen.item(row)
            if listed.data(_MODEL)[0] == model:
                self._write(listed, model, listed.data(_MODEL)[1] + count)
                break
        else:
            made = QListWidgetItem()
            self._write(made, model, count)
            self.chosen.addItem(made)
        self._sum_up()
        self.count.line.setText("1")
        self.search.setFocus()
        self.search.selectAll()

    def _build(self) -> None:
        self.count.setFixedWidth(128)
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self.search, 1)
        top.addWidget(label("×"))
        top.addWidget(self.count)
        top.addWidget(self.adding)
        foot = QHBoxLayout()
        foot.addWidget(self.sum, 1)
        foot.addWidget(self.remove)
        grid = Grid()
        grid.add(_("Pool fee"), self.pool_fee, _("of the revenue; empty is none"))
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        box.addLayout(top)
        box.addWidget(self.words)
        box.addWidget(self.found, 3)
        box.addWidget(label(_("Your rigs"), "title"))
        box.addWidget(self.chosen, 2)
        box.addLayout(foot)
        box.addWidget(grid)

    @Slot()
    def _look(self) -> None:
        if self._catalogue is None:
            return
        self.found.clear()
        text = self.search.text()
        models = find_models(partial(self._catalogue.search, limit=_MOST_FOUND), text)
        for model in models:
            item = QListWidgetItem(listed(model, self._formats))
            item.setData(_MODEL, model)
            self.found.addItem(item)
        self.found.setCurrentRow(closest_bin(models, text))
        self._tell("" if self.found.count() else self._nothing_found())

    def _tell(self, sentence: str) -> None:
        self.words.setText(sentence)
        self.words.setVisible(bool(sentence))

    def _nothing_found(self) -> str:
        if self._catalogue is None:
            return _("The catalogue is being read.")
        return _(
            "No model is called “{text}”. A rig that is not listed can be added on the Fleet page."
        ).format(text=self.search.text().strip())

    def _write(self, item: QListWidgetItem, model: RigModel, count: int) -> None:
        item.setText(f"{self._formats.count(count)} × {model.name}")
        item.setData(_MODEL, (model, count))

    @Slot()
    def _remove(self) -> None:
        self.chosen.takeItem(max(self.chosen.currentRow(), 0))

    @Slot()
    def _sum_up(self) -> None:
        rigs = self.rigs
        count = sum(n for _model, n in rigs)
        self.remove.setEnabled(bool(rigs))
        if not rigs:
            self.sum.setText(_("No rig yet. Find a model, then press Enter."))
            return
        text = ngettext("{n} rig: {ths}, {power}", "{n} rigs: {ths}, {power}", count)
        self.sum.setText(
            text.format(
                n=self._formats.count(count),
                ths=self._formats.hashrate(sum(n * m.modes[0].hashrate_ths for m, n in rigs)),
                power=self._formats.power(sum(n * m.modes[0].power_w for m, n in rigs)),
            )
        )

    def _fee(self, text: str) -> float:
        fee = parse_fraction(text, self._style, "%")
        if not 0 <= fee < 1:
            raise UserError(_("A pool fee must be at least 0% and below 100%."))
        return fee
