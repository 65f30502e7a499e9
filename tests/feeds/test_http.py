from __future__ import annotations

import socket
import threading

import pytest

from minerdesk import __version__
from minerdesk.domain.cancel import CancelToken
from minerdesk.domain.errors import Cancelled, WorldError
from minerdesk.feeds.base import RetryLater
from minerdesk.feeds.http import DoorSettings
from tests.feeds.asking import QUICK, door, get
from tests.support.fake_world import FakeWorld, Mode


def test_the_answer_comes_whole_and_the_program_gives_its_name(fake_world: FakeWorld) -> None:
    assert b'"USD"' in get(fake_world.url)
    (request,) = fake_world.requests("prices")
    assert request.headers["User-Agent"] == f"minerdesk/{__version__}"
    assert "Authorization" not in request.headers


def test_a_sub_path_is_kept() -> None:
    with FakeWorld(prefix="/mempool") as world:
        assert b'"USD"' in get(world.url)
        assert world.requests("prices")[0].path == "/mempool/api/v1/prices"


def test_credentials_in_the_address_are_sent_and_never_shown(fake_world: FakeWorld) -> None:
    fake_world.credentials = ("miner", "p@ss")
    inside = fake_world.url.replace("://", "://miner:p%40ss@")
    assert b'"USD"' in get(inside)
    with pytest.raises(WorldError, match="user name or password") as caught:
        get(fake_world.url.replace("://", "://miner:wrong@"))
    assert "wrong" not in str(caught.value)


@pytest.mark.parametrize(
    ("mode", "sentence"),
    [
        (Mode.ERROR, "HTTP 500"),
        (Mode.FORBIDDEN, "HTTP 403"),
        (Mode.SLOW, "did not answer within 0.3 s"),
        (Mode.DRIP, "did not answer within 0.6 s"),
        (Mode.CUT, "cut its answer off"),
        (Mode.HANG_UP, "cannot be reached"),
        (Mode.HUGE, "more than 4096 kB"),
        (Mode.ZIPPED, "compressed"),
        (Mode.REDIRECT_AWAY, "sends elsewhere"),
        (Mode.REDIRECT_LOOP, "from one address to the next"),
    ],
)
def test_every_failure_is_one_sentence_with_the_host(
    fake_world: FakeWorld, mode: Mode, sentence: str
) -> None:
    fake_world.modes["prices"] = mode
    settings = QUICK if mode in {Mode.SLOW, Mode.DRIP} else DoorSettings()
    with pytest.raises(WorldError, match=sentence) as caught:
        get(fake_world.url, settings=settings)
    assert f"127.0.0.1:{fake_world.port}" in str(caught.value)


def test_a_failure_does_not_last(fake_world: FakeWorld) -> None:
    asked = door(fake_world.url)
    for mode in (Mode.CUT, Mode.HANG_UP, Mode.ERROR):
        fake_world.modes["prices"] = mode
        with pytest.raises(WorldError):
            asked.get("api/v1/prices", CancelToken())
    fake_world.modes.clear()
    assert b'"USD"' in asked.get("api/v1/prices", CancelToken()).body


@pytest.mark.parametrize(("mode", "wait_s"), [(Mode.TOO_MANY, 77.0), (Mode.NOT_READY, 77.0)])
def test_the_wait_a_source_asks_for_is_handed_on(
    fake_world: FakeWorld, mode: Mode, wait_s: float
) -> None:
    fake_world.modes["prices"] = mode
    fake_world.retry_after = "77"
    with pytest.raises(RetryLater, match="fewer calls") as caught:
        get(fake_world.url)
    assert caught.value.retry_after_s == wait_s


def test_a_redirect_on_the_same_host_is_followed(fake_world: FakeWorld) -> None:
    fake_world.modes["prices"] = Mode.REDIRECT
    assert b'"USD"' in get(fake_world.url)
    assert len(fake_world.requests("prices")) == 2


def test_a_redirect_of_a_post_is_refused(fake_world: FakeWorld) -> None:
    fake_world.modes["core"] = Mode.REDIRECT
    with pytest.raises(WorldError, match="sends elsewhere"):
        door(fake_world.url).post(b"[]", CancelToken())


def test_a_missing_page_is_said(fake_world: FakeWorld) -> None:
    with pytest.raises(WorldError, match="does not have this page"):
        get(fake_world.url, "api/nothing")


def test_nobody_listens(nobody: str) -> None:
    with pytest.raises(WorldError, match=f"{nobody} cannot be reached"):
        get(f"http://{nobody}")


