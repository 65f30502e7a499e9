"""Takes out of a report what is nobody's business: home paths, user names, secrets."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

_HIDDEN = "[hidden]"
_PATTERNS = (
    # A name and a password before a host.
    (re.compile(r"(\w+://)[^/\s:@]+:[^/\s@]+@"), rf"\1{_HIDDEN}@"),
    # Authorization: Basic abc, and anything called a password, token, secret or key
    (re.compile(r"(?i)(authorization['\"]?\s*[:=]\s*['\"]?)(?:\w+ )?[^\s'\",}]+"), rf"\1{_HIDDEN}"),
    (
        re.compile(
            r"(?i)(\b\w*(?:password|passwd|secret|token|api_?key)\w*['\"]?\s*[:=]\s*['\"]?)"
            r"[^\s'\",})&]+"
        ),
        rf"\1{_HIDDEN}",
    ),
)


def redact(text: str, secrets: Iterable[str] = (), home: Path | None = None) -> str:
    """Return ``text`` without secrets and without the operator's home directory.

    Args:
        text: a report or a line of a log.
        secrets: strings that must never be seen, whatever stands around them.
        home: the home directory; by default this user's.
    """
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        # A short one is also a part of ordinary words.
        whole = re.escape(secret) if len(secret) > 3 else rf"(?<!\w){re.escape(secret)}(?!\w)"
        text = re.sub(whole, _HIDDEN, text)
    here = str(home or Path.home())
    if len(here) > 1:
        text = text.replace(here, "~")
    text = re.sub(r"(?i)([/\\](?:home|users)[/\\])[^/\\\s\"']+", r"\1~", text)
    for pattern, instead in _PATTERNS:
        text = pattern.sub(instead, text)
    return text
