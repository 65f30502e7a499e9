from __future__ import annotations

from pathlib import Path

import pytest
from keyring.backend import KeyringBackend
from keyring.backends import null
from keyring.errors import InitError, KeyringLocked, PasswordDeleteError

from minerdesk.storage.secrets import SERVICE, SecretState, SecretStore

KEY = "feeds.core_password"


class Memory(KeyringBackend):
    """A real keyring as far as keyring's interface goes; it may be locked while it is in use."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # keyring is typed in part
        self.held: dict[tuple[str, str], str] = {}
        self.failure: Exception | None = None

    def _use(self) -> None:
        if self.failure is not None:
            raise self.failure

    def get_password(self, service: str, username: str) -> str | None:
        self._use()
        return self.held.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._use()
        self.held[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._use()
        if (service, username) not in self.held:
            raise PasswordDeleteError("none")
        del self.held[service, username]


class PlainFile(Memory):
    """Stands for the backends of keyrings.alt, which write passwords into plain files."""


PlainFile.__module__ = "keyrings.alt.file"


def test_the_systems_keyring_keeps_a_secret_over_a_restart() -> None:
    keyring = Memory()
    store = SecretStore(keyring)
    assert store.state is SecretState.SYSTEM
    assert store.reason == ""
    assert store.get(KEY) is None
    assert store.set(KEY, "s3cret") is SecretState.SYSTEM
    assert SecretStore(keyring).get(KEY) == "s3cret"
    assert keyring.held == {(SERVICE, KEY): "s3cret"}
    store.delete(KEY)
    store.delete(KEY)
    assert store.get(KEY) is None
    assert store.state is SecretState.SYSTEM


def check_session_only(store: SecretStore) -> None:
    assert store.state is SecretState.SESSION
    assert "until you quit" in store.reason
    assert store.set(KEY, "s3cret") is SecretState.SESSION
    assert store.get(KEY) == "s3cret"
    store.delete(KEY)
    store.delete(KEY)
    assert store.get(KEY) is None


def test_without_a_keyring_it_is_kept_for_the_session_and_that_is_said(tmp_path: Path) -> None:
    # The tests run with keyring's own “fail” backend, which is what a bare machine has.
    store = SecretStore()
    check_session_only(store)
    assert SecretStore().get(KEY) is None
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("backend", [null.Keyring, PlainFile])
def test_a_keyring_that_forgets_or_writes_plain_files_is_none(
    backend: type[KeyringBackend],
) -> None:
    check_session_only(SecretStore(backend()))


@pytest.mark.parametrize(
    "failure", [KeyringLocked("locked"), InitError("no bus"), OSError("gone"), RuntimeError()]
)
def test_a_keyring_that_fails_later_is_left_and_the_reason_is_said(failure: Exception) -> None:
    for use in ("get", "set", "delete"):
        keyring = Memory()
        store = SecretStore(keyring)
        keyring.failure = failure
        if use == "get":
            assert store.get(KEY) is None
        elif use == "set":
            assert store.set(KEY, "x") is SecretState.SESSION
            assert store.get(KEY) == "x"
        else:
            store.delete(KEY)
        assert (str(failure) or "RuntimeError") in store.reason
        check_session_only(store)


def test_a_keyring_that_cannot_even_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    import keyring.core

    monkeypatch.setattr(keyring.core, "_keyring_backend", None)
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", f"{__name__}.Broken")
    check_session_only(SecretStore())


class Broken(Memory):
    """A keyring whose service cannot be reached when it is made."""

    def __init__(self) -> None:
        raise InitError("no bus")


def test_what_was_seen_is_known_so_that_it_can_be_left_out() -> None:
    keyring = Memory()
    SecretStore(keyring).set(KEY, "s3cret")
    later = SecretStore(keyring)
    assert later.known == frozenset()
    later.get(KEY)
    later.get("other")
    later.set("other", "0ther")
    assert later.known == {"s3cret", "0ther"}
