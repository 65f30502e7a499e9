"""The frame of a chart: its title, what it rests on, copying, and what it says while empty."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt, Slot
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QGuiApplication,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QHBoxLayout,
    QSizePolicy,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from minerdesk.ui.charts.base import Chart
from minerdesk.ui.charts.tones import line_pen
from minerdesk.ui.icons import Icons
from minerdesk.ui.theme import Theme
from minerdesk.ui.widgets.basics import label
from minerdesk.ui.widgets.copying import copy_button
from minerdesk.ui.widgets.tips import wrapped

# Six entries have to fit under the title of a chart in the smallest window.
_SWATCH_PX: Final = 16
_LEGEND_GAP_PX: Final = 5


class Swatch(QWidget):
    """A piece of a line as the chart draws it, for the legend."""

    def __init__(self, theme: Theme, colour: int, *, dashed: bool = False) -> None:
        super().__init__()
        self._theme, self._colour, self._dashed = theme, colour, dashed
        self.setFixedSize(_SWATCH_PX, 12)
        theme.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the line."""
        del event
        painter = QPainter(self)
        painter.setPen(line_pen(self._theme.tokens.series[self._colour], 2, dashed=self._dashed))
        painter.drawLine(0, 6, _SWATCH_PX, 6)
        painter.end()


