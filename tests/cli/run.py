"""Runs the command line in this process."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest

from minerdesk.cli import main


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:  # noqa: ANN401 - any JSON
        """What was printed, read as JSON without NaN."""
        return json.loads(self.out, parse_constant=_refuse)


@dataclass(frozen=True, slots=True)
class Cli:
    """The command line, captured."""

    capture: pytest.CaptureFixture[str]

    def __call__(self, *argv: object) -> Outcome:
        """Run it; what failed says one sentence on standard error and nothing else."""
        code = main([str(each) for each in argv])
        out, err = self.capture.readouterr()
        outcome = Outcome(code, out, err)
        if code:
            assert outcome.out == ""
            assert outcome.err.startswith("minerdesk-cli: ")
            assert outcome.err.count("\n") == 1
        return outcome


def _refuse(name: str) -> None:
    raise AssertionError(f"JSON holds {name}")
