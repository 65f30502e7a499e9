from __future__ import annotations

import pytest

from minerdesk.feeds.freshness import fresh_for_s, retry_after_s

NOON = "Mon, 19 Jan 2026 12:00:00 GMT"
LATER = "Mon, 19 Jan 2026 12:05:00 GMT"
NEXT_YEAR = "Tue, 19 Jan 2027 12:00:00 GMT"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"Cache-Control": "max-age=60"}, 60),
        ({"Cache-Control": "public, Max-Age=60", "Age": "20"}, 40),
        ({"Cache-Control": "max-age=60", "Age": "soon"}, 60),
        ({"Cache-Control": "max-age=60", "Age": "90"}, 0),
        ({"Cache-Control": "max-age=-1"}, None),
        ({"Cache-Control": "max-age=1e9, no-cache"}, None),
        ({"Cache-Control": "max-age=999999999"}, 86_400),
        ({"Cache-Control": "max-age=60", "Expires": LATER, "Date": NOON}, 60),
        ({"Expires": LATER, "Date": NOON}, 300),
        ({"Expires": NOON, "Date": LATER}, 0),
        ({"Expires": NEXT_YEAR, "Date": NOON}, 86_400),
        ({"Expires": LATER}, None),
        ({"Expires": "0", "Date": NOON}, None),
        ({"Expires": "Mon, 19 Jan 2026 12:05:00 -0000", "Date": NOON}, 300),
    ],
)
def test_how_long_an_answer_is_fresh(headers: dict[str, str], seconds: float | None) -> None:
    assert fresh_for_s(headers) == seconds


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"Retry-After": "120"}, 120),
        ({"Retry-After": " 0 "}, 0),
        ({"Retry-After": "99999999"}, 86_400),
        ({"Retry-After": "later"}, None),
        ({"Retry-After": LATER, "Date": NOON}, 300),
        ({"Retry-After": LATER}, None),
    ],
)
def test_how_long_a_source_asks_to_wait(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after_s(headers) == seconds
