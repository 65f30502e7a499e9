"""Cancel token, text, errors and verdicts."""

from __future__ import annotations

import gettext
import threading
from collections.abc import Iterator

import pytest

from minerdesk.domain import text
from minerdesk.domain.cancel import CancelToken
from minerdesk.domain.errors import Cancelled, MinerdeskError, UserError, WorldError
from minerdesk.domain.verdicts import Reason, Verdict


def test_a_token_is_cancelled_once_and_for_all() -> None:
    token = CancelToken()
    assert not token.cancelled
    token.check()
    assert not token.wait(0)
    token.cancel()
    token.cancel()
    assert token.cancelled
    assert token.wait(60)
    with pytest.raises(Cancelled):
        token.check()


def test_a_waiting_task_wakes_when_cancelled() -> None:
    token, woken = CancelToken(), threading.Event()

    def task() -> None:
        if token.wait(60):
            woken.set()

    thread = threading.Thread(target=task)
    thread.start()
    token.cancel()
    thread.join(30)
    assert woken.is_set()


class Shouting(gettext.NullTranslations):
    def gettext(self, message: str) -> str:
        return message.upper()

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return (msgid1 if n == 1 else msgid2).upper()


@pytest.fixture
def _english_afterwards() -> Iterator[None]:
    yield
    text.use(gettext.NullTranslations())


@pytest.mark.usefixtures("_english_afterwards")
def test_text_goes_through_the_translations_in_force() -> None:
    assert text._("a rig") == "a rig"
    assert text.ngettext("rig", "rigs", 2) == "rigs"
    text.use(Shouting())
    assert text._("a rig") == "A RIG"
    assert [text.ngettext("rig", "rigs", n) for n in (1, 2)] == ["RIG", "RIGS"]


def test_a_users_error_carries_a_sentence_and_a_place() -> None:
    error = UserError("count must be at least 1", where="row 7, column count", value="0")
    assert str(error) == error.sentence == "count must be at least 1"
    assert (error.where, error.value) == ("row 7, column count", "0")
    assert UserError("no").where == ""
    assert issubclass(WorldError, MinerdeskError)


def test_codes_are_what_files_and_arrays_hold() -> None:
    assert [verdict.word for verdict in Verdict] == [
        "run",
        "power_down",
        "start",
        "stay_off",
        "change_mode",
        "too_close",
    ]
    assert [int(verdict) for verdict in Verdict] == list(range(6))
    assert [int(reason) for reason in Reason] == list(range(13))
