"""What the operator may decide about an import: columns, unknown models, the number style."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtWidgets import QComboBox, QGridLayout, QScrollArea, QVBoxLayout, QWidget

from minerdesk.domain.text import _
from minerdesk.services.exchange import NEW_MODEL, DryRun, Field, StyleState
from minerdesk.services.number_text import DECIMAL_COMMA, DECIMAL_DOT, NumberStyle
from minerdesk.ui.widgets.basics import label, set_tone
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

    Args:
        changed: called when the operator decided something.
    """

    def __init__(self, changed: Callable[[], object], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._changed = changed
        self._columns: dict[int, QComboBox] = {}
        self._models: dict[str, QComboBox] = {}
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

    def show_run(self, run: DryRun) -> None:
        """Show the columns of a file as they were taken; what was asked before stays."""
        inside = QWidget()
        grid = QGridLayout(inside)
        grid.setContentsMargins(12, 0, 8, 0)
        grid.setHorizontalSpacing(12)
        grid.addWidget(label(_("Column of the file"), "small"), 0, 0)
        grid.addWidget(label(_("means"), "small"), 0, 1)
        self._columns, row = {}, 1
        for column in run.columns:
            choice = combo(
                _("Meaning of {column}").format(column=column.header or column.index + 1),
                [(_("– left out –"), None), *((field.value, field) for field in Field)],
            )
            choice.setCurrentIndex(choice.findData(column.field) if column.field else 0)
            _narrow(choice)
            choice.activated.connect(lambda _n, index=column.index: self._column(index))
            self._columns[column.index] = choice
            words = column.header + (f"  [{column.unit}]" if column.unit else "")
            grid.addWidget(label(words), row, 0)
            grid.addWidget(choice, row, 1)
            row += 1
        self._show_models(run, grid, row)
        grid.setRowStretch(grid.rowCount(), 1)
        self.setWidget(inside)

    def _show_models(self, run: DryRun, grid: QGridLayout, row: int) -> None:
        names = dict.fromkeys([*run.unknown_models, *self.model_choices])
        self._models = {}
        if names:
            grid.addWidget(label(_("Unknown model"), "small"), row, 0)
            grid.addWidget(label(_("means"), "small"), row, 1)
        for number, name in enumerate(list(names)[:_ASKED_MODELS], start=row + 1):
            found = run.unknown_models.get(name, ())
            chosen = self.model_choices.get(name, "")
            known = dict.fromkeys([*found, *([chosen] if chosen not in {"", NEW_MODEL} else [])])
            choice = combo(
                _("Model meant by {name}").format(name=name),
                [
                    (_("– refuse –"), ""),
                    *((model, model) for model in known),
                    (_("a new model of my own"), NEW_MODEL),
                ],
            )
            choice.setCurrentIndex(max(0, choice.findData(chosen)))
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
