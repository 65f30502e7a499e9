"""The language that text is in: from the shipped translations to the one door for text."""

from __future__ import annotations

import gettext
from pathlib import Path
from typing import Final

from minerdesk.domain import text
from minerdesk.storage.resources import resource_root

DOMAIN: Final = "minerdesk"


def N_(message: str) -> str:  # noqa: N802 - the name tools that collect text know
    """Mark text that is translated elsewhere."""
    return message


# What argparse says of itself in a page of help: it asks gettext, which finds it in our file.
_ARGPARSE: Final = (
    N_("usage: "),
    N_("positional arguments"),
    N_("options"),
    N_("show this help message and exit"),
    N_("show program's version number and exit"),
)


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


def speak_in_help() -> None:
    """Put the system's language in force for a page of help, argparse's own words too.

    All else on a command line is English, or the language of the settings: scripts read it.
    """
    folder = translations_dir()
    text.use(gettext.translation(DOMAIN, folder, fallback=True))
    gettext.bindtextdomain(DOMAIN, folder)
    gettext.textdomain(DOMAIN)


def speak(locale: str) -> None:
    """Put the language of ``locale`` in force for the whole process."""
    text.use(translations_for(locale))
