"""Where all but the book lives: one profile, in the system's places or in one folder."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from minerdesk.domain.errors import WorldError
from minerdesk.domain.text import _

_PRIVATE = 0o700


@dataclass(frozen=True, slots=True)
class Profile:
    """The folders of one operator. Nothing is made on disk until `prepare`.

    Attributes:
        config: folder of ``settings.toml``.
        data: folder of what must not be lost: history, journal, backups, prices,
            typed values.
        state: folder of what belongs to this computer: lock, window geometry, recent files, log.
    """

    config: Path
    data: Path
    state: Path

    @classmethod
    def system(cls) -> Profile:
        """Return the profile in the places the operating system has for programs."""
        dirs = platformdirs.PlatformDirs("minerdesk", appauthor=False)
        return cls(
            config=dirs.user_config_path,
            data=dirs.user_data_path,
            state=dirs.user_state_path,
        )

    @classmethod
    def at(cls, folder: str | os.PathLike[str]) -> Profile:
        """Return the profile that keeps everything in ``folder`` and nothing outside it.

        Raises:
            WorldError: the folder is that of an operator the system does not know.
        """
        try:
            root = Path(folder).expanduser().absolute()
        except RuntimeError as error:
            sentence = _("The folder {path} cannot be found: there is no such home.")
            raise WorldError(sentence.format(path=folder)) from error
        return cls(config=root, data=root, state=root / "state")

    @property
    def settings_file(self) -> Path:
        """The settings, TOML."""
        return self.config / "settings.toml"

    @property
    def history_file(self) -> Path:
        """The history database."""
        return self.data / "history.sqlite"

    @property
    def decisions_file(self) -> Path:
        """The log of what the operator decided."""
        return self.data / "decisions.sqlite"

    @property
    def journal_dir(self) -> Path:
        """Edits not yet saved, one file for each book."""
        return self.data / "journal"

    @property
    def backup_dir(self) -> Path:
        """Earlier states of saved books."""
        return self.data / "backups"

    @property
    def loads_dir(self) -> Path:
        """Loads of sites that were imported."""
        return self.data / "loads"

    @property
    def prices_dir(self) -> Path:
        """Price series of power, from files and live sources."""
        return self.data / "prices"

    @property
    def typed_file(self) -> Path:
        """Numbers the operator typed over the live ones."""
        return self.data / "typed.json"

    @property
    def network_choice_file(self) -> Path:
        """What was chosen for the network's readings, the operator's own marks with it."""
        return self.data / "network.json"

    @property
    def lock_file(self) -> Path:
        """Locked by the one process that polls and writes history."""
        return self.state / "profile.lock"

    @property
    def log_file(self) -> Path:
        """The program's log."""
        return self.state / "minerdesk.log"

    def state_file(self, name: str) -> Path:
        """Return a small file of this computer's state, such as ``recent.json``."""
        return self.state / name

    def prepare(self) -> None:
        """Make the folders, each readable by the operator alone.

        Raises:
            WorldError: a folder cannot be made.
        """
        folders = (self.config, self.data, self.state)
        for folder in (*folders, self.journal_dir, self.backup_dir, self.prices_dir):
            make_private_dir(folder)


def make_private_dir(folder: Path) -> None:
    """Make a folder, and its parents where they lack, readable by the operator alone.

    A folder that is there already keeps its rights.

    Raises:
        WorldError: the folder cannot be made.
    """
    try:
        missing = [path for path in (folder, *folder.parents) if not path.exists()]
        for path in reversed(missing):
            path.mkdir(mode=_PRIVATE, exist_ok=True)
        if not folder.is_dir():
            raise NotADirectoryError(20, "it is a file")
    except OSError as error:
        raise WorldError(
            _("The folder {path} cannot be made: {why}.").format(path=folder, why=error.strerror)
        ) from error
