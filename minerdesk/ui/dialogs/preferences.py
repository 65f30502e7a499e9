"""The settings, generated from the table in which each is declared once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from minerdesk.domain.errors import MinerdeskError
from minerdesk.domain.text import _
from minerdesk.services.setting_table import SETTINGS
from minerdesk.ui.contracts import Desk
from minerdesk.ui.dialogs.setting_row import SettingEditor, make_editor
from minerdesk.ui.theme import Theme
from minerdesk.ui.widgets.basics import button, hairline, label, set_tone
from minerdesk.ui.widgets.scrolling import FollowingScroll

if TYPE_CHECKING:
    from minerdesk.services.words.formats import Formats


def section_title(section: str) -> str:
    """Return the heading of a section of settings."""
    return {
        "": _("General"),
        "feeds": _("Sources"),
        "freshness": _("How old numbers may be"),
        "tolerance": _("Too close to call"),
        "plan": _("Plan"),
        "lately": _("Since yesterday"),
        "past": _("The network's past"),
        "display": _("Look"),
    }.get(section, section.capitalize())


class PreferencesDialog(QDialog):
    """One row per setting. Nothing changes before Save; what is wrong is said beside its field.

    Signals:
        note(str, str): what to tell the operator after it closed, and its tone.
        secrets_given(object): passwords by key, None for one to forget. They are kept off the GUI
            thread, for a keyring may ask.
    """

    note = Signal(str, str)
    secrets_given = Signal(object)

    def __init__(
        self, desk: Desk, formats: Formats, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Settings"))
        self._desk = desk
        self._formats = formats
        self._theme = theme
        self._editors: dict[str, SettingEditor] = {}
        box = QVBoxLayout(self)
        box.setContentsMargins(24, 24, 24, 24)
        box.setSpacing(16)
        box.addWidget(label(_("Settings"), "title"))
        self._scroll = FollowingScroll()
        self._scroll.setAccessibleName(_("List of settings"))
        self._scroll.setWidget(self._rows())
        box.addWidget(self._scroll, 1)
        self._wrong = label("", wrap=True)
        set_tone(self._wrong, "lose")
        self._wrong.hide()
        box.addWidget(self._wrong)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(button(_("Cancel"), self.reject))
        foot.addWidget(button(_("Save settings"), self.save, primary=True))
        box.addLayout(foot)
        self.resize(720, 640)

    def editor(self, key: str) -> SettingEditor:
        """Return the editor of one setting."""
        return self._editors[key]

    def save(self) -> None:
        """Keep what was changed; stay open where something is wrong."""
        new = self._desk.settings
        wrong: list[SettingEditor] = []
        for editor in self._editors.values():
            if editor.setting.secret:
                continue
            try:
                new = new.with_value(editor.setting.key, editor.value())
                editor.complain("")
            except MinerdeskError as error:
                editor.complain(str(error))
                wrong.append(editor)
        if wrong:
            self._wrong.setText(_("Not saved: what is marked above cannot be used."))
            self._wrong.show()
            wrong[0].field.setFocus()
            self._scroll.ensureWidgetVisible(wrong[0])
            return
        try:
            aside = self._desk.change_settings(new)
        except MinerdeskError as error:
            self._wrong.setText(str(error))
            self._wrong.show()
            return
        if aside:
            self.note.emit(aside, "warn")
        self._theme.choose(new.text("display.theme"))
        given = self._secrets()
        if given:
            self.secrets_given.emit(given)
        self.accept()

    def say_of_secrets(self, reason: str) -> None:
        """Say where passwords are kept: ``reason`` is why for this session alone, or empty."""
        for editor in self._editors.values():
            if editor.setting.secret:
                editor.remark(reason or _("The system's keyring is there and keeps it."))

    def _rows(self) -> QWidget:
        rows = QWidget()
        box = QVBoxLayout(rows)
        box.setContentsMargins(0, 0, 16, 0)
        box.setSpacing(12)
        section: str | None = None
        for setting in SETTINGS:
            if setting.section != section:
                if section is not None:
                    box.addWidget(hairline())
                section = setting.section
                box.addWidget(label(section_title(section), "title"))
            value = "" if setting.secret else self._desk.settings.value(setting.key)
            editor = make_editor(setting, value, self._formats)
            self._editors[setting.key] = editor
            box.addWidget(editor)
        box.addStretch(1)
        return rows

    def _secrets(self) -> dict[str, str | None]:
        given: dict[str, str | None] = {}
        for key, editor in self._editors.items():
            if not editor.setting.secret:
                continue
            typed = str(editor.value())
            if editor.forgotten:
                given[key] = None
            elif typed:
                given[key] = typed
        return given
