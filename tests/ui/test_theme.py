from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QLineEdit,
    QSlider,
    QWidget,
)
from pytestqt.qtbot import QtBot

from minerdesk.ui.theme import DARK, LIGHT, Theme, Tokens, palette_of, style_sheet, tabular


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2 defines it."""

    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4

    found = QColor(colour)
    return (
        0.2126 * linear(found.redF())
        + 0.7152 * linear(found.greenF())
        + 0.0722 * linear(found.blueF())
    )


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def lightness(colour: str) -> float:
    """L* of CIE Lab."""
    y = luminance(colour)
    return 903.3 * y if y <= 0.008856 else 116 * y ** (1 / 3) - 16


both = pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])


@both
def test_text_is_readable(tokens: Tokens) -> None:
    written = ("text", "text_muted", "accent", "earn", "lose", "warn")
    for name in written:
        for behind in ("background", "surface"):
            ratio = contrast(getattr(tokens, name), getattr(tokens, behind))
            assert ratio >= 4.5, f"{name} on {behind}: {ratio:.2f}"
    assert contrast(tokens.on_accent, tokens.accent) >= 4.5
    assert contrast(tokens.text, tokens.selection) >= 4.5


@both
def test_tones_differ_in_lightness_as_well_as_hue(tokens: Tokens) -> None:
    assert abs(lightness(tokens.earn) - lightness(tokens.lose)) >= 15
    hues = [QColor(tokens.earn).hue(), QColor(tokens.lose).hue()]
    apart = abs(hues[0] - hues[1])
    assert min(apart, 360 - apart) >= 60


@both
def test_series_can_be_told_from_the_surface(tokens: Tokens) -> None:
    for colour in tokens.series:
        assert contrast(colour, tokens.surface) >= 3


@both
def test_style_sheet_leaves_no_token_open(tokens: Tokens) -> None:
    text = style_sheet(tokens)
    assert "$" not in text
    assert "::item" not in text, "styled items make large tables slow"


@both
def test_palette_follows(tokens: Tokens) -> None:
    palette = palette_of(tokens)
    assert palette.color(QPalette.ColorRole.Window).name() == tokens.background
    assert palette.color(QPalette.ColorRole.Text).name() == tokens.text


def test_switch_is_live_and_said_once(qapp: QApplication, theme: Theme, qtbot: QtBot) -> None:
    with qtbot.waitSignal(theme.changed):
        theme.choose("dark")
    assert theme.tokens is DARK
    assert qapp.palette().color(QPalette.ColorRole.Window).name() == DARK.background
    with qtbot.assertNotEmitted(theme.changed):
        theme.choose("dark")
    theme.choose("light")
    assert qapp.palette().color(QPalette.ColorRole.Window).name() == LIGHT.background


def test_unknown_choice_is_refused(theme: Theme) -> None:
    with pytest.raises(ValueError, match="sepia"):
        theme.choose("sepia")


def test_figures_are_tabular() -> None:
    font = tabular(QFont())
    assert font.featureTags() == [QFont.Tag("tnum")]


@pytest.mark.parametrize("choice", ["light", "dark"])
@pytest.mark.parametrize("kind", [QCheckBox, QSlider])
def test_what_has_an_outline_alone_is_seen_in_both_themes(
    theme: Theme, qtbot: QtBot, kind: type[QWidget], choice: str
) -> None:
    made = kind()
    qtbot.addWidget(made)
    made.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
    if isinstance(made, QSlider):
        made.setOrientation(Qt.Orientation.Horizontal)
    made.resize(120, 24)
    made.show()
    theme.choose(choice)
    picture = made.grab().toImage()
    # Down the middle of the groove, and of the box.
    across = made.width() * 3 // 4 if isinstance(made, QSlider) else 8
    seen = {picture.pixelColor(across, y).name() for y in range(picture.height())}
    background = theme.tokens.background
    assert max(contrast(colour, background) for colour in seen) >= 3


def test_what_is_typed_into_a_list_of_choices_is_whole(theme: Theme, qtbot: QtBot) -> None:
    assert theme.tokens

    def inked_rows(made: QComboBox) -> int:
        """Return in how many rows of pixels something is written; the frame is left out."""
        qtbot.addWidget(made)
        made.addItem("Wj")
        made.resize(200, made.sizeHint().height())
        made.show()
        picture = made.grab(made.rect().adjusted(6, 2, -60, -2)).toImage()
        rows = range(picture.height())
        shades = [{picture.pixelColor(x, y).name() for x in range(picture.width())} for y in rows]
        return sum(len(row) > 1 for row in shades)

    typed = QComboBox()
    typed.setEditable(True)
    typed.setLineEdit(QLineEdit())
    assert inked_rows(typed) == inked_rows(QComboBox())
