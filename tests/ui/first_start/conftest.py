"""The guided start on the Dashboard's stage."""

from tests.ui.dashboard.conftest import put_up, stage

__all__ = ["put_up", "stage"]
