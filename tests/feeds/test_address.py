from __future__ import annotations

import pytest

from minerdesk.domain.errors import UserError
from minerdesk.feeds.address import host_label, parse_address
from minerdesk.feeds.mempool import mempool_instance
from tests.feeds.asking import tools


@pytest.mark.parametrize(
    ("text", "base", "label", "credentials"),
    [
        ("https://mempool.space", "https://mempool.space", "mempool.space", None),
        (
            " http://node.example:8999/sub/ ",
            "http://node.example:8999/sub",
            "node.example:8999",
            None,
        ),
        ("http://[::1]:8332", "http://[::1]:8332", "[::1]:8332", None),
        ("http://u:p%3A@h", "http://h", "h", ("u", "p:")),
        ("http://u@h", "http://h", "h", ("u", "")),
    ],
)
def test_an_address_is_taken_apart(
    text: str, base: str, label: str, credentials: tuple[str, str] | None
) -> None:
    address = parse_address(text)
    assert (address.base, address.label, address.credentials) == (base, label, credentials)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "mempool.space",
        "ftp://a",
        "http://",
        "http://a:99999999",
        "http://a?b=c",
        "http://[",
        "http://a#b",
    ],
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(UserError, match="not an address"):
        parse_address(text)


def test_neither_sentence_nor_repr_shows_a_password() -> None:
    assert "secret" not in repr(parse_address("http://u:secret@h"))
    with pytest.raises(UserError) as caught:
        parse_address("htp://u:secret@h")
    assert "secret" not in caught.value.sentence
    assert "secret" not in caught.value.value


@pytest.mark.parametrize("ending", ["", "/", "/api", "/api/", "/api/v1"])
def test_a_mempool_address_may_end_with_its_api(ending: str) -> None:
    url = f"https://node.example/sub{ending}"
    address, _tools = mempool_instance(url, tools(), any_certificate=False)
    assert address.url("api/v1/prices") == "https://node.example/sub/api/v1/prices"


def test_an_own_instance_may_show_any_certificate() -> None:
    for trusted in (False, True):
        _address, asked = mempool_instance("https://here", tools(), any_certificate=trusted)
        assert asked.settings.verify_tls is not trusted


def test_a_label_without_credentials() -> None:
    assert host_label("http://u:p@h:1/x") == "h:1"
    assert host_label("/relative") == ""
    assert host_label("http://[") == ""
