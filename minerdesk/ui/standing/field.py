"""A field for a number with its unit."""

from __future__ import annotations

from typing import Final

from PySide6.QtWidgets import QDoubleSpinBox

from minerdesk.ui.widgets.tips import wrapped

_MARGIN_PX: Final = 6


def number_field(
    name: str, limits: tuple[float, float], unit: str, tip: str, *, digits: int
) -> QDoubleSpinBox:
    """Make a field.

    Args:
        name: accessible name, translated.
        limits: the least and the most.
        unit: after the number, with a space before it.
        tip: a sentence.
        digits: after the point.
    """
    made = QDoubleSpinBox()
    made.setDecimals(digits)
    made.setRange(*limits)
    made.setSuffix(unit)
    made.setAccessibleName(name)
    made.setToolTip(wrapped(tip))
    # A number that is still being typed is no number yet.
    made.setKeyboardTracking(False)
    # The style sheet's padding does not reach the text of a spin box.
    made.lineEdit().setTextMargins(_MARGIN_PX, 0, _MARGIN_PX, 0)
    return made
