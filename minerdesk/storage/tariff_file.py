"""One tariff as a file of its own, to hand from book to book: JSON, decoded as strictly."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import msgspec

from minerdesk.domain.errors import UserError, WorldError
from minerdesk.domain.tariff import Tariff
from minerdesk.domain.text import _
from minerdesk.storage import atomic, plain_json
from minerdesk.storage.book_tree import Misplaced, refuse_unknown
from minerdesk.storage.whole_file import read_bytes

FORMAT: Final = "minerdesk-tariff"
VERSION: Final = 1


def save(path: Path, tariff: Tariff) -> None:
    """Write a tariff; the file is replaced whole or not at all.

    Raises:
        WorldError: the disk refuses.
    """
    envelope = {"format": FORMAT, "version": VERSION, "tariff": tariff}
    data = msgspec.json.format(msgspec.json.encode(envelope), indent=2) + b"\n"
    try:
        atomic.write(path, data, mode=atomic.ORDINARY)
    except OSError as error:
        sentence = _("{path} cannot be written: {why}.")
        raise WorldError(sentence.format(path=path, why=error.strerror)) from error


def load(path: Path) -> Tariff:
    """Read a tariff.

    Raises:
        UserError: the file is not there, or is no tariff; the sentence names it.
    """
    try:
        tree = plain_json.parse(read_bytes(path))
    except Misplaced as error:
        raise _refused(path, str(error), error.place) from error
    except (ValueError, RecursionError) as error:
        raise UserError(_("{name} is no tariff: it is not JSON.").format(name=path.name)) from error
    if not isinstance(tree, dict) or tree.get("format") != FORMAT:
        raise UserError(_("{name} is no tariff of this program.").format(name=path.name))
    if tree.get("version") != VERSION:
        sentence = _("{name} was made by a newer minerdesk; this one cannot read it.")
        raise UserError(sentence.format(name=path.name))
    try:
        refuse_unknown(tree.get("tariff"), Tariff)
        return msgspec.convert(tree.get("tariff"), Tariff)
    except Misplaced as error:
        raise _refused(path, str(error), error.place.replace("$", "$.tariff", 1)) from error
    except msgspec.ValidationError as error:
        sentence = _("{name} is no tariff: {why}.")
        raise UserError(sentence.format(name=path.name, why=error)) from error


def _refused(path: Path, why: str, place: str) -> UserError:
    sentence = _("{name} is no tariff: {why}.")
    return UserError(sentence.format(name=path.name, why=f"{why} ({place})"), where=place)
