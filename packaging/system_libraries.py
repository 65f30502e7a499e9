"""What the operating system must bring: the libraries Qt loads and Python's own venv module."""

import ctypes
import importlib.util
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

from setup_error import SetupError

# Shared object that Qt asks for -> Debian package that brings it.
OFFSCREEN = {
    "libglib-2.0.so.0": "libglib2.0-0",
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
}
WINDOW = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
}


def loads(soname: str) -> bool:
    """Say whether the dynamic linker finds and loads `soname`."""
    try:
        ctypes.CDLL(soname)
    except OSError:
        return False
    return True


def missing(checkout: Path, libraries: dict[str, str]) -> dict[str, str]:
    """Return what is not there, as name -> Debian package."""
    lacking = {soname: package for soname, package in libraries.items() if not loads(soname)}
    made = (checkout / ".venv" / "pyvenv.cfg").exists()
    if not made and importlib.util.find_spec("ensurepip") is None:
        lacking["Python's ensurepip module"] = "python3-venv"
    return lacking


def apt_command(packages: list[str]) -> list[str]:
    """Return the command that installs `packages` on Debian and its relatives."""
    return ["apt-get", "install", "-y", "--no-install-recommends", *packages]


def may_install() -> bool:
    """Say whether this process can install packages: apt is here and it runs as root."""
    return sys.platform == "linux" and os.geteuid() == 0 and shutil.which("apt-get") is not None


def advice(lacking: dict[str, str]) -> str:
    """Return the sentence that names what is missing and the line that installs it."""
    if shutil.which("apt-get") is None:
        names = ", ".join(lacking)
        return f"this system lacks {names}; install them with its package manager and start again."
    line = shlex.join(["sudo", *apt_command(list(lacking.values()))])
    return f"some system packages are missing; install them and start again:\n\n    {line}\n"


def install(lacking: dict[str, str]) -> bool:
    """Install the packages with apt, whose long account is shown only where it failed."""
    packages = list(lacking.values())
    print(f"Installing system packages: {' '.join(packages)} …", file=sys.stderr, flush=True)
    account = []
    # A failed update is no end: the lists that are there may be good enough.
    for command in (["apt-get", "update"], apt_command(packages)):
        done = subprocess.run(
            command,
            env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        account.append(done.stdout)
    if done.returncode:
        print("".join(account), file=sys.stderr)
    return done.returncode == 0


def provide(checkout: Path, *, window: bool) -> None:
    """Make sure that Qt and venv find what they need, installing it where that is allowed.

    Args:
        checkout: top folder of the project.
        window: a window on a screen is wanted, not only drawing without one.

    Raises:
        SetupError: something is missing and this process may not, or could not, install it.
    """
    if sys.platform != "linux":
        return
    lacking = missing(checkout, OFFSCREEN | WINDOW if window else OFFSCREEN)
    if lacking and not (may_install() and install(lacking)):
        raise SetupError(advice(lacking))


def provide_if_allowed(checkout: Path) -> None:
    """Do the same for drawing without a screen, where a missing Qt library does no harm yet.

    Raises:
        SetupError: the virtual environment cannot be made.
    """
    if sys.platform != "linux":
        return
    lacking = missing(checkout, OFFSCREEN)
    if lacking and may_install() and install(lacking):
        return
    still = missing(checkout, {})
    if still:
        raise SetupError(advice(still))
