"""A page that answers first: a headline, and what more there is to say right under it."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from minerdesk.ui.page import Page, PageContext
from minerdesk.ui.widgets.basics import label, restyle, set_tone


class AnsweredPage(Page):
    """Base of the pages with a headline; a subclass lays out `headline` and `below`.

    Attributes:
        headline: the answer. below: what stands under it.
    """

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.headline = label("", "headline", wrap=True)
        self.below = label("", "lead", wrap=True)

    @property
    def sentence(self) -> str:
        """The headline."""
        return self.headline.text()

    @property
    def detail(self) -> str:
        """What stands under the headline."""
        return self.below.text()

    def answer_with(
        self, sentence: str, detail: str = "", tone: str = "", *, muted: bool = False
    ) -> None:
        """Show an answer; what stands under it is hidden where there is nothing to say.

        Args:
            sentence: the headline.
            detail: what stands under it.
            tone: of the headline; see `set_tone`.
            muted: whether the detail rests on numbers too old for advice, or on an example.
        """
        self.headline.setText(sentence)
        set_tone(self.headline, tone)
        self.below.setText(detail)
        self.below.setVisible(bool(detail))
        role = "muted" if muted else "lead"
        if self.below.property("role") != role:
            self.below.setProperty("role", role)
            restyle(self.below)
