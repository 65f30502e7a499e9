from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from minerdesk.domain.readings import Gauge, NetworkState, Provenance, Quantity, Reading

NOON = datetime(2026, 1, 19, 12, tzinfo=UTC)
PRICE = Reading(Quantity.PRICE, 93_049.0, "Kraken", NOON, currency="USD")
TYPED = replace(PRICE, provenance=Provenance.TYPED)


def test_age_is_never_negative() -> None:
    assert PRICE.age(NOON + timedelta(minutes=2)) == timedelta(minutes=2)
    assert PRICE.age(NOON - timedelta(hours=1)) == timedelta(0)


def test_a_typed_value_has_age_0() -> None:
    assert TYPED.age(NOON + timedelta(days=400)) == timedelta(0)


def test_an_empty_gauge_is_stale_and_without_value() -> None:
    gauge = Gauge()
    assert gauge.value is None
    assert not gauge.is_typed
    assert gauge.is_stale(NOON)


def test_a_gauge_is_stale_after_its_limit() -> None:
    gauge = Gauge(PRICE, stale_after=timedelta(minutes=5))
    assert gauge.value == 93_049.0
    assert not gauge.is_typed
    assert not gauge.is_stale(NOON + timedelta(minutes=5))
    assert gauge.is_stale(NOON + timedelta(minutes=5, microseconds=1))
    typed = Gauge(TYPED)
    assert typed.is_typed
    assert not typed.is_stale(NOON + timedelta(days=400))


def test_a_state_is_complete_with_four_numbers() -> None:
    known = Gauge(PRICE)
    whole = NetworkState(price=known, height=known, difficulty=known, fees=known)
    assert whole.complete
    assert not NetworkState().complete
    assert not replace(whole, price=Gauge()).complete
    assert not replace(whole, height=Gauge()).complete
    assert not replace(whole, difficulty=Gauge()).complete
    assert not replace(whole, fees=Gauge()).complete
