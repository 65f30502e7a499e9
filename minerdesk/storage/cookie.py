"""The cookie by which Bitcoin Core lets programs of the same user in."""

from __future__ import annotations

from pathlib import Path

from minerdesk.domain.errors import WorldError
from minerdesk.domain.text import _


def read_cookie(path: Path) -> tuple[str, str]:
    """Return user and password from a ``.cookie`` file; they change whenever the node starts.

    Raises:
        WorldError: the file cannot be read or is no cookie.
    """
    try:
        user, colon, password = path.read_text("utf-8").strip().partition(":")
    except (OSError, UnicodeDecodeError) as error:
        raise WorldError(
            _("Bitcoin Core's cookie {path} cannot be read; does the node run?").format(path=path)
        ) from error
    if not colon or not user:
        raise WorldError(_("{path} is not a cookie of Bitcoin Core.").format(path=path))
    return user, password
