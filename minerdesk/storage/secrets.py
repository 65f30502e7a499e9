"""Passwords: in the system's keyring, or kept for this session alone where there is none.

Nothing is ever written to disk by us.
"""

from __future__ import annotations

from enum import StrEnum

import keyring
from keyring.backend import KeyringBackend
from keyring.backends import fail, null
from keyring.errors import KeyringError, PasswordDeleteError

from minerdesk.domain.text import _

SERVICE = "minerdesk"


class SecretState(StrEnum):
    """Where secrets are kept."""

    SYSTEM = "system"
    SESSION = "session"


class SecretStore:
    """Gives and takes secrets by the key of their setting, such as ``feeds.core_password``.

    A keyring may ask the operator and block while it does: call it off the GUI thread. Once a
    keyring has failed, the session goes on without it.

    Args:
        backend: the keyring; None takes the system's.
    """

    def __init__(self, backend: KeyringBackend | None = None) -> None:
        self._session: dict[str, str] = {}
        self._known: frozenset[str] = frozenset()
        self._backend: KeyringBackend | None = None
        self._reason = ""
        try:
            self._backend = backend or keyring.get_keyring()
        except (KeyringError, OSError, RuntimeError) as error:
            self._fall_back(error)
        else:
            self._refuse_unfit(self._backend)

    @property
    def state(self) -> SecretState:
        """Where secrets are kept now."""
        return SecretState.SESSION if self._backend is None else SecretState.SYSTEM

    @property
    def reason(self) -> str:
        """Why they are kept for this session alone, a sentence; empty with a keyring."""
        return self._reason

    @property
    def known(self) -> frozenset[str]:
        """Every secret this session has seen, so that reports and the log can leave it out."""
        return self._known

    def get(self, key: str) -> str | None:
        """Return a secret, or None where there is none."""
        found = self._find(key)
        if found:
            self._known |= {found}
        return found

    def set(self, key: str, secret: str) -> SecretState:
        """Keep a secret, in place of the one before.

        Returns:
            Where it is kept.
        """
        self._known |= {secret}
        if self._backend is not None:
            try:
                self._backend.set_password(SERVICE, key, secret)
            except (KeyringError, OSError, RuntimeError) as error:
                self._fall_back(error)
        if self._backend is None:
            self._session[key] = secret
        return self.state

    def delete(self, key: str) -> None:
        """Forget a secret; none is no fault."""
        self._session.pop(key, None)
        if self._backend is not None:
            try:
                self._backend.delete_password(SERVICE, key)
            except PasswordDeleteError:
                return
            except (KeyringError, OSError, RuntimeError) as error:
                self._fall_back(error)

    def _find(self, key: str) -> str | None:
        if self._backend is not None:
            try:
                return self._backend.get_password(SERVICE, key)
            except (KeyringError, OSError, RuntimeError) as error:
                self._fall_back(error)
        return self._session.get(key)

    def _refuse_unfit(self, backend: KeyringBackend) -> None:
        # keyrings.alt writes passwords into plain files.
        in_files = type(backend).__module__.startswith("keyrings.alt")
        if in_files or isinstance(backend, fail.Keyring | null.Keyring):
            self._fall_back(None)

    def _fall_back(self, error: Exception | None) -> None:
        self._backend = None
        why = _("this system has no keyring") if error is None else str(error) or repr(error)
        self._reason = _("Passwords are kept until you quit and no longer: {why}.").format(why=why)
