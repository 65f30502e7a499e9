"""The theme: a small set of tokens for light and dark, switched live, plots included."""

from __future__ import annotations

from dataclasses import dataclass
from string import Template
from typing import Final

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory

from minerdesk.ui.resources import resource


@dataclass(frozen=True, slots=True)
class Tokens:
    """Every colour and size the window draws with. Colours are ``#rrggbb``.

    Attributes:
        background: behind everything; ``surface``: what is written into (tables, fields, plots).
        text, text_muted: both readable (4.5 : 1) on background and surface.
        hairline: separators; ``grid``: of plots.
        accent: the one colour for what can be pressed or is chosen; ``on_accent``: text on it.
        earn, lose: the two tones, apart in lightness as well as in hue; ``warn``: old or doubtful.
        selection: behind what is selected, with ``text`` on it.
        series: colours of plot lines, 3 : 1 on the surface, apart in lightness.
        small_pt, body_pt, large_pt, tile_pt, headline_pt: font sizes in points.
        space: the grid, 8 px.
    """

    dark: bool
    background: str
    surface: str
    text: str
    text_muted: str
    hairline: str
    grid: str
    accent: str
    on_accent: str
    earn: str
    lose: str
    warn: str
    selection: str
    series: tuple[str, ...]
    small_pt: float = 9.0
    body_pt: float = 10.0
    large_pt: float = 12.0
    tile_pt: float = 17.0
    headline_pt: float = 21.0
    space: int = 8


LIGHT: Final = Tokens(
    dark=False,
    background="#f7f7f5",
    surface="#ffffff",
    text="#1b1e23",
    text_muted="#5b626b",
    hairline="#dcdee1",
    grid="#e6e8ea",
    accent="#1f55c4",
    on_accent="#ffffff",
    earn="#0b5145",
    lose="#c8401a",
    warn="#875600",
    selection="#d9e4fb",
    series=("#1f55c4", "#a6561c", "#4a3a86", "#3f8a7c", "#b0447e", "#5b626b"),
)
DARK: Final = Tokens(
    dark=True,
    background="#15171a",
    surface="#1c1f23",
    text="#e9ebee",
    text_muted="#a2a9b3",
    hairline="#32363c",
    grid="#2a2e33",
    accent="#86aeff",
    on_accent="#10141b",
    earn="#86e3c8",
    lose="#f0764a",
    warn="#e6b450",
    selection="#2b3d63",
    series=("#86aeff", "#f0b07a", "#b9a6f2", "#5fb8a6", "#e58bbb", "#a2a9b3"),
)
CHOICES: Final = ("auto", "light", "dark")
_OUTLINED: Final = ("QCheckBox", "QSlider")
_DARKER: Final = 140  # per cent, by which Fusion makes an outline darker than the window


class Theme(QObject):
    """Holds the tokens in force; follows the system's light or dark, or the operator's choice.

    Signals:
        changed(): `tokens` was replaced: recolour what neither palette nor style sheet reaches.
    """

    changed = Signal()

    def __init__(self, choice: str = "auto", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._choice = choice if choice in CHOICES else "auto"
        self._app: QApplication | None = None
        self._tokens = DARK if self._choice == "dark" else LIGHT

    @property
    def tokens(self) -> Tokens:
        """The tokens in force."""
        return self._tokens

    @property
    def choice(self) -> str:
        """``auto`` (the system's), ``light`` or ``dark``."""
        return self._choice

    def apply(self, app: QApplication) -> None:
        """Dress the application and follow the system from now on. Call it once, before windows."""
        self._app = app
        app.setStyle(QStyleFactory.create("Fusion"))
        app.setFont(tabular(app.font()))
        app.styleHints().colorSchemeChanged.connect(self._follow)
        self._dress()

    def choose(self, choice: str) -> None:
        """Set ``auto`` (the system's), ``light`` or ``dark`` and switch at once.

        Raises:
            ValueError: it is none of these.
        """
        if choice not in CHOICES:
            raise ValueError(f"theme must be one of {', '.join(CHOICES)}, found {choice!r}")
        self._choice = choice
        self._follow()

    @Slot()
    def _follow(self) -> None:
        wanted = self._wanted()
        if wanted.dark != self._tokens.dark:
            self._dress()
            self.changed.emit()

    def _wanted(self) -> Tokens:
        if self._choice != "auto" or self._app is None:
            return DARK if self._choice == "dark" else LIGHT
        dark = self._app.styleHints().colorScheme() == Qt.ColorScheme.Dark
        return DARK if dark else LIGHT

    def _dress(self) -> None:
        self._tokens = self._wanted()
        if self._app is not None:
            self._app.setPalette(palette_of(self._tokens))
            for kind in _OUTLINED:
                palette = outlined_palette_of(self._tokens)
                self._app.setPalette(palette, kind)  # type: ignore[arg-type] # bytes are refused
            self._app.setStyleSheet(style_sheet(self._tokens))


def tabular(font: QFont) -> QFont:
    """Return ``font`` with figures of equal width, where Qt can ask the font for them (6.7)."""
    made = QFont(font)
    if hasattr(made, "setFeature"):
        made.setFeature(QFont.Tag("tnum"), 1)
    return made


def palette_of(tokens: Tokens) -> QPalette:
    """Return the palette that fits the tokens."""
    roles = QPalette.ColorRole
    pairs = {
        roles.Window: tokens.background,
        roles.WindowText: tokens.text,
        roles.Base: tokens.surface,
        roles.AlternateBase: tokens.background,
        roles.Text: tokens.text,
        roles.PlaceholderText: tokens.text_muted,
        roles.Button: tokens.surface,
        roles.ButtonText: tokens.text,
        roles.BrightText: tokens.lose,
        roles.Highlight: tokens.selection,
        roles.HighlightedText: tokens.text,
        roles.Link: tokens.accent,
        roles.ToolTipBase: tokens.text,
        roles.ToolTipText: tokens.background,
        roles.Mid: tokens.hairline,
        roles.Accent: tokens.accent,
    }
    palette = QPalette()
    for role, colour in pairs.items():
        palette.setColor(role, QColor(colour))
    for role in (roles.WindowText, roles.Text, roles.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(tokens.text_muted))
    return palette


def outlined_palette_of(tokens: Tokens) -> QPalette:
    """Return the palette of what Fusion draws with an outline alone, and no window behind it.

    The outline is the window's colour made darker, which cannot be seen on a dark window.
    """
    palette, group = palette_of(tokens), QPalette.ColorGroup
    window = QPalette.ColorRole.Window
    palette.setColor(window, QColor(tokens.text_muted).lighter(_DARKER))
    palette.setColor(group.Disabled, window, QColor(tokens.hairline).lighter(_DARKER))
    return palette


def style_sheet(tokens: Tokens) -> str:
    """Fill ``resources/styles/desk.qss`` with the tokens."""
    text = resource("styles", "desk.qss").read_text(encoding="utf-8")
    values = {name: getattr(tokens, name) for name in tokens.__slots__}
    values["half"] = tokens.space // 2
    values["double"] = tokens.space * 2
    # Style sheets cannot tint a drawing, so each theme has its own.
    arrow = resource("styles", "arrow-dark.svg" if tokens.dark else "arrow-light.svg")
    values["arrow"] = arrow.as_posix()
    return Template(text).substitute(values)
