"""The server: real sockets on the loopback, a mode for each endpoint, a record of every request."""

from __future__ import annotations

import base64
import contextlib
import re
import ssl
import threading
from dataclasses import dataclass
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.support.fake_world.answers import answer_core, answer_get
from tests.support.fake_world.faults import Mode, changed
from tests.support.fake_world.world import World

SELF_SIGNED = Path(__file__).with_name("self_signed.pem")
_STATUS = {Mode.TOO_MANY: 429, Mode.ERROR: 500, Mode.NOT_READY: 503, Mode.FORBIDDEN: 403}
_MOVED = "/moved"


@dataclass(frozen=True)
class Recorded:
    """One request as it came in."""

    method: str
    path: str
    endpoint: str
    headers: dict[str, str]


class FakeWorld:
    """Starts when entered, stops when left.

    Args:
        world: the numbers it answers with; change them at any time.
        port: 0 takes a free one.
        prefix: a sub-path that every address lies beneath, such as ``/mempool``.
        tls: answer with a certificate that nobody vouches for.
    """

    def __init__(
        self, world: World | None = None, *, port: int = 0, prefix: str = "", tls: bool = False
    ) -> None:
        self.world = world or World()
        self.modes: dict[str, Mode] = {}
        self.headers: dict[str, str] = {}
        self.retry_after: str = "120"
        self.elsewhere = "http://elsewhere.example"
        self.slow_s = 60.0
        self.woke = 0  # answers of `Mode.SLOW` and `Mode.DRIP` that were given to their end
        self.credentials: tuple[str, str] | None = None
        self.stopping = threading.Event()
        self._requests: list[Recorded] = []
        self._lock = threading.Lock()
        self.prefix = prefix
        self._server = ThreadingHTTPServer(("127.0.0.1", port), _handler_of(self))
        self._server.daemon_threads = False
        self._tls = tls
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(SELF_SIGNED)
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, name="fake world"
        )

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stopping.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        """The base address of every source."""
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self.port}{self.prefix}"

    def settings_toml(self) -> str:
        """The section of ``settings.toml`` that sends the program here."""
        names = ["mempool_url", "coinbase_url", "kraken_url", "ecb_url"]
        names += ["blockchain_url", "coin_metrics_url"]
        return "[feeds]\n" + "".join(f'{name} = "{self.url}"\n' for name in names)

    def set_all(self, mode: Mode) -> None:
        """Put every endpoint into one mode."""
        self.modes = {"*": mode}

    def mode(self, endpoint: str) -> Mode:
        return self.modes.get(endpoint, self.modes.get("*", Mode.OK))

    def requests(self, endpoint: str | None = None) -> list[Recorded]:
        """Return what was asked so far, of one endpoint or of all."""
        with self._lock:
            return [r for r in self._requests if endpoint in {None, r.endpoint}]

    def record(self, request: Recorded) -> None:
        with self._lock:
            self._requests.append(request)


class _Handler(BaseHTTPRequestHandler):
    fake: FakeWorld
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002, ANN401 - the base's
        """Say nothing."""

    def do_GET(self) -> None:
        # A proxy is asked with the whole address; whoever's it is, the answer is the same.
        path = re.sub(r"^http://[^/]+", "", self.path).removeprefix(_MOVED)
        found = None
        if path.startswith(self.fake.prefix):
            found = answer_get(self.fake.world, path.removeprefix(self.fake.prefix))
        endpoint, body = found or ("", b"not found")
        self._reply(endpoint, 200 if found else 404, body)

    def do_POST(self) -> None:
        sent = self.rfile.read(int(self.headers["Content-Length"]))
        status, body = answer_core(self.fake.world, sent)
        self._reply("core", status, body)

    def _reply(self, endpoint: str, status: int, body: bytes) -> None:
        self.fake.record(Recorded(self.command, self.path, endpoint, dict(self.headers.items())))
        mode = self.fake.mode(endpoint)
        with contextlib.suppress(ConnectionError, ssl.SSLError):
            if not self._allowed():
                self._send(401, b"")
            elif mode in {Mode.REDIRECT, Mode.REDIRECT_AWAY, Mode.REDIRECT_LOOP}:
                self._redirect(mode, status, body)
            elif mode in _STATUS:
                self._send(_STATUS[mode], b"no", {"Retry-After": self.fake.retry_after})
            else:
                self._misbehave(mode, status, changed(mode, body))

    def _misbehave(self, mode: Mode, status: int, body: bytes) -> None:
        if mode is Mode.SLOW and not self.fake.stopping.wait(self.fake.slow_s):
            self.fake.woke += 1
        if mode is Mode.HANG_UP:
            self.close_connection = True
        elif mode is Mode.CUT:
            self._send(status, body[: len(body) // 2], length=len(body))
            self.close_connection = True
        elif mode is Mode.DRIP:
            self._send(status, b"", length=len(body))
            for byte in body:
                self.wfile.write(bytes([byte]))
                if self.fake.stopping.wait(0.05):
                    return
            self.fake.woke += 1
        elif mode is Mode.ZIPPED:
            self._send(status, body, {"Content-Encoding": "gzip"})
        else:
            kind = "text/html" if mode is Mode.HTML else "application/json"
            self._send(status, body, {"Content-Type": kind})

    def _redirect(self, mode: Mode, status: int, body: bytes) -> None:
        if mode is Mode.REDIRECT and self.path.startswith(_MOVED):
            self._send(status, body)
            return
        base = self.fake.elsewhere if mode is Mode.REDIRECT_AWAY else _MOVED
        self._send(302, b"", {"Location": base + self.path.removeprefix(_MOVED)})

    def _allowed(self) -> bool:
        if self.fake.credentials is None:
            return True
        expected = base64.b64encode(":".join(self.fake.credentials).encode()).decode()
        return self.headers.get("Authorization") == f"Basic {expected}"

    def _send(
        self,
        status: int,
        body: bytes,
        headers: dict[str, str] | None = None,
        length: int | None = None,
    ) -> None:
        self.send_response_only(status)
        self.send_header("Date", format_datetime(self.fake.world.now(), usegmt=True))
        self.send_header("Content-Length", str(len(body) if length is None else length))
        for name, value in {**self.fake.headers, **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


def _handler_of(fake_world: FakeWorld) -> type[_Handler]:
    class Handler(_Handler):
        fake = fake_world

    return Handler
