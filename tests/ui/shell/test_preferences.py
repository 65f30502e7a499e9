from __future__ import annotations

from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
)
from pytestqt.qtbot import QtBot

from minerdesk.domain.errors import WorldError
from minerdesk.services.settings import SETTINGS
from minerdesk.ui.dialogs.preferences import PreferencesDialog
from minerdesk.ui.main_window import MainWindow
from minerdesk.ui.theme import Theme
from tests.support.fake_desk import FakeDesk
from tests.support.widgets import nameless


def preferences(window: MainWindow) -> PreferencesDialog:
    window.dialogs.preferences()
    (dialog,) = (each for each in window.findChildren(PreferencesDialog) if each.isVisible())
    return dialog


def test_settings_come_from_their_table(window: MainWindow, desk: FakeDesk, theme: Theme) -> None:
    window.table["app.settings"].run()
    dialog = window.findChild(PreferencesDialog)
    assert isinstance(dialog, PreferencesDialog)
    assert nameless(dialog) == []
    field = dialog.editor("feeds.poll_s").field
    assert isinstance(field, QLineEdit)
    field.setText("5")
    dialog.save()
    assert dialog.isVisible(), "5 s is refused, and the dialog stays"
    assert dialog.focusWidget() is field
    assert field.property("wrong") == "true"
    field.setText("120")
    choice = dialog.editor("display.theme").field
    assert isinstance(choice, QComboBox)
    choice.setCurrentText("dark")
    dialog.save()
    assert not dialog.isVisible()
    assert desk.settings.number("feeds.poll_s") == 120
    assert theme.tokens.dark
    theme.choose("light")


def test_saving_untouched_settings_changes_nothing(window: MainWindow, desk: FakeDesk) -> None:
    window.dialogs.preferences()
    dialog = window.findChild(PreferencesDialog)
    assert isinstance(dialog, PreferencesDialog)
    dialog.save()
    assert dict(desk.settings.chosen) == {}


def test_every_setting_has_a_row_with_its_limits(window: MainWindow) -> None:
    dialog = preferences(window)
    for setting in SETTINGS:
        editor = dialog.editor(setting.key)
        assert editor.field.accessibleName() == setting.label
        assert editor.field.accessibleDescription() == setting.help
    said = [each.text() for each in dialog.editor("feeds.poll_s").findChildren(QLabel)]
    assert any("at least 30, at most 3,600. Shipped: 60." in each for each in said)
    dialog.reject()


def test_a_password_is_kept_where_it_is_said_and_can_be_forgotten(
    window: MainWindow, desk: FakeDesk, qtbot: QtBot
) -> None:
    key = "feeds.core_password"
    dialog = preferences(window)
    remark = dialog.editor(key).findChildren(QLabel)
    qtbot.waitUntil(lambda: any("until you quit and no longer" in each.text() for each in remark))
    field = dialog.editor(key).field
    assert isinstance(field, QLineEdit)
    assert field.echoMode() == QLineEdit.EchoMode.Password
    field.setText("hunter2")
    dialog.save()
    qtbot.waitUntil(lambda: desk.secrets.get(key) == "hunter2")
    qtbot.waitUntil(lambda: any("until you quit" in each for each in window.toasts.texts))
    assert key not in desk.settings.chosen
    again = preferences(window)
    field = again.editor(key).field
    assert isinstance(field, QLineEdit)
    assert field.text() == ""
    again.editor(key).findChildren(QCheckBox)[-1].setChecked(True)
    again.save()
    qtbot.waitUntil(lambda: desk.secrets.get(key) is None)


def test_changed_settings_are_evaluated_with_at_once(
    window: MainWindow, desk: FakeDesk, qtbot: QtBot
) -> None:
    before = len(desk.evaluations)
    dialog = preferences(window)
    field = dialog.editor("tolerance.floor").field
    assert isinstance(field, QLineEdit)
    field.setText("0.02")
    dialog.save()
    qtbot.waitUntil(lambda: len(desk.evaluations) > before)
    assert desk.settings.number("tolerance.floor") == 0.02


def test_settings_the_disk_refuses_are_said_in_the_dialog(
    window: MainWindow, desk: FakeDesk
) -> None:
    desk.settings_error = WorldError("The disk is full.")
    dialog = preferences(window)
    dialog.save()
    assert dialog.isVisible()
    assert any(each.text() == "The disk is full." for each in dialog.findChildren(QLabel))
    dialog.reject()
    assert window.table["theme.dark"].run()
    assert window.toasts.texts == ["The disk is full."]
    window.theme.choose("light")
