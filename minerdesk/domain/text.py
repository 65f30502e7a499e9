"""The one door for text that an operator reads: gettext.

`use` is called once at start by the composition root; until then text is the English of the source.
"""

from __future__ import annotations

import gettext as _gettext


class _Door:
    """Holds the translations in force, so that functions imported early still see them."""

    def __init__(self) -> None:
        self.translations: _gettext.NullTranslations = _gettext.NullTranslations()


_door = _Door()


def use(translations: _gettext.NullTranslations) -> None:
    """Set the translations in force for the whole process."""
    _door.translations = translations


def _(message: str) -> str:
    """Return ``message`` in the operator's language."""
    return _door.translations.gettext(message)


def ngettext(singular: str, plural: str, n: int) -> str:
    """Return the form of the message that fits ``n``, in the operator's language."""
    return _door.translations.ngettext(singular, plural, n)
