"""Addresses of sources, as the operator types them."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import SplitResult, unquote, urlsplit

from minerdesk.domain.errors import UserError
from minerdesk.domain.text import _


@dataclass(frozen=True, slots=True)
class Address:
    """A base address, its credentials kept apart so that no sentence or log can hold them.

    Attributes:
        base: scheme, host, port and path, without a slash at the end.
        label: the host as sentences and readings name it.
        credentials: user and password, or None.
    """

    base: str
    label: str
    credentials: tuple[str, str] | None = field(default=None, repr=False)

    def url(self, path: str) -> str:
        """Return the address of ``path`` beneath the base; empty means the base itself."""
        return f"{self.base}/{path.lstrip('/')}" if path else self.base

    def without(self, *endings: str) -> Address:
        """Return the address without the first of ``endings`` that its path ends with."""
        for ending in endings:
            if self.base.endswith(ending):
                return Address(self.base.removesuffix(ending), self.label, self.credentials)
        return self


def parse_address(text: str) -> Address:
    """Read an address such as ``https://user:password@node.example:8999/mempool``.

    Raises:
        UserError: it is not an HTTP address.
    """
    try:
        parts = urlsplit(text.strip())
        netloc = _netloc(parts)
    except ValueError:
        parts, netloc = SplitResult("", "", "", "", ""), ""
    if parts.scheme not in {"http", "https"} or not netloc or parts.query or parts.fragment:
        shown = text.strip().rpartition("@")[2]
        raise UserError(
            _(
                "{address!r} is not an address of a source: "
                "write it like https://mempool.space or http://127.0.0.1:8999/path."
            ).format(address=shown),
            value=shown,
        )
    credentials = None
    if parts.username is not None:
        credentials = (unquote(parts.username), unquote(parts.password or ""))
    return Address(
        base=f"{parts.scheme}://{netloc}{parts.path.rstrip('/')}",
        label=netloc,
        credentials=credentials,
    )


def host_label(url: str) -> str:
    """Return host and port of any address, without credentials; empty where it has none."""
    try:
        return _netloc(urlsplit(url))
    except ValueError:
        return ""


def _netloc(parts: SplitResult) -> str:
    host = parts.hostname or ""
    if ":" in host:
        host = f"[{host}]"
    return host if parts.port is None else f"{host}:{parts.port}"
