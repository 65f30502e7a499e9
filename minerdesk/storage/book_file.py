"""The book's one file, ``*.minerdesk``: JSON, versioned, decoded strictly by type."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from minerdesk.domain.book import BOOK_VERSION, Book
from minerdesk.domain.errors import UserError, WorldError
from minerdesk.domain.text import _
from minerdesk.storage import atomic, backups, book_checks, book_places, migrations, plain_json
from minerdesk.storage.book_tree import Misplaced, refuse_unknown, shown, value_at
from minerdesk.storage.whole_file import read_bytes

FORMAT = "minerdesk-book"
SUFFIX = ".minerdesk"

_MOST_BYTES = 512 * 2**20  # far beyond a book of half a million groups
_AT = re.compile(r"(?P<what>.*) - at `(?P<place>\$.*)`", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Saved:
    """What a save left on disk.

    Attributes:
        backup: the copy of the file that was there before, or None.
        backup_failed: why there is no copy of it, a sentence; empty where all is well.
        changed_meanwhile: the file that was there was not the one expected.
    """

    path: Path
    backup: Path | None = None
    backup_failed: str = ""
    changed_meanwhile: bool = False


@dataclass(frozen=True, slots=True)
class Stamp:
    """By what a file is known again: the time of its last change, ns, and its size, bytes."""

    modified_ns: int
    size: int


def stamp(path: Path) -> Stamp | None:
    """Return the stamp of a file as it is now, or None where there is none to be seen."""
    try:
        found = path.stat()
    except OSError:
        return None
    return Stamp(found.st_mtime_ns, found.st_size)


def encode(book: Book) -> bytes:
    """Return the content of the book's file; equal books give equal bytes."""
    envelope = {"format": FORMAT, "version": BOOK_VERSION, "book": book}
    return msgspec.json.format(msgspec.json.encode(envelope), indent=2) + b"\n"


def decode(data: bytes) -> Book:
    """Read the content of a book's file, of this version or an older one.

    Places are given within the book: ``$.groups[3].count``.

    Raises:
        UserError: one sentence with the place and the value found.
    """
    tree = _tree_of(_parse(data))
    try:
        refuse_unknown(tree, Book)
        book = msgspec.convert(tree, Book)
        book_checks.check(book)
    except Misplaced as error:
        raise _refused(str(error), error.place, error.value, tree) from error
    except msgspec.ValidationError as error:
        raise _from_decoder(error, tree) from error
    return book


def load(path: Path) -> Book:
    """Read a book's file.

    Raises:
        UserError: the file is not there, cannot be read, or is no book; the sentence names it.
    """
    data = read_bytes(path, _MOST_BYTES)
    try:
        return decode(data)
    except UserError as error:
        raise UserError(
            f"{path.name}: {error.sentence}", where=error.where, value=error.value
        ) from error


def save(
    path: Path,
    book: Book,
    backup_dir: Path | None = None,
    now: datetime | None = None,
    *,
    expected: Stamp | None = None,
) -> Saved:
    """Replace the book's file whole, after a copy of the one before was put aside.

    Args:
        path: the file; its folder must exist.
        book: what to write.
        backup_dir: folder of the copies (`Profile.backup_dir`); None keeps none.
        now: the time in the copy's name, UTC; None asks the clock.
        expected: of the file that may be written over; another one, which another program must
            have written, only after a copy of it was kept. None writes over any.

    Raises:
        WorldError: nothing was written; the file is what it was.
    """
    changed = expected is not None and stamp(path) not in {expected, None}
    backup: Path | None = None
    failed = ""
    if backup_dir is not None:
        try:
            backup = backups.keep(path, backup_dir, now or datetime.now(UTC))
        except (OSError, WorldError) as error:
            failed = _("No copy of the earlier file could be kept: {why}.").format(why=error)
    if changed and backup is None:
        raise WorldError(
            _(
                "Another program has changed {path} since it was read here; nothing was written, "
                "so save under another name."
            ).format(path=path)
        )
    try:
        atomic.write(path, encode(book), mode=atomic.ORDINARY)
    except OSError as error:
        raise WorldError(
            _("{path} cannot be written: {why}; the file is what it was.").format(
                path=path, why=error.strerror
            )
        ) from error
    return Saved(path, backup, failed, changed)


def _parse(data: bytes) -> object:
    try:
        return plain_json.parse(data)
    except Misplaced as error:
        inside = error.place.startswith("$.book")
        tree = value_at(error.tree, "$.book") if inside else None
        place = f"${error.place.removeprefix('$.book')}" if inside else error.place
        raise _refused(str(error), place, error.value, tree) from error
    except json.JSONDecodeError as error:
        place = _("line {line}, column {column}").format(line=error.lineno, column=error.colno)
        raise UserError(
            _("This is no book: it is not JSON at {place}: {why}.").format(
                place=place, why=error.msg
            ),
            where=place,
        ) from error
    except (ValueError, RecursionError) as error:
        raise UserError(_("This is no book: it is not JSON ({why}).").format(why=error)) from error


def _tree_of(envelope: object) -> dict[str, Any]:
    if not isinstance(envelope, dict) or envelope.get("format") != FORMAT:
        raise UserError(
            _("This is no book: it has no “format”: “{format}” at its beginning.").format(
                format=FORMAT
            ),
            where="$.format",
        )
    version = envelope.get("version")
    if type(version) is not int or version < 0:
        raise _refused(_("a version is a whole number"), "$.version", version)
    if version > BOOK_VERSION:
        raise UserError(
            _(
                "This book was made by a newer minerdesk (version {found}); "
                "this one reads up to {known}."
            ).format(found=version, known=BOOK_VERSION),
            where="$.version",
            value=str(version),
        )
    unknown = next((name for name in envelope if name not in {"format", "version", "book"}), None)
    if unknown is not None:
        raise _refused(f"the field {unknown!r} is unknown", f"$.{unknown}", envelope[unknown])
    tree = envelope.get("book")
    if not isinstance(tree, dict):
        raise _refused(_("a book is an object"), "$.book", tree)
    return migrations.migrate(tree, version, BOOK_VERSION)


def _from_decoder(error: msgspec.ValidationError, tree: object) -> UserError:
    found = _AT.fullmatch(str(error))
    what, place = (found["what"], found["place"]) if found else (str(error), "$")
    # A limit is checked by the object that has the field: its sentence begins with the field.
    field, _space, rest = what.partition(" ")
    holder = value_at(tree, place)
    if rest.startswith("must ") and isinstance(holder, dict) and field in holder:
        place = f"{place}.{field}"
    return _refused(what, place, value_at(tree, place), tree)


def _refused(what: str, place: str, value: object, tree: object = None) -> UserError:
    sentence = book_places.said(place, what, value, tree)
    return UserError(sentence, where=place, value=shown(value))
