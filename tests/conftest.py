"""What every test stands on: no screen, no home directory of the operator, no keyring."""

from __future__ import annotations

import importlib.util
import os
import tempfile

import pytest
from hypothesis import settings

# A loaded machine is slow, which is no fault of what is tested; pytest's own time limit stays.
settings.register_profile("suite", deadline=None)
settings.load_profile("suite")

# Before anything imports Qt, which reads them once.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")

pytest_plugins = ["tests.support.fixtures_world"]

HAS_QT = importlib.util.find_spec("PySide6") is not None

# Everything below the ui is also tested where Qt is not installed.
collect_ignore = [] if HAS_QT else ["end_to_end", "ui"]


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    """Know pytest-qt's setting where that plugin is absent, or strict configuration refuses it."""
    if not pluginmanager.has_plugin("pytest-qt"):
        parser.addini("qt_api", "binding of the absent pytest-qt")


@pytest.fixture(autouse=True, scope="session")
def _no_home() -> None:
    home = tempfile.mkdtemp(prefix="minerdesk-tests-")
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
        os.environ[name] = home
