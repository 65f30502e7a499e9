"""One setting as a row: its label, an editor that fits its type, its help, what is wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from minerdesk.domain.text import _
from minerdesk.services.number_text import parse_number
from minerdesk.services.setting_table import Setting, Value
from minerdesk.ui.widgets.basics import label, set_tone

if TYPE_CHECKING:
    from minerdesk.services.number_text import NumberStyle
    from minerdesk.services.words.formats import Formats

_FIELD_WIDTH = 280


class SettingEditor(QWidget):
    """A row of the settings.

    Attributes:
        setting: its declaration; field: the widget one types into.
    """

    def __init__(self, setting: Setting, field: QWidget, read: Callable[[], object]) -> None:
        super().__init__()
        self.setting = setting
        self.field = field
        self._read = read
        field.setAccessibleName(setting.label)
        field.setAccessibleDescription(setting.help)
        words = setting.label
        if setting.restart:
            words = _("{label} (from the next start)").format(label=words)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(label(words, wrap=True), 1)
        row.addWidget(field)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(2)
        box.addLayout(row)
        if setting.help:
            box.addWidget(label(setting.help, "small", wrap=True))
        self._wrong = label("", "small", wrap=True)
        set_tone(self._wrong, "lose")
        self._wrong.hide()
        box.addWidget(self._wrong)

    def value(self) -> object:
        """Return what was entered, in the setting's type.

        Raises:
            UserError: it is not understood.
        """
        return self._read()

    def complain(self, sentence: str) -> None:
        """Say what is wrong here; empty takes it back."""
        self._wrong.setText(sentence)
        self._wrong.setVisible(bool(sentence))


def make_editor(
    setting: Setting, value: Value, style: NumberStyle, formats: Formats
) -> SettingEditor:
    """Return the editor that fits the setting's type.

    Args:
        setting: its declaration.
        value: what it is now.
        style: how the operator types numbers.
        formats: how the operator reads numbers.
    """
    if isinstance(setting.default, bool):
        tick = QCheckBox()
        tick.setChecked(bool(value))
        return SettingEditor(setting, tick, tick.isChecked)
    if setting.choices:
        choice = QComboBox()
        for each in setting.choices:
            choice.addItem(_(each), each)
        choice.setCurrentIndex(setting.choices.index(str(value)))
        choice.setFixedWidth(_FIELD_WIDTH)
        choice.view().setAccessibleName(setting.label)
        return SettingEditor(setting, choice, choice.currentData)
    line = QLineEdit()
    line.setFixedWidth(_FIELD_WIDTH)
    if isinstance(setting.default, str):
        line.setText(str(value))
        if setting.secret:
            line.setEchoMode(QLineEdit.EchoMode.Password)
            line.setPlaceholderText(_("unchanged"))
        return SettingEditor(setting, line, lambda: line.text().strip())
    line.setText(_number_text(float(value), formats))
    whole = isinstance(setting.default, int)

    def number() -> object:
        found = parse_number(line.text(), style)
        return int(found) if whole and found.is_integer() else found

    return SettingEditor(setting, line, number)


def _number_text(value: float, formats: Formats) -> str:
    digits = next((n for n in range(7) if round(value, n) == value), 6)
    return formats.number(value, digits)
