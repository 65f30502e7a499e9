"""JSON-RPC to a Bitcoin Core node: batches of calls, and the reasons it gives for refusing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import msgspec

from minerdesk.domain.cancel import CancelToken
from minerdesk.domain.errors import WorldError
from minerdesk.domain.text import _
from minerdesk.feeds import fields as f
from minerdesk.feeds.fields import UNKNOWN
from minerdesk.feeds.http import Door

CORE: Final = "Bitcoin Core"

Call = tuple[str, list[Any]]
Credentials = Callable[[], tuple[str, str] | None]


class ChainInfo(msgspec.Struct):
    """What ``getblockchaininfo`` says."""

    chain: str
    blocks: msgspec.Raw
    difficulty: msgspec.Raw
    initialblockdownload: bool = False

    def check_usable(self) -> None:
        """Refuse a node of another chain, or one that is still loading.

        Raises:
            WorldError: it is such a node.
        """
        if self.chain != "main":
            raise WorldError(
                _("{source} follows the chain {chain!r} instead of 'main'.").format(
                    source=CORE, chain=self.chain
                )
            )
        if self.initialblockdownload:
            raise WorldError(_("{source} is still loading the chain.").format(source=CORE))


class _Error(msgspec.Struct):
    message: str = ""
    code: int = 0


class _Reply(msgspec.Struct):
    id: int | None = None
    result: msgspec.Raw = UNKNOWN
    error: _Error | None = None


class CoreRpc:
    """Calls to one node.

    Args:
        door: to its RPC port.
        credentials: asked before each batch, since a cookie changes whenever the node starts.
    """

    def __init__(self, door: Door, credentials: Credentials) -> None:
        self._door = door
        self._credentials = credentials

    def batch(self, calls: list[Call], token: CancelToken) -> list[bytes]:
        """Return the result of each call, as JSON.

        Raises:
            WorldError: one was refused, with the reason, or nothing usable came.
            Cancelled: the token was cancelled.
        """
        body = msgspec.json.encode(
            [
                {"jsonrpc": "1.0", "id": number, "method": method, "params": params}
                for number, (method, params) in enumerate(calls)
            ]
        )
        answer = self._door.post(body, token, self._credentials())
        replies = {reply.id: reply for reply in f.decode(answer.body, list[_Reply], CORE)}
        results = []
        for number, (method, _params) in enumerate(calls):
            reply = replies.get(number) or _Reply()
            if reply.error is not None or number not in replies:
                raise WorldError(
                    _("{source} refused {method}: {why}.").format(
                        source=CORE,
                        method=method,
                        why=reply.error.message if reply.error else _("no answer"),
                    )
                )
            results.append(bytes(reply.result))
        return results
