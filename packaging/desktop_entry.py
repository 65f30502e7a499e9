"""An entry for minerdesk in the applications menu of one user, and its removal."""

import os
import plistlib
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

NAME = "minerdesk"
APPLICATION_ID = "org.minerdesk.minerdesk"


def quoted_exec(path: Path) -> str:
    """Quote a path for the Exec key: the string rules of desktop files come on top of its own."""
    text = str(path).replace("%", "%%")
    for character in '\\"`$':
        text = text.replace(character, "\\" + character)
    return '"' + text.replace("\\", "\\\\") + '"'


def linux_targets(variables: Mapping[str, str], home: Path) -> tuple[Path, Path, Path]:
    """Return where the desktop entry, the icon and the metadata go."""
    given = Path(variables.get("XDG_DATA_HOME", ""))
    data = given if given.is_absolute() else home / ".local" / "share"
    return (
        data / "applications" / f"{APPLICATION_ID}.desktop",
        data / "icons" / "hicolor" / "scalable" / "apps" / f"{APPLICATION_ID}.svg",
        data / "metainfo" / f"{APPLICATION_ID}.metainfo.xml",
    )


def write(target: Path, content: bytes) -> None:
    """Write a file and the folders above it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)


def install_linux(
    checkout: Path, launcher: Path, variables: Mapping[str, str], home: Path
) -> list[Path]:
    """Write the entry by the freedesktop rules."""
    entry, icon, metadata = linux_targets(variables, home)
    source = checkout / "packaging" / "linux"
    lines = (source / entry.name).read_text(encoding="utf-8").splitlines()
    text = "".join(
        f"Exec={quoted_exec(launcher)}\n" if line.startswith("Exec=") else f"{line}\n"
        for line in lines
    )
    write(entry, text.encode())
    write(icon, (checkout / "resources" / "icons" / f"{NAME}.svg").read_bytes())
    write(metadata, (source / metadata.name).read_bytes())
    return [entry, icon, metadata]


def windows_target(variables: Mapping[str, str], home: Path) -> Path:
    """Return where the Start menu looks for what one user has."""
    roaming = variables.get("APPDATA")
    base = Path(roaming) if roaming else home / "AppData" / "Roaming"
    return base / "Microsoft" / "Windows" / "Start Menu" / "Programs" / f"{NAME}.cmd"


def install_windows(launcher: Path, variables: Mapping[str, str], home: Path) -> list[Path]:
    """Write a launcher into the Start menu; a shortcut file needs more than Python brings."""
    target = windows_target(variables, home)
    path = str(launcher).replace("%", "%%")
    write(target, f'@chcp 65001 >nul\r\n@start "" "{path}"\r\n'.encode())
    return [target]


def install_macos(launcher: Path, home: Path, version: str) -> list[Path]:
    """Write the smallest application folder that the Finder starts."""
    target = home / "Applications" / f"{NAME}.app"
    facts = {
        "CFBundleName": NAME,
        "CFBundleDisplayName": NAME,
        "CFBundleIdentifier": APPLICATION_ID,
        "CFBundleExecutable": NAME,
        "CFBundlePackageType": "APPL",
        "CFBundleShortVersionString": version,
        "NSHighResolutionCapable": True,
    }
    write(target / "Contents" / "Info.plist", plistlib.dumps(facts))
    quoted = "'" + str(launcher).replace("'", "'\\''") + "'"
    program = target / "Contents" / "MacOS" / NAME
    write(program, f'#!/bin/sh\nexec {quoted} "$@"\n'.encode())
    program.chmod(0o755)
    return [target]


def project_version(checkout: Path) -> str:
    """Read the version where the build reads it."""
    for line in (checkout / "minerdesk" / "__init__.py").read_text(encoding="utf-8").splitlines():
        if line.startswith("__version__ = "):
            return line.split('"')[1]
    raise ValueError("minerdesk/__init__.py holds no version.")


def install(
    checkout: Path,
    launcher: Path,
    *,
    platform: str = sys.platform,
    variables: Mapping[str, str] = os.environ,
    home: Path | None = None,
) -> list[Path]:
    """Write the menu entry of this platform and return what was written.

    Args:
        checkout: top folder of the project.
        launcher: the program that the entry starts.
        platform: as sys.platform names it.
        variables: the process environment.
        home: the user's home folder.
    """
    home = home or Path.home()
    if platform == "win32":
        return install_windows(launcher, variables, home)
    if platform == "darwin":
        return install_macos(launcher, home, project_version(checkout))
    return install_linux(checkout, launcher, variables, home)


def uninstall(
    *,
    platform: str = sys.platform,
    variables: Mapping[str, str] = os.environ,
    home: Path | None = None,
) -> list[Path]:
    """Remove what `install` wrote, as far as it is there, and return what was removed."""
    home = home or Path.home()
    targets: tuple[Path, ...]
    if platform == "win32":
        targets = (windows_target(variables, home),)
    elif platform == "darwin":
        targets = (home / "Applications" / f"{NAME}.app",)
    else:
        targets = linux_targets(variables, home)
    there = [target for target in targets if target.exists()]
    for target in there:
        if target.is_dir():
            shutil.rmtree(target)
        else:
            target.unlink()
    return there
