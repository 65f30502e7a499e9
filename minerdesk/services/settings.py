"""The operator's settings: an immutable value, read from and written to the profile's file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType

from minerdesk.domain.errors import UserError
from minerdesk.domain.text import _
from minerdesk.services.setting_table import BY_KEY, SETTINGS, Setting, Value
from minerdesk.storage import settings_file

__all__ = ["BY_KEY", "SETTINGS", "Loaded", "Setting", "Settings", "Value", "change", "load"]

_NOTHING: Mapping[str, Value] = MappingProxyType({})


@dataclass(frozen=True)
class Settings:
    """The value of every setting.

    A key that is not declared raises `KeyError`, and one of another type `TypeError`: both are
    faults of ours.

    Attributes:
        chosen: what the operator chose, by key; for the rest the defaults hold.
    """

    chosen: Mapping[str, Value] = field(default_factory=lambda: _NOTHING)

    def value(self, key: str) -> Value:
        """Return a setting's value in its own type."""
        setting = BY_KEY[key]
        return self.chosen.get(key, setting.default)

    def text(self, key: str) -> str:
        """Return the value of a setting that is a text."""
        found = self.value(key)
        if not isinstance(found, str):
            raise TypeError(f"{key} is no text")
        return found

    def number(self, key: str) -> float:
        """Return the value of a setting that is a number, whole or not."""
        found = self.value(key)
        if isinstance(found, bool | str):
            raise TypeError(f"{key} is no number")
        return float(found)

    def flag(self, key: str) -> bool:
        """Return the value of a setting that is true or false."""
        found = self.value(key)
        if not isinstance(found, bool):
            raise TypeError(f"{key} is no flag")
        return found

    def with_value(self, key: str, value: object) -> Settings:
        """Return settings with one value changed; the default's own value is not kept as chosen.

        Raises:
            UserError: the value is not allowed, or the setting is a secret.
        """
        setting = BY_KEY[key]
        if setting.secret:
            raise UserError(
                _("The setting {key} is a secret and belongs into the keyring.").format(key=key),
                where=key,
            )
        checked = setting.check(value)
        rest = {name: held for name, held in self.chosen.items() if name != key}
        return Settings(
            MappingProxyType(rest if checked == setting.default else {**rest, key: checked})
        )


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was read.

    Attributes:
        settings: always usable.
        problems: one sentence for each thing in the file that is not used.
    """

    settings: Settings
    problems: tuple[str, ...] = ()


def load(path: Path) -> Loaded:
    """Read the settings. What cannot be used is named, and its default holds.

    A bad address is the exception: its source is not asked, and with a bad proxy nobody is; nor is
    anybody where the file cannot be read at all.

    Args:
        path: `Profile.settings_file`; one that lacks means all defaults.
    """
    found = settings_file.read(path)
    settings = Settings()
    problems = [found.broken] if found.broken else []
    if found.broken:
        # It may name a proxy or an own node that the defaults would go past.
        settings = settings.with_value("offline", value=True)
        problems.append(_("No source is asked until the settings are right."))
    for key, value in found.values.items():
        if key not in BY_KEY:
            problems.append(
                _("{path}: the setting {key} is unknown and does nothing.").format(
                    path=path, key=key
                )
            )
            continue
        try:
            settings = settings.with_value(key, value)
        except UserError as error:
            problems.append(f"{path}: {error.sentence}")
            settings = _asking_nobody_else(settings, BY_KEY[key])
    return Loaded(settings, tuple(problems))


def _asking_nobody_else(settings: Settings, bad: Setting) -> Settings:
    """Return settings that ask nobody but those the operator meant.

    In the place of an address that cannot be used the default would be asked, which is a stranger
    where the operator has an own node; and without the proxy everyone would see who asks.
    """
    if bad.key == "feeds.proxy_url":
        return settings.with_value("offline", value=True)
    return settings.with_value(bad.key, "") if bad.schemes else settings


def change(
    path: Path,
    old: Settings,
    new: Settings,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> str:
    """Write what differs between two settings; the rest of the file stays as it is.

    Args:
        path: `Profile.settings_file`.
        old: what was in force.
        new: what is in force now.
        clock: gives the time, UTC aware; it dates the name of a broken file.

    Returns:
        Where a broken file was set aside, a sentence; empty where none was.

    Raises:
        WorldError: the disk refuses.
    """
    keys = {key for key in BY_KEY if old.value(key) != new.value(key)}
    if not keys:
        return ""
    found = settings_file.read(path)
    if found.broken:
        keys |= set(new.chosen)
    aside = settings_file.write(path, {key: new.chosen.get(key) for key in sorted(keys)}, clock())
    if aside is None:
        return ""
    return _("The broken settings file was set aside as {path}.").format(path=aside)
