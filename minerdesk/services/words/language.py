"""The language that text is in: from the shipped translations to the one door for text."""

from __future__ import annotations

import gettext
from pathlib import Path
from typing import Final

from minerdesk.domain import text
from minerdesk.storage.resources import resource_root

DOMAIN: Final = "minerdesk"


def translations_dir() -> Path:
    """Return the folder of the translations, ``<language>/LC_MESSAGES/minerdesk.mo`` in it."""
    return resource_root() / "translations"


def translations_for(locale: str, folder: Path | None = None) -> gettext.NullTranslations:
    """Return the translations of a locale; English text where there are none.

    Args:
        locale: such as ``de_AT``; its language alone is tried as well.
        folder: another one than the shipped.
    """
    languages = [locale, locale.partition("_")[0]]
    where = translations_dir() if folder is None else folder
    return gettext.translation(DOMAIN, where, languages, fallback=True)


def speak(locale: str) -> None:
    """Put the language of ``locale`` in force for the whole process."""
    text.use(translations_for(locale))
