"""Toasts: short words about what happened elsewhere. They never take the focus."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QWidget

from minerdesk.domain.text import _
from minerdesk.ui.actions import Action
from minerdesk.ui.icons import Icons
from minerdesk.ui.widgets.basics import button, label, set_tone

_SECONDS = {"info": 6, "done": 6, "warn": 12, "error": 20}
_ICON = {"info": "", "done": "done", "warn": "warning", "error": "warning"}
_TONE = {"warn": "warn", "error": "lose"}
_MOST = 3
_WIDTH = 440


class ToastCard(QFrame):
    """One toast.

    Signals:
        closed(object): the card, when its time is over or it was closed.
    """

    closed = Signal(object)

    def __init__(
        self, text: str, tone: str, action: Action | None, icons: Icons, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setObjectName("toast")
        self.text = text
        self.setAccessibleName(text)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 8, 8)
        if _ICON[tone]:
            sign = QLabel()
            sign.setPixmap(icons.icon(_ICON[tone]).pixmap(16, 16))
            row.addWidget(sign)
        words = label(text, wrap=True)
        set_tone(words, _TONE.get(tone, ""))
        row.addWidget(words, 1)
        if action is not None:
            row.addWidget(button(action.text, lambda: self._act(action)))
        close = QToolButton()
        close.setIcon(icons.icon("close"))
        close.setAccessibleName(_("Close message"))
        close.clicked.connect(self.close_card)
        row.addWidget(close)
        self._timer = QTimer(self, singleShot=True, interval=_SECONDS[tone] * 1000)
        self._timer.timeout.connect(self.close_card)
        self._timer.start()

    def close_card(self) -> None:
        """Take the toast away."""
        self._timer.stop()
        self.closed.emit(self)

    def enterEvent(self, event: QEvent) -> None:
        """Stay while it is being read."""
        self._timer.stop()
        super().enterEvent(event)  # type: ignore[arg-type] # always an enter event

    def leaveEvent(self, event: QEvent) -> None:
        """Count anew when the mouse leaves."""
        self._timer.start()
        super().leaveEvent(event)

    def _act(self, action: Action) -> None:
        self.close_card()
        action.run()


class Toasts(QObject):
    """Stacks toasts in the lower right corner of a window. The same words do not pile up."""

    def __init__(self, over: QWidget, icons: Icons) -> None:
        super().__init__(over)
        self._over = over
        self._icons = icons
        self._cards: list[ToastCard] = []
        over.installEventFilter(self)

    @property
    def texts(self) -> list[str]:
        """What is shown now, oldest first."""
        return [card.text for card in self._cards]

    def show_toast(self, text: str, tone: str = "info", action: Action | None = None) -> None:
        """Show ``text`` for a while; read out by screen readers.

        Args:
            text: one sentence.
            tone: ``info``, ``done``, ``warn`` or ``error``; the last two stay longer.
            action: offered as a button.
        """
        self.withdraw(text)
        while len(self._cards) >= _MOST:
            self._drop(self._cards[0])
        card = ToastCard(text, tone, action, self._icons, self._over)
        card.closed.connect(self._drop)
        self._cards.append(card)
        card.show()
        self._place()
        QAccessible.updateAccessibility(QAccessibleEvent(card, QAccessible.Event.Alert))

    def withdraw(self, text: str) -> None:
        """Take the toast with these words away, where it is still shown."""
        for card in [card for card in self._cards if card.text == text]:
            self._drop(card)

    def clear(self) -> None:
        """Take every toast away."""
        for card in list(self._cards):
            self._drop(card)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay in the corner when the window changes its size."""
        if event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def _drop(self, card: ToastCard) -> None:
        if card in self._cards:
            self._cards.remove(card)
            card.close_card()
            card.hide()
            card.deleteLater()
            self._place()

    def _place(self) -> None:
        bottom = self._over.height() - 16
        for card in reversed(self._cards):
            width = min(_WIDTH, self._over.width() - 32)
            card.setFixedWidth(width)
            card.resize(width, max(card.heightForWidth(width), card.sizeHint().height()))
            card.move(self._over.width() - width - 16, bottom - card.height())
            card.raise_()
            bottom -= card.height() + 8
