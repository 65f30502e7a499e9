"""Which section of the editor each part of a contract has."""

from __future__ import annotations

from collections.abc import Callable

from minerdesk.services.power.parts import Part
from minerdesk.ui.power.clauses import (
    CurtailmentSection,
    FixedSection,
    HeatSection,
    HolidaysSection,
    HostingSection,
    TakeOrPaySection,
)
from minerdesk.ui.power.demand import CoincidentSection, DemandSection
from minerdesk.ui.power.energy import AddersSection, FlatSection, TiersSection
from minerdesk.ui.power.index import IndexSection
from minerdesk.ui.power.periods import TimeOfUseSection
from minerdesk.ui.power.section import Section
from minerdesk.ui.theme import Theme
from minerdesk.ui.widgets.typing import Typing

_PLAIN: dict[str, Callable[[Part, Typing], Section]] = {
    "flat": FlatSection,
    "tiers": TiersSection,
    "index": IndexSection,
    "adders": AddersSection,
    "coincident": CoincidentSection,
    "fixed": FixedSection,
    "take_or_pay": TakeOrPaySection,
    "hosting": HostingSection,
    "curtailment": CurtailmentSection,
    "heat": HeatSection,
    "holidays": HolidaysSection,
}
_PAINTED: dict[str, Callable[[Part, Typing, Theme], Section]] = {
    "time_of_use": TimeOfUseSection,
    "demand": DemandSection,
}


def section_of(part: Part, typing: Typing, theme: Theme) -> Section:
    """Make the section of a part."""
    if part.key in _PAINTED:
        return _PAINTED[part.key](part, typing, theme)
    return _PLAIN[part.key](part, typing)
