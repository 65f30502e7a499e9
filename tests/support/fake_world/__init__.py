"""A local server that answers as mempool, Coinbase, Kraken, Bitcoin Core and the ECB do.

It agrees with the embedded snapshot, fails on request, and records what it was asked. Run it with
``python -m tests.support.fake_world --port 8999 --mode kraken=429``.
"""

from tests.support.fake_world.faults import Mode
from tests.support.fake_world.server import FakeWorld, Recorded
from tests.support.fake_world.world import ENDPOINTS, PAST_ENDPOINTS, World

__all__ = ["ENDPOINTS", "PAST_ENDPOINTS", "FakeWorld", "Mode", "Recorded", "World"]
