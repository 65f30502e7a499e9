"""The settings' file: TOML that an operator may also edit by hand.

What we do not know stays as it is, comments too. A file that is no TOML is set aside at the next
change, never written over.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from minerdesk.domain.errors import WorldError
from minerdesk.domain.text import _
from minerdesk.storage import atomic
from minerdesk.storage.paths import make_private_dir

Plain = bool | int | float | str


@dataclass(frozen=True, slots=True)
class SettingsRead:
    """What stands in the file.

    Attributes:
        values: by key, such as ``offline`` or ``feeds.poll_s``; of whatever type was written.
        broken: why the file cannot be used, a sentence; empty where all is well.
    """

    values: Mapping[str, object] = field(default_factory=dict)
    broken: str = ""


def read(path: Path) -> SettingsRead:
    """Read the file; one that lacks holds nothing. Never raises for what stands in it."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
        tables = tomllib.loads(text)
    except FileNotFoundError:
        return SettingsRead()
    except (OSError, ValueError, RecursionError) as error:
        return SettingsRead(
            broken=_("{path} cannot be read, so the defaults are used: {why}.").format(
                path=path, why=_why(error)
            )
        )
    values: dict[str, object] = {}
    for name, value in tables.items():
        if isinstance(value, dict):
            values.update({f"{name}.{inner}": held for inner, held in value.items()})
        else:
            values[name] = value
    return SettingsRead(values)


def _why(error: OSError | ValueError | RecursionError) -> str:
    if isinstance(error, OSError):
        return error.strerror or str(error)
    if isinstance(error, UnicodeDecodeError):
        return _("it is no text in UTF-8")
    return _("it is nested too deep") if isinstance(error, RecursionError) else str(error)


def write(path: Path, changes: Mapping[str, Plain | None], now: datetime) -> Path | None:
    """Change some values of the file, whole or not at all.

    Args:
        path: the file; its folder is made where it lacks.
        changes: the new value by key; None removes it, so the default holds again.
        now: UTC; it dates the name of a broken file.

    Returns:
        Where a broken file was set aside, or None.

    Raises:
        WorldError: the disk refuses; the file is what it was.
    """
    make_private_dir(path.parent)
    try:
        text, aside = _text_to_change(path, changes, now)
        atomic.write(path, text.encode())
    except OSError as error:
        raise WorldError(
            _("{path} cannot be written: {why}; the settings on disk are what they were.").format(
                path=path, why=error.strerror
            )
        ) from error
    return aside


def _text_to_change(
    path: Path, changes: Mapping[str, Plain | None], now: datetime
) -> tuple[str, Path | None]:
    found = read(path)
    if found.broken or any(key.partition(".")[0] in found.values for key in changes if "." in key):
        aside = path.with_name(f"{path.stem}-broken-{now:%Y%m%d-%H%M%S}{path.suffix}")
        # A copy: should the new file not be written, the broken one is still where it was.
        atomic.write(aside, path.read_bytes())
        return _changed("", changes), aside
    text = path.read_bytes().decode("utf-8-sig") if path.exists() else ""
    return _changed(text, changes), None


def _changed(text: str, changes: Mapping[str, Plain | None]) -> str:
    import tomlkit

    document = tomlkit.parse(text)
    for key, value in changes.items():
        section, dot, name = key.rpartition(".")
        if dot and section not in document:
            document[section] = tomlkit.table()
        holder = cast("MutableMapping[str, Any]", document[section] if dot else document)
        if value is None:
            holder.pop(name, None)
        else:
            holder[name] = value
    return tomlkit.dumps(document)
