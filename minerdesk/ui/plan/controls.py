"""What the page shows and asks for: site, horizon, step, zone of the times, folded rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QWidget

from minerdesk.domain.sites import Site
from minerdesk.domain.text import _, ngettext
from minerdesk.ui.plan.scene import ROWS_MOST
from minerdesk.ui.widgets.basics import label

DAYS: Final = (1, 2, 3, 7, 14)
STEPS_MINUTES: Final = (15, 30, 60)
_SITE_MOST_CHARS: Final = 18


class Controls(QWidget):
    """A row of boxes.

    Signals:
        view_changed(): site, zone or folding is another; the plan stays.
        plan_changed(): horizon or step is another.
    """

    view_changed = Signal()
    plan_changed = Signal()

    def __init__(self, hours: int, step_minutes: int) -> None:
        super().__init__()
        self._sites: tuple[Site, ...] = ()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        self.site = _box(row, _("Site"), ())
        self.horizon = _box(
            row,
            _("Horizon"),
            [(ngettext("{n} day", "{n} days", days).format(n=days), days * 24) for days in DAYS],
        )
        self.step = _box(
            row,
            _("Step"),
            [(_("{n} min").format(n=minutes), minutes) for minutes in STEPS_MINUTES],
        )
        self.zone = _box(row, _("Times"), ())
        self.fold = QCheckBox(_("One row per model"))
        row.addWidget(self.fold)
        row.addStretch(1)
        self.row = row
        _select(self.horizon, hours)
        _select(self.step, step_minutes)
        self.fold.hide()
        for box in (self.site, self.zone):
            box.currentIndexChanged.connect(self._view)
        for box in (self.horizon, self.step):
            box.currentIndexChanged.connect(self._plan)
        self.fold.toggled.connect(self._view)

    @property
    def site_index(self) -> int:
        """Place of the chosen site among the plan's."""
        return max(self.site.currentIndex(), 0)

    @property
    def hours(self) -> int:
        """Length of the horizon."""
        return int(self.horizon.currentData())

    @property
    def step_minutes(self) -> int:
        """Length of a step."""
        return int(self.step.currentData())

    @property
    def time_zone(self) -> tzinfo | None:
        """Zone of all times; None is the operator's."""
        name = self.zone.currentData()
        if not name:
            return None
        try:
            return ZoneInfo(str(name))
        except (ZoneInfoNotFoundError, ValueError):  # the book's zones are checked where typed
            return None

    def choose_site(self, site_id: str) -> None:
        """Choose a site by its id."""
        for place, site in enumerate(self._sites):
            if site.id == site_id:
                self.site.setCurrentIndex(place)

    def show_sites(self, sites: Sequence[Site], groups: int) -> None:
        """Offer the sites of a plan; what is chosen stays where it can.

        Args:
            sites: in the plan's order.
            groups: in the whole plan; folding is offered where they are many.
        """
        self.fold.setVisible(groups > ROWS_MOST)
        if tuple(sites) == self._sites:
            return
        if not self._sites and groups > ROWS_MOST:
            with QSignalBlocker(self.fold):
                self.fold.setChecked(True)
        self._sites = tuple(sites)
        chosen = self.site.currentData()
        with QSignalBlocker(self.site):
            self.site.clear()
            for site in sites:
                self.site.addItem(site.name, site.id)
            place = self.site.findData(chosen)
            self.site.setCurrentIndex(max(place, 0))
        self.site.setEnabled(len(self._sites) > 1)
        self._offer_zones()

    def _offer_zones(self) -> None:
        site_time = bool(self.zone.currentIndex() > 0)
        with QSignalBlocker(self.zone):
            self.zone.clear()
            self.zone.addItem(_("mine"), "")
            if self._sites:
                site = self._sites[min(self.site_index, len(self._sites) - 1)]
                self.zone.addItem(
                    _("{site}’s").format(site=site.name[:_SITE_MOST_CHARS]), site.time_zone
                )
                self.zone.setCurrentIndex(int(site_time))
                self.zone.setToolTip(
                    _("Times of this computer, or of {site} ({zone})").format(
                        site=site.name, zone=site.time_zone
                    )
                )

    @Slot()
    def _view(self) -> None:
        if self.sender() is self.site:
            self._offer_zones()
        self.view_changed.emit()

    @Slot()
    def _plan(self) -> None:
        self.plan_changed.emit()


def _box(row: QHBoxLayout, name: str, items: Sequence[tuple[str, int]]) -> QComboBox:
    box = QComboBox()
    box.setAccessibleName(name)
    box.view().setAccessibleName(name)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
    for text, value in items:
        box.addItem(text, value)
    row.addWidget(label(name, "small"))
    row.addWidget(box)
    return box


def _select(box: QComboBox, value: int) -> None:
    """Choose the smallest entry that is not below a value, or the last."""
    places = [place for place in range(box.count()) if box.itemData(place) >= value]
    box.setCurrentIndex(places[0] if places else box.count() - 1)
