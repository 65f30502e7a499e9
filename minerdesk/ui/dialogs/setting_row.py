"""One setting as a row: its label, an editor that fits its type, its help, what is wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from minerdesk.domain.limits import Limits
from minerdesk.domain.text import _
from minerdesk.services.number_text import parse_number
from minerdesk.services.setting_table import Setting, Value
from minerdesk.ui.widgets.basics import label, restyle, set_tone

if TYPE_CHECKING:
    from minerdesk.services.words.formats import Formats

_FIELD_WIDTH = 280


class SettingEditor(QWidget):
    """A row of the settings.

    Attributes:
        setting: its declaration; field: the widget one types into.
    """

    def __init__(
        self, setting: Setting, field: QWidget, read: Callable[[], object], formats: Formats
    ) -> None:
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
        said = " ".join(filter(None, (setting.help, _allowed(setting, formats))))
        if said:
            box.addWidget(label(said, "small", wrap=True))
        self._remark = label("", "small", wrap=True)
        self._remark.hide()
        box.addWidget(self._remark)
        self._forget = QCheckBox(_("Forget the one that is kept"))
        box.addWidget(self._forget)
        self._forget.setVisible(setting.secret)
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

    @property
    def forgotten(self) -> bool:
        """Whether the secret that is kept shall be forgotten."""
        return self._forget.isChecked()

    def remark(self, sentence: str) -> None:
        """Say something about the setting that holds now."""
        self._remark.setText(sentence)
        self._remark.show()

    def complain(self, sentence: str) -> None:
        """Say what is wrong here; empty takes it back."""
        self._wrong.setText(sentence)
        self._wrong.setVisible(bool(sentence))
        self.field.setProperty("wrong", "true" if sentence else "false")
        restyle(self.field)


def make_editor(setting: Setting, value: Value, formats: Formats) -> SettingEditor:
    """Return the editor that fits the setting's type.

    Args:
        setting: its declaration.
        value: what it is now.
        formats: how the operator reads and types numbers.
    """
    if isinstance(setting.default, bool):
        tick = QCheckBox()
        tick.setChecked(bool(value))
        return SettingEditor(setting, tick, tick.isChecked, formats)
    if setting.choices:
        choice = QComboBox()
        for each in setting.choices:
            choice.addItem(choice_text(each), each)
        choice.setCurrentIndex(setting.choices.index(str(value)))
        choice.setFixedWidth(_FIELD_WIDTH)
        choice.view().setAccessibleName(setting.label)
        return SettingEditor(setting, choice, choice.currentData, formats)
    line = QLineEdit()
    line.setFixedWidth(_FIELD_WIDTH)
    if isinstance(setting.default, str):
        line.setText(str(value))
        if setting.secret:
            line.setEchoMode(QLineEdit.EchoMode.Password)
            line.setPlaceholderText(_("unchanged"))
        return SettingEditor(setting, line, lambda: line.text().strip(), formats)
    line.setText(_number_text(float(value), formats))
    whole = isinstance(setting.default, int)

    def number() -> object:
        found = parse_number(line.text(), formats.number_style)
        return int(found) if whole and found.is_integer() else found

    return SettingEditor(setting, line, number, formats)


def choice_text(choice: str) -> str:
    """Return what one of a setting's choices is called."""
    named = {"auto": _("as the system"), "light": _("light"), "dark": _("dark")}
    return named.get(choice, choice)


def _allowed(setting: Setting, formats: Formats) -> str:
    """Return what a number may be and what it is when nothing is chosen; empty for the others."""
    if isinstance(setting.default, bool | str):
        return ""
    shipped = _number_text(float(setting.default), formats)
    if setting.limits is None:
        return _("Shipped: {value}.").format(value=shipped)
    return _("Allowed: {limits}. Shipped: {value}.").format(
        limits=_bounds(setting.limits, formats), value=shipped
    )


def _bounds(limits: Limits, formats: Formats) -> str:
    bounds = (
        (_("at least {n}"), limits.minimum),
        (_("more than {n}"), limits.above),
        (_("at most {n}"), limits.maximum),
        (_("less than {n}"), limits.below),
    )
    return ", ".join(
        words.format(n=_number_text(float(bound), formats))
        for words, bound in bounds
        if bound is not None
    )


def _number_text(value: float, formats: Formats) -> str:
    digits = next((n for n in range(7) if round(value, n) == value), 6)
    return formats.number(value, digits)
