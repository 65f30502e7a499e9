"""JSON as scripts read it: ASCII, no NaN, full precision."""

from __future__ import annotations

import json

from minerdesk.services.reports.plain import Plain


def as_json(data: Plain) -> str:
    """Return a document with a newline at its end.

    Raises:
        ValueError: it holds NaN or infinity, which is our fault.
    """
    return json.dumps(data, indent=2, allow_nan=False) + "\n"
