from __future__ import annotations

from pathlib import Path

import minerdesk
from minerdesk.services.diagnostics import diagnostics
from minerdesk.services.redact import redact
from minerdesk.services.settings import Settings
from tests.support.books import small_book


def test_versions_size_and_chosen_settings_are_told_and_nothing_private() -> None:
    settings = (
        Settings()
        .with_value("feeds.proxy_url", "socks5h://user:hunter2@127.0.0.1:9050")
        .with_value("feeds.core_cookie_file", str(Path.home() / ".bitcoin" / ".cookie"))
    )
    book = small_book()
    text = diagnostics(settings, book, ["line 3 is odd"], ["s3cret"], ["Qt 6 with s3cret"])
    assert text.startswith(f"minerdesk {minerdesk.__version__}\n")
    assert f"{len(book.groups)} groups" in text
    assert "problem: line 3 is odd" in text
    assert "feeds.core_cookie_file = '~" in text
    for hidden in ("hunter2", "s3cret", str(Path.home()), *(site.name for site in book.sites)):
        assert hidden not in text
    assert "as shipped" in diagnostics(Settings(), book)


def test_a_short_secret_does_not_tear_words_apart() -> None:
    assert redact("abc and a", ["a"]) == "abc and [hidden]"
