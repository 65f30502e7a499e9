"""Collect the program's text, bring the translations up to date, and compile them.

Run it after text has changed: ``python packaging/translations.py``. It needs Babel alone. What it
writes is committed: ``minerdesk.pot``, and for each language ``minerdesk.po`` and ``minerdesk.mo``.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "resources" / "translations"
LANGUAGES = ("de",)
KEYWORDS = {"_": None, "N_": None, "ngettext": (1, 2)}


def collect(source: Path) -> Catalog:
    """Return all text of the program, without places: they would change with every edit."""
    # A fixed date keeps the files the same while the text is.
    catalog = Catalog(project="minerdesk", creation_date=datetime(2026, 1, 1, tzinfo=UTC))
    found = extract_from_dir(str(source), [("**.py", "python")], keywords=KEYWORDS)
    for _path, _line, message, _comments, _context in found:
        catalog.add(message)
    return catalog


def update(language: str, template: Catalog, folder: Path) -> Catalog:
    """Bring one language up to date and compile it; return its catalogue."""
    place = folder / language / "LC_MESSAGES"
    place.mkdir(parents=True, exist_ok=True)
    po = place / "minerdesk.po"
    catalog = Catalog(locale=language)
    if po.exists():
        with po.open("rb") as stream:
            catalog = read_po(stream, locale=language)
    catalog.update(template, no_fuzzy_matching=True)
    catalog.obsolete.clear()
    catalog.revision_date = template.creation_date
    with po.open("wb") as stream:
        write_po(stream, catalog, sort_output=True, width=100)
    with (place / "minerdesk.mo").open("wb") as stream:
        write_mo(stream, catalog)
    return catalog


def main() -> int:
    """Bring everything up to date and say how much of each language there is."""
    template = collect(ROOT / "minerdesk")
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / "minerdesk.pot").open("wb") as stream:
        write_po(stream, template, sort_output=True, width=100)
    for language in LANGUAGES:
        catalog = update(language, template, FOLDER)
        texts = [message for message in catalog if message.id]
        done = sum(bool(message.string and all(_forms(message.string))) for message in texts)
        print(f"{language}: {done} of {len(texts)}")
    return 0


def _forms(string: str | Sequence[str]) -> Sequence[str]:
    return (string,) if isinstance(string, str) else string


if __name__ == "__main__":
    sys.exit(main())
