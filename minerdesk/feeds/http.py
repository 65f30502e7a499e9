"""The one door to the outside: bounded in time and size, and every failure is one sentence."""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urljoin, urlsplit

import requests
import urllib3
from requests.auth import HTTPBasicAuth

from minerdesk import __version__
from minerdesk.domain.cancel import CancelToken
from minerdesk.domain.errors import WorldError
from minerdesk.domain.text import _
from minerdesk.feeds.address import Address, host_label
from minerdesk.feeds.base import RetryLater
from minerdesk.feeds.freshness import fresh_for_s, retry_after_s

USER_AGENT: Final = f"minerdesk/{__version__}"
_CHUNK_BYTES: Final = 16_384
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_MAX_REDIRECTS: Final = 3
_REASONS: Final = {
    401: "its user name or password was not accepted",
    403: "it forbids the request",
    404: "it does not have this page",
    500: "it failed inside",
    502: "it is down behind its gateway",
    503: "it is not ready",
}


@dataclass(frozen=True, slots=True)
class DoorSettings:
    """How a source is asked.

    Attributes:
        connect_s, read_s: longest wait for a connection, and between two pieces of an answer.
        total_s: longest time for a whole answer.
        max_bytes: an answer longer than this is refused.
        proxy: such as ``socks5h://127.0.0.1:9050`` for Tor; empty means the system's proxy.
        verify_tls: False accepts a certificate nobody vouches for; the operator's own choice.
    """

    connect_s: float = 5.0
    read_s: float = 10.0
    total_s: float = 20.0
    max_bytes: int = 4 * 1024 * 1024
    proxy: str = ""
    verify_tls: bool = True


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer.

    Attributes:
        body: the bytes as sent.
        fresh_for_s: seconds for which the source calls it fresh, or None where it does not say.
    """

    body: bytes
    fresh_for_s: float | None = None


class Door:
    """HTTP to one source. One session, used by one thread at a time."""

    def __init__(
        self,
        address: Address,
        settings: DoorSettings | None = None,
        *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._address = address
        self._settings = settings or DoorSettings()
        self._monotonic = monotonic
        self._session = requests.Session()
        if not self._settings.verify_tls:
            # The operator was told when choosing this; a warning at each call tells nobody.
            urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)
        # The environment may hold a netrc file; credentials come from the settings alone.
        self._session.trust_env = False
        self._session.headers.update(
            {
                "User-Agent": USER_AGENT,
                "Accept": "*/*",
                # A compressed answer could grow beyond every limit while it is unpacked.
                "Accept-Encoding": "identity",
                # A call a minute gains nothing from an open connection, which a node would hold.
                "Connection": "close",
            }
        )

    @property
    def host(self) -> str:
        """The host as sentences name it, without credentials."""
        return self._address.label

    def get(self, path: str, token: CancelToken) -> Answer:
        """Ask for ``path`` beneath the source's address.

        Args:
            path: relative, with its query; empty means the address itself.
            token: checked before the call and between chunks.

        Raises:
            WorldError: no usable answer, with host and reason.
            RetryLater: the source asked for patience.
            Cancelled: the token was cancelled.
        """
        return self._ask("GET", self._address.url(path), token, None, None)

    def post(self, body: bytes, token: CancelToken, auth: tuple[str, str] | None = None) -> Answer:
        """Send ``body`` as JSON to the source's address; errors as in `get`.

        Args:
            body: JSON.
            token: as in `get`.
            auth: user and password for this call, in place of those in the address.
        """
        return self._ask("POST", self._address.url(""), token, body, auth)

    def _ask(
        self,
        method: str,
        url: str,
        token: CancelToken,
        body: bytes | None,
        auth: tuple[str, str] | None,
    ) -> Answer:
        deadline = self._monotonic() + self._settings.total_s
        for _redirect in range(_MAX_REDIRECTS + 1):
            token.check()
            try:
                with self._send(method, url, body, auth) as response:
                    if response.status_code not in _REDIRECTS:
                        return self._read(response, token, deadline)
                    url = self._redirected(method, url, response)
            except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
                raise WorldError(self._sentence(error)) from error
            finally:
                # A connection the source closes at this moment must not be taken up again.
                self._session.close()
        raise WorldError(_("{host} sends from one address to the next.").format(host=self.host))

    def _send(
        self, method: str, url: str, body: bytes | None, auth: tuple[str, str] | None
    ) -> requests.Response:
        credentials = auth or self._address.credentials
        return self._session.request(
            method,
            url,
            data=body,
            headers={"Content-Type": "application/json"} if body is not None else None,
            auth=HTTPBasicAuth(*credentials) if credentials else None,
            timeout=(self._settings.connect_s, self._settings.read_s),
            allow_redirects=False,
            stream=True,
            verify=self._settings.verify_tls,
            proxies=self._proxies(url),
        )

    def _proxies(self, url: str) -> dict[str, str]:
        host = urlsplit(url).hostname or ""
        if _is_loopback(host):
            return {}
        if self._settings.proxy:
            # socks5h lets the proxy look the name up; socks5 would tell it to the local network.
            proxy = self._settings.proxy.replace("socks5://", "socks5h://", 1)
            return {"http": proxy, "https": proxy}
        if host.endswith(".onion"):
            raise WorldError(
                _("{host} is an onion address and needs a SOCKS proxy in the settings.").format(
                    host=self.host
                )
            )
        return dict(requests.utils.get_environ_proxies(url))

    def _redirected(self, method: str, url: str, response: requests.Response) -> str:
        target = urljoin(url, response.headers.get("Location", ""))
        if method != "GET" or urlsplit(target).netloc != urlsplit(url).netloc:
            raise WorldError(
                _("{host} sends elsewhere ({other}), which is refused.").format(
                    host=self.host, other=host_label(target)
                )
            )
        if urlsplit(target).scheme != urlsplit(url).scheme:
            raise WorldError(
                _("{host} sends to another protocol, which is refused.").format(host=self.host)
            )
        return target

    def _read(self, response: requests.Response, token: CancelToken, deadline: float) -> Answer:
        self._check_status(response)
        if response.headers.get("Content-Encoding", "identity") != "identity":
            raise WorldError(_("{host} sent a compressed answer unasked.").format(host=self.host))
        received = bytearray()
        while chunk := response.raw.read1(_CHUNK_BYTES):
            token.check()
            received += chunk
            if len(received) > self._settings.max_bytes:
                raise WorldError(
                    _("{host} sent more than {limit} kB.").format(
                        host=self.host, limit=self._settings.max_bytes // 1024
                    )
                )
            if self._monotonic() > deadline:
                raise WorldError(self._too_slow(self._settings.total_s))
        return Answer(bytes(received), fresh_for_s(response.headers))

    def _check_status(self, response: requests.Response) -> None:
        status = response.status_code
        if status == 429 or (status == 503 and "Retry-After" in response.headers):
            wait_s = retry_after_s(response.headers)
            raise RetryLater(
                _("{host} asks for fewer calls (HTTP {status}).").format(
                    host=self.host, status=status
                ),
                wait_s,
            )
        # Bitcoin Core answers a failed call with 500 and a JSON body that says why.
        is_rpc_error = status == 500 and response.request.method == "POST"
        if status != 200 and not is_rpc_error:
            why = _(_REASONS.get(status, "it refused the request"))
            raise WorldError(
                _("{host} answered HTTP {status}: {why}.").format(
                    host=self.host, status=status, why=why
                )
            )

    def _too_slow(self, seconds: float) -> str:
        return _("{host} did not answer within {seconds:g} s.").format(
            host=self.host, seconds=seconds
        )

    def _sentence(self, error: Exception) -> str:
        if isinstance(error, requests.exceptions.ConnectTimeout):
            return self._too_slow(self._settings.connect_s)
        if isinstance(error, requests.exceptions.ReadTimeout | urllib3.exceptions.ReadTimeoutError):
            return self._too_slow(self._settings.read_s)
        if isinstance(error, requests.exceptions.SSLError):
            return _(
                "{host} shows a certificate nobody vouches for; "
                "if it is your own server, allow that in the settings."
            ).format(host=self.host)
        if isinstance(error, requests.exceptions.ProxyError):
            return _("The proxy on the way to {host} cannot be reached.").format(host=self.host)
        if isinstance(error, urllib3.exceptions.ProtocolError):
            return _("{host} cut its answer off.").format(host=self.host)
        if isinstance(error, requests.exceptions.ConnectionError):
            return _("{host} cannot be reached.").format(host=self.host)
        return _("{host} could not be asked: {why}.").format(
            host=self.host, why=type(error).__name__
        )


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
