from __future__ import annotations

from typing import Any

import pytest

from minerdesk.domain.rigs import (
    ModeCount,
    ModeOverride,
    PowerMode,
    Purchase,
    RigGroup,
    RigModel,
    StateNow,
)

NORMAL = PowerMode("normal", 200.0, 3_500.0)


def test_efficiency_of_a_mode() -> None:
    assert NORMAL.efficiency_j_per_th == 17.5


def test_a_model_needs_modes_of_different_names() -> None:
    with pytest.raises(ValueError, match="at least one power mode, found none in 'm'"):
        RigModel("m", ())
    with pytest.raises(ValueError, match="modes must have different names"):
        RigModel("m", (NORMAL, NORMAL))


@pytest.mark.parametrize(
    ("cls", "values", "name"),
    [
        (PowerMode, {"name": "m", "hashrate_ths": 0, "power_w": 1}, "hashrate_ths"),
        (PowerMode, {"name": "m", "hashrate_ths": 1, "power_w": 0}, "power_w"),
        (RigModel, {"name": "m", "modes": (NORMAL,), "idle_w": -1}, "idle_w"),
        (ModeOverride, {"mode": "m", "hashrate_ths": 0}, "hashrate_ths"),
        (ModeOverride, {"mode": "m", "power_w": -1}, "power_w"),
        (ModeCount, {"mode": "m", "count": -1}, "count"),
        (Purchase, {"price_per_rig": -1}, "price_per_rig"),
        (Purchase, {"price_per_rig": 1, "life_months": 0}, "life_months"),
        (Purchase, {"price_per_rig": 1, "residual_per_rig": -1}, "residual_per_rig"),
    ],
)
def test_numbers_out_of_range(cls: type[Any], values: dict[str, Any], name: str) -> None:
    with pytest.raises(ValueError, match=f"^{name} must be"):
        cls(**values)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("count", 0),
        ("uptime", 0.0),
        ("uptime", 1.1),
        ("reject_rate", 1.0),
        ("pool_fee", 1.0),
        ("pool_fee_on_fees", -0.1),
        ("firmware_fee", 1.0),
        ("idle_w", -1.0),
    ],
)
def test_a_groups_numbers_out_of_range(name: str, value: float) -> None:
    values: dict[str, Any] = {"count": 1} | {name: value}
    with pytest.raises(ValueError, match=f"^{name} must be"):
        RigGroup("g", "s", "m", **values)


def test_no_more_rigs_run_than_there_are() -> None:
    state = StateNow((ModeCount("eco", 3), ModeCount("normal", 2)))
    assert state.running_count == 5
    assert RigGroup("g", "s", "m", count=5, state_now=state).count == 5
    with pytest.raises(ValueError, match="found 5 of 4"):
        RigGroup("g", "s", "m", count=4, state_now=state)


@pytest.mark.parametrize("name", ["off", "Off"])
def test_no_mode_is_called_as_what_is_powered_down(name: str) -> None:
    with pytest.raises(ValueError, match="other than 'off'"):
        PowerMode(name, 100.0, 3000.0)
    with pytest.raises(ValueError, match="other than 'off'"):
        ModeOverride(name, 100.0, 3000.0)
