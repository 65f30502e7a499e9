"""What the operator may decide about an import: columns, unknown models, the number style."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from minerdesk.domain.text import _, ngettext
from minerdesk.services.exchange import NEW_MODEL, DryRun, Field, StyleState, field_label
from minerdesk.services.number_text import DECIMAL_COMMA, DECIMAL_DOT, NumberStyle
from minerdesk.ui.widgets.basics import button, label, set_tone
from minerdesk.ui.widgets.forms import combo

_ASKED_MODELS = 50


class StyleQuestion(QWidget):
    """Asks whether the dot or the comma is the decimal sign, where the file does not tell.

    Args:
        changed: called with the style chosen.
    """

    def __init__(
        self, changed: Callable[[NumberStyle], object], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._changed = changed
        self._words = label("", wrap=True)
        set_tone(self._words, "warn")
        self.choice = combo(
            _("Decimal sign of the file"),
            (
                (_("Please choose"), None),
                (_("the dot: 3,250.5 is about three thousand"), DECIMAL_DOT),
                (_("the comma: 3.250,5 is about three thousand"), DECIMAL_COMMA),
            ),
        )
        self.choice.activated.connect(self._chosen)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self._words)
        box.addWidget(self.choice)

    def show_run(self, run: DryRun, style: NumberStyle | None) -> None:
        """Ask where the file leaves it open, and go on showing what was answered."""
        asked = run.finding.state in {StyleState.UNDECIDED, StyleState.MIXED}
        self.setVisible(asked or style is not None)
        self._words.setText(run.question)
        self._words.setVisible(bool(run.question))

    def _chosen(self, _index: int) -> None:
        style = self.choice.currentData()
        if isinstance(style, NumberStyle):
            self._changed(style)


class ColumnsEditor(QScrollArea):
    """What each column of the file means, and which model an unknown name means.

    What is asked stays where it is: a choice never moves another one.

    Args:
        changed: called when the operator decided something.
    """

    def __init__(self, changed: Callable[[], object], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._changed = changed
        self._columns: dict[int, QComboBox] = {}
        self._models: dict[str, QComboBox] = {}
        # Every unknown model ever asked for with what it may be, in the order of the file.
        self._asked: dict[str, tuple[str, ...]] = {}
        self._shape: object = None
        self._mapping_parts: list[QWidget] = []
        self._mapping_shown = False
        self.mapping: dict[int, Field | None] = {}
        self.model_choices: dict[str, str] = {}
        self.setWidgetResizable(True)
        self.setAccessibleName(_("Columns of the file"))

    @property
    def columns(self) -> Mapping[int, QComboBox]:
        """The choice of each column by its index."""
        return self._columns

    @property
    def models(self) -> Mapping[str, QComboBox]:
        """The choice for each unknown model by its name."""
        return self._models

    @property
    def asks(self) -> bool:
        """Whether there is anything to see in it."""
        return self._mapping_shown or bool(self._asked)

    def show_mapping(self, *, shown: bool) -> None:
        """Show or hide what the columns mean; unknown models stay."""
        self._mapping_shown = shown
        for part in self._mapping_parts:
            part.setVisible(shown)

    def show_run(self, run: DryRun) -> None:
        """Show the columns of a file as they were taken; what was asked before stays."""
        for name, found in run.unknown_models.items():
            if len(self._asked) < _ASKED_MODELS:
                self._asked.setdefault(name, found)
        shape = (tuple(column.header for column in run.columns), tuple(self._asked))
        if shape != self._shape:
            self._shape = shape
            self._build(run)
        for column in run.columns:
            choice = self._columns[column.index]
            choice.setCurrentIndex(choice.findData(column.field) if column.field else 0)
        for name, choice in self._models.items():
            choice.setCurrentIndex(max(0, choice.findData(self.model_choices.get(name, ""))))

    def _build(self, run: DryRun) -> None:
        inside = QWidget()
        grid = QGridLayout(inside)
        grid.setContentsMargins(12, 0, 8, 0)
        grid.setHorizontalSpacing(12)
        self._ask_models(grid)
        self._mapping_parts = []
        row = grid.rowCount()
        self._columns = {}
        pairs: list[tuple[QWidget, QWidget]] = [
            (label(_("Column of the file"), "small"), label(_("means"), "small"))
        ]
        for column in run.columns:
            choice = combo(
                _("Meaning of {column}").format(column=column.header or column.index + 1),
                [(_("– left out –"), None), *((field_label(field), field) for field in Field)],
            )
            _narrow(choice)
            choice.activated.connect(lambda _n, index=column.index: self._column(index))
            self._columns[column.index] = choice
            words = column.header + (f"  [{column.unit}]" if column.unit else "")
            pairs.append((label(words), choice))
        for number, pair in enumerate(pairs, start=row):
            for place, part in enumerate(pair):
                grid.addWidget(part, number, place)
                self._mapping_parts.append(part)
        grid.setRowStretch(grid.rowCount(), 1)
        self.show_mapping(shown=self._mapping_shown)
        self.setWidget(inside)

    def _ask_models(self, grid: QGridLayout) -> None:
        self._models = {}
        if self._asked:
            grid.addWidget(label(_("Unknown model"), "small"), 0, 0)
            grid.addWidget(label(_("means"), "small"), 0, 1)
        for number, (name, found) in enumerate(self._asked.items(), start=1):
            choice = combo(
                _("Model meant by {name}").format(name=name),
                [
                    (_("– refuse –"), ""),
                    *((model, model) for model in found),
                    (_("a new model of my own"), NEW_MODEL),
                ],
            )
            _narrow(choice)
            choice.activated.connect(lambda _n, text=name: self._model(text))
            self._models[name] = choice
            grid.addWidget(label(name), number, 0)
            grid.addWidget(choice, number, 1)

    def _column(self, index: int) -> None:
        data = self._columns[index].currentData()
        # A StrEnum comes back from Qt as a plain text.
        self.mapping[index] = None if data is None else Field(data)
        for other, field in list(self.mapping.items()):
            if other != index and field is not None and field == self.mapping[index]:
                self.mapping[other] = None
        self._changed()

    def _model(self, name: str) -> None:
        chosen = str(self._models[name].currentData() or "")
        if chosen:
            self.model_choices[name] = chosen
        else:
            self.model_choices.pop(name, None)
        self._changed()


def _narrow(choice: QComboBox) -> None:
    """Let a list of long texts be narrower than its longest."""
    choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    choice.setMinimumContentsLength(12)


class MappingLine(QWidget):
    """One line that says how many columns are understood, with a button that shows which.

    Args:
        editor: what it shows and hides.
    """

    def __init__(self, editor: ColumnsEditor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self._chosen = False
        self.words = label("", "muted")
        self.change = button(_("Change columns"), self._toggle)
        self.change.setCheckable(True)
        box = QHBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(16)
        box.addWidget(self.words)
        box.addWidget(self.change)
        box.addStretch(1)
        self.hide()

    def show_run(self, run: DryRun) -> None:
        """Say what was understood; show the columns by themselves where one was not."""
        known = sum(column.field is not None for column in run.columns)
        unknown = not run.all_understood
        words = ngettext("{n} column understood", "{n} columns understood", known).format(n=known)
        left = len(run.columns) - known
        if unknown:
            words += ", " + ngettext("{n} left out", "{n} left out", left).format(n=left)
        self.words.setText(words)
        if not self._chosen:
            self.change.setChecked(unknown)
        self._show()
        self.show()

    def _toggle(self) -> None:
        self._chosen = True
        self._show()

    def _show(self) -> None:
        self._editor.show_mapping(shown=self.change.isChecked())
        self._editor.setVisible(self._editor.asks)