@pytest.mark.filterwarnings("ignore:Unverified HTTPS request")  # what is tested is that choice
def test_a_certificate_nobody_vouches_for_needs_a_choice() -> None:
    with FakeWorld(tls=True) as world:
        with pytest.raises(WorldError, match="certificate"):
            get(world.url)
        allowed = DoorSettings(verify_tls=False)
        assert b'"USD"' in get(world.url, settings=allowed)


def test_a_cancelled_token_stops_before_the_call(fake_world: FakeWorld) -> None:
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        door(fake_world.url).get("api/v1/prices", token)
    assert fake_world.requests() == []


def test_a_cancelled_token_stops_between_chunks(fake_world: FakeWorld) -> None:
    fake_world.modes["prices"] = Mode.DRIP
    token = CancelToken()
    timer = threading.Timer(0.2, token.cancel)
    timer.start()
    with pytest.raises(Cancelled):
        door(fake_world.url, DoorSettings()).get("api/v1/prices", token)
    assert fake_world.woke == 0
    timer.join()


def test_freshness_is_read(fake_world: FakeWorld) -> None:
    fake_world.headers["Cache-Control"] = "public, max-age=300"
    assert door(fake_world.url).get("api/v1/prices", CancelToken()).fresh_for_s == 300


def test_an_onion_address_is_never_looked_up_without_a_proxy() -> None:
    with pytest.raises(WorldError, match="needs a SOCKS proxy"):
        get("http://abcdef.onion")


@pytest.fixture
def nobody() -> str:
    """A host and port where nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{free.getsockname()[1]}"


def test_a_proxy_that_is_down_is_said(nobody: str) -> None:
    settings = DoorSettings(proxy=f"http://{nobody}", connect_s=1)
    with pytest.raises(WorldError, match=r"proxy on the way to node\.example"):
        get("http://node.example", settings=settings)


def test_the_systems_proxy_is_used_where_none_is_set(
    nobody: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", f"http://{nobody}")
    monkeypatch.setenv("no_proxy", "")
    with pytest.raises(WorldError, match=r"proxy on the way to node\.example"):
        get("http://node.example")


def test_an_address_that_cannot_be_asked(nobody: str) -> None:
    settings = DoorSettings(proxy=f"gopher://{nobody}")
    with pytest.raises(WorldError, match=r"node\.example could not be asked"):
        get("http://node.example", settings=settings)


def test_a_connection_that_is_not_taken() -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full:
        port = full.getsockname()[1]
        waiting = [socket.socket() for _number in range(4)]
        try:
            for client in waiting:
                client.setblocking(False)
                client.connect_ex(("127.0.0.1", port))
            with pytest.raises(WorldError, match=r"did not answer within 0\.2 s"):
                get(f"http://127.0.0.1:{port}", settings=DoorSettings(connect_s=0.2, read_s=0.2))
        finally:
            for client in waiting:
                client.close()


def test_the_socks_proxy_looks_the_name_up() -> None:
    asked: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            connection, _address = listener.accept()
            with connection:
                connection.recv(262)
                connection.sendall(b"\x05\x00")
                asked.append(connection.recv(262))
                connection.sendall(b"\x05\x04\x00\x01" + bytes(6))

        thread = threading.Thread(target=serve)
        thread.start()
        proxy = f"socks5://127.0.0.1:{listener.getsockname()[1]}"
        with pytest.raises(WorldError, match=r"abcdef\.onion"):
            get("http://abcdef.onion", settings=DoorSettings(proxy=proxy))
        thread.join()
    assert b"abcdef.onion" in asked[0]


def test_a_loopback_address_never_goes_through_a_proxy(fake_world: FakeWorld) -> None:
    through = DoorSettings(proxy="socks5h://127.0.0.1:1")
    assert b'"USD"' in get(fake_world.url, settings=through)
    local = fake_world.url.replace("127.0.0.1", "localhost")
    assert b'"USD"' in get(local, settings=through)


def test_another_protocol_is_no_redirect(fake_world: FakeWorld) -> None:
    fake_world.modes["prices"] = Mode.REDIRECT_AWAY
    fake_world.elsewhere = fake_world.url.replace("http:", "https:")
    with pytest.raises(WorldError, match="another protocol"):
        get(fake_world.url)


def test_limits_hold_for_what_is_just_too_long(fake_world: FakeWorld) -> None:
    size = len(get(fake_world.url))
    assert get(fake_world.url, settings=DoorSettings(max_bytes=size + 64))
    with pytest.raises(WorldError, match="sent more than"):
        get(fake_world.url, settings=DoorSettings(max_bytes=size - 1))
