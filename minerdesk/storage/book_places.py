"""Where in a book something stands and what was expected there, in an operator's words."""

from __future__ import annotations

import re

from minerdesk.domain.text import _
from minerdesk.storage.book_tree import shown, value_at

_ROW = re.compile(r"\$\.(?P<table>groups|sites|tariffs|models)\[(?P<index>\d+)\](?P<rest>.*)")
_EXPECTED = re.compile(r"Expected `(?P<wanted>[^`]+)`(?:, got `[^`]+`)?")
_MISSING = re.compile(r"Object missing required field `(?P<name>[^`]+)`")
_LONGEST = 400  # of what is wrong; a name that fills the screen says no more
_TIME = re.compile(r"Invalid RFC3339 encoded (?P<wanted>date|datetime)")


def said(place: str, what: str, value: object, tree: object) -> str:
    """Return one sentence: the row by its name, the field, what is wrong, what was found.

    Args:
        place: such as ``$.groups[3].count``; it ends the sentence.
        what: as the decoder or a limit says it.
        value: what was found at the place.
        tree: the book as plain values.
    """
    row, field = _row_and_field(place, tree)
    if len(what) > _LONGEST:
        what = f"{what[: _LONGEST - 1]}…"
    if value is None and _names(what, place, tree):
        return f"{what} ({place})."
    missing = _MISSING.fullmatch(what)
    if missing is not None:
        what = _("the field `{name}` is missing").format(name=missing["name"])
        return f"{_prefixed(', '.join(filter(None, (row, field))), what)} ({place})."
    what = _in_words(what)
    if what.startswith("must "):
        what = f"{field or _('this')} {what}"
    elif field and field not in what:
        what = f"{field}: {what}"
    # A limit says itself what was found, and what is wrong within a whole part does its sentence.
    found = quoted(value)
    part_of_book = isinstance(value, dict | list) and found.endswith("…")
    if ", found " not in what and not part_of_book:
        what = _("{what}, found {value}").format(what=what, value=found)
    return f"{_prefixed(row, what)} ({place})."


def quoted(value: object) -> str:
    """Return a value as it stands in the file; a text stands in quotation marks."""
    if not isinstance(value, str):
        return shown(value)
    return f"“{shown(value)[1:].removesuffix(chr(34))}”"


def _prefixed(row: str, what: str) -> str:
    return f"{row}: {what}" if row else what


def _names(what: str, place: str, tree: object) -> bool:
    """Tell whether a sentence names its row itself."""
    found = _ROW.fullmatch(place)
    holder = value_at(tree, f"$.{found['table']}[{found['index']}]") if found else None
    return isinstance(holder, dict) and repr(holder.get("id", holder.get("name"))) in what


def _row_and_field(place: str, tree: object) -> tuple[str, str]:
    """Return what the row is called, with its part, and the field's name; either may be empty."""
    found = _ROW.fullmatch(place)
    if found is None:
        return "", place.removeprefix("$").removeprefix(".")
    table, index, rest = found["table"], int(found["index"]), found["rest"].removeprefix(".")
    holder = value_at(tree, f"$.{table}[{index}]")
    row = _called(table, index, holder if isinstance(holder, dict) else {})
    part, _dot, field = rest.rpartition(".")
    if field.endswith("]") or (not part and not field):
        part, field = rest, ""
    return (f"{row}, {part}" if part else row), field


def _called(table: str, index: int, row: dict[str, object]) -> str:
    kind = {
        "groups": _("group"),
        "sites": _("site"),
        "tariffs": _("tariff"),
        "models": _("rig model"),
    }[table]
    by_id, of = row.get("id", ""), row.get("model" if table == "groups" else "name", "")
    if isinstance(by_id, str) and by_id:
        return f"{kind} {by_id} ({of})" if isinstance(of, str) and of else f"{kind} {by_id}"
    if isinstance(of, str) and of:
        return f"{kind} {of}"
    return _("{kind} in row {n}").format(kind=kind, n=index + 1)


def _in_words(what: str) -> str:
    """Return what the decoder says of a type in an operator's words; other sentences stay."""
    if what.startswith("Invalid enum value"):
        return _("must be one of the words known there")
    broken = _TIME.fullmatch(what)
    expected = _EXPECTED.fullmatch(what)
    wanted = broken["wanted"] if broken else expected["wanted"] if expected else ""
    if not wanted:
        return what
    kinds = {
        "int": _("a whole number"),
        "float": _("a number"),
        "str": _("a text"),
        "bool": _("true or false"),
        "array": _("a list"),
        "object": _("an object"),
        "date": _("a date such as 2026-01-31"),
        "datetime": _("a time such as 2026-01-31T12:00:00Z"),
        "null": _("null"),
    }
    words = [kinds.get(each, each) for each in wanted.split(" | ")]
    return _("must be {kinds}").format(kinds=_(" or ").join(words))
