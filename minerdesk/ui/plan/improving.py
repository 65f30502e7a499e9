"""How far the search for a better plan is, and the way to end it."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QWidget

from minerdesk.domain.text import _
from minerdesk.services.planning.plan import Plan
from minerdesk.ui.widgets.basics import button
from minerdesk.ui.widgets.tips import wrapped

_BAR_PX = (64, 8)


class Improving(QWidget):
    """Seen while a plan is bettered: the time it takes at most, and a button.

    Signals:
        enough(): the plan that is shown is to be kept as it is.
    """

    enough = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.bar = QProgressBar()
        self.bar.setFixedSize(*_BAR_PX)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(_("Search for a better plan"))
        self.stop = button(_("Stop"), self.enough.emit)
        self.stop.setAccessibleName(_("Keep this plan"))
        self.stop.setToolTip(wrapped(_("Keep the plan that is shown, and look for no better one")))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.bar)
        row.addWidget(self.stop)
        self.hide()

    def show_plan(self, plan: Plan | None, now: datetime) -> None:
        """Show how much of its time the search for a better plan has used, or nothing."""
        going = plan is not None and not plan.finished and not plan.cannot
        self.setVisible(going)
        if plan is None or not going:
            return
        most_s = max(round(plan.options.seconds), 1)
        gone_s = round((now - plan.made_at).total_seconds())
        self.bar.setRange(0, most_s)
        self.bar.setValue(min(max(gone_s, 0), most_s))
        said = _("{n} of at most {m} s").format(n=self.bar.value(), m=most_s)
        self.bar.setToolTip(said)
        self.bar.setAccessibleDescription(said)
