"""Where the files beside the code are: in the source tree, or packed into the wheel."""

from __future__ import annotations

from pathlib import Path


def resource(*parts: str) -> Path:
    """Return the path of a file under ``resources``.

    Raises:
        FileNotFoundError: the installation lacks it.
    """
    package = Path(__file__).resolve().parent.parent
    for root in (package / "resources", package.parent / "resources"):
        found = root.joinpath(*parts)
        if found.exists():
            return found
    raise FileNotFoundError(f"resources/{'/'.join(parts)}")