class Elided(QWidget):
    """A line or two of small text, cut with an ellipsis where there is no room; the tip has all."""

    def __init__(self, theme: Theme, lines: int = 1) -> None:
        super().__init__()
        self._theme = theme
        self._lines = lines
        self._text = self._hint = ""
        self._strong = False
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    @property
    def text(self) -> str:
        """All of it."""
        return self._text

    def say(self, text: str, *, strong: bool = False, hint: str = "") -> None:
        """Show ``text``, in the colour of text where it is ``strong``; the tip adds the hint."""
        if (text, strong, hint) != (self._text, self._strong, self._hint):
            self._text, self._strong, self._hint = text, strong, hint
            self.setToolTip(wrapped("\n".join(filter(None, (text, hint)))))
            self.setAccessibleDescription(hint)
            self.setAccessibleName(text)
            self.update()

    def sizeHint(self) -> QSize:
        """As high as its lines, whether they are full or not: a chart must not jump."""
        return QSize(80, QFontMetrics(self._font()).height() * self._lines + 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw what fits."""
        del event
        tokens = self._theme.tokens
        painter = QPainter(self)
        painter.setFont(self._font())
        painter.setPen(QColor(tokens.text if self._strong else tokens.text_muted))
        # A line that breaks between words is left with some room at its end.
        room = self.width() * (self._lines - 0.2 * (self._lines - 1))
        text = painter.fontMetrics().elidedText(self._text, Qt.TextElideMode.ElideRight, int(room))
        wrap = Qt.TextFlag.TextWordWrap if self._lines > 1 else Qt.TextFlag.TextSingleLine
        flags = Qt.AlignmentFlag.AlignTop | wrap
        painter.drawText(QRectF(self.rect()), int(flags), text)
        painter.end()

    def _font(self) -> QFont:
        font = QFont(self.font())
        font.setPointSizeF(self._theme.tokens.small_pt)
        return font


class Panel(QWidget):
    """A title with what it rests on, a button to copy, and a body.

    The line under the title says `say`'s note, or for as long as it is given the words of a cursor.

    Args:
        title: what is shown, translated.
        theme: its tokens colour the small text.
        icons: of the page.
        body: what is shown.
        legend: text, colour of the theme's series and whether dashed, of each line.
        lines: of text under the title.
    """

    def __init__(
        self,
        title: str,
        theme: Theme,
        icons: Icons,
        body: QWidget,
        *,
        legend: Sequence[tuple[str, int, bool]] = (),
        lines: int = 1,
    ) -> None:
        super().__init__()
        self._icons = icons
        self._title = title
        self._note = ""
        self._words = self._hint = ""
        self._line = Elided(theme, lines)
        self._copy = copy_button(icons, title, self.copy_picture, self.copy_table)
        head = self._head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(label(title, "title"))
        head.addStretch(1)
        self._legend = QWidget()
        self._has_legend = False
        self._after = 0
        inside = QHBoxLayout(self._legend)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(_LEGEND_GAP_PX)
        for text, colour, dashed in legend:
            self.add_legend(Swatch(theme, colour, dashed=dashed), label(text, "small"))
        head.addWidget(self._legend)
        head.addWidget(self._copy)
        self._legend_row = QHBoxLayout()
        self._body = body
        self._empty = label("", "muted", wrap=True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setContentsMargins(24, 8, 24, 8)
        self._stack = QStackedLayout()
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(2)
        box.addLayout(head)
        box.addLayout(self._legend_row)
        box.addWidget(self._line)
        box.addLayout(self._stack, 1)
        # Only now: a stack that has no place yet shows its first part in a window of its own.
        self._stack.addWidget(self._body)
        self._stack.addWidget(self._empty)
        # The page shares out the room; what a plot would like by itself is of no account.
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        icons.changed.connect(self._tint)

    @property
    def title(self) -> str:
        """What is shown."""
        return self._title

    @property
    def note(self) -> str:
        """What the body rests on."""
        return self._note

    @property
    def line(self) -> str:
        """What stands under the title now: the note, or the words under the cursor."""
        return self._line.text

    @property
    def empty_words(self) -> str:
        """What is said in place of the body; empty while that is shown."""
        return self._empty.text() if self._stack.currentWidget() is self._empty else ""

    def say(self, note: str, hint: str = "") -> None:
        """Say what the body rests on, and show it; the hint explains its words in the tool tip."""
        self._note, self._hint = note, hint
        self._show_part(self._body)

    def add_entry(self, text: str, handler: Callable[[], object]) -> None:
        """Add an entry to the menu of copying."""
        menu = self._copy.menu()
        if menu is not None:
            menu.addAction(text).triggered.connect(lambda _on=False: handler())

    def add_legend(self, *parts: QWidget) -> None:
        """Put more into the legend, shown while the body is."""
        box = self._legend.layout()
        if box is not None:
            for part in parts:
                box.addWidget(part)
            self._has_legend = True

    def add_to_head(self, part: QWidget) -> None:
        """Put something before the button that copies."""
        self._head.insertWidget(self._head.count() - 1, part)
        self._after += 1

    def show_words(self, words: str) -> None:
        """Say what stands under a cursor; nothing brings the note back."""
        self._words = words
        self._show_line()

    def show_empty(self, sentence: str) -> None:
        """Show a sentence in place of the body."""
        self._note = self._hint = ""
        self._empty.setText(sentence)
        self._show_part(self._empty)

    def put_beside_title(self, *widgets: QWidget) -> None:
        """Put controls of the body right of the title."""
        for place, widget in enumerate(widgets, start=1):
            self._head.insertWidget(place, widget)

    def copy_picture(self) -> None:
        """Put the panel as it looks, title included, onto the clipboard."""
        QGuiApplication.clipboard().setPixmap(self.grab())

    def copy_table(self) -> None:
        """Put the numbers onto the clipboard, tab-separated."""

    @property
    def legend_beneath(self) -> bool:
        """Whether the legend stands in a row of its own, under the title."""
        return self._legend_row.count() > 0

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the legend where there is room for it."""
        super().resizeEvent(event)
        self._place_legend()

    def _place_legend(self) -> None:
        """Put the legend beside the title, or under it where the title would be cut."""
        wanted = self._head.sizeHint().width()
        if self.legend_beneath:
            wanted += self._head.spacing() + self._legend.sizeHint().width()
        beneath = wanted > self.width() and not self._legend.isHidden()
        if beneath == self.legend_beneath:
            return
        if beneath:
            self._legend_row.addWidget(self._legend, 0, Qt.AlignmentFlag.AlignLeft)
        else:
            self._legend_row.removeWidget(self._legend)
            self._head.insertWidget(self._head.indexOf(self._copy) - self._after, self._legend)

    def _show_part(self, part: QWidget) -> None:
        self._stack.setCurrentWidget(part)
        drawn = part is self._body
        self._copy.setEnabled(drawn)
        self._legend.setVisible(drawn and self._has_legend)
        self._place_legend()
        self._show_line()

    def _show_line(self) -> None:
        hint = "" if self._words else self._hint
        self._line.say(self._words or self._note, strong=bool(self._words), hint=hint)

    @Slot()
    def _tint(self) -> None:
        self._copy.setIcon(self._icons.icon("copy"))


class ChartPanel(Panel):
    """Holds one chart, or several above each other with one cursor's words between them.

    Args:
        title: what is shown, translated.
        charts: the first is the one whose table is copied.
        theme: as of the charts.
        icons: of the page.
        legend: text, colour of the theme's series and whether dashed, of each line.
        stretch: how the charts share the height.
        lines: of text under the title.
    """

    def __init__(
        self,
        title: str,
        charts: Sequence[Chart],
        theme: Theme,
        icons: Icons,
        *,
        legend: Sequence[tuple[str, int, bool]] = (),
        stretch: Sequence[int] = (),
        lines: int = 1,
    ) -> None:
        body = QWidget()
        inside = QVBoxLayout(body)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(0)
        for chart, share in zip(charts, stretch or [1] * len(charts), strict=True):
            inside.addWidget(chart, share)
        super().__init__(title, theme, icons, body, legend=legend, lines=lines)
        self.charts = tuple(charts)
        for chart in charts:
            chart.words_inside = False
            chart.words_changed.connect(self._gather_words)

    def copy_table(self) -> None:
        """Put the first chart's numbers onto the clipboard, tab-separated."""
        self.charts[0].copy_table()

    @Slot()
    def _gather_words(self) -> None:
        """Charts with one cursor speak of one time, so that is said once."""
        said: list[str] = []
        for chart in self.charts:
            when, colon, what = chart.cursor_words.partition(": ")
            if colon:
                said.append(what if said else f"{when}: {what}")
        self.show_words(", ".join(said))
