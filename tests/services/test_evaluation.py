from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from minerdesk.domain.book import Book
from minerdesk.domain.readings import Gauge, NetworkState, Provenance, Quantity, Reading
from minerdesk.domain.rigs import ModeCount, PowerMode, RigGroup, RigModel, StateNow
from minerdesk.domain.sites import Site
from minerdesk.domain.tariff import Tariff
from minerdesk.domain.verdicts import Verdict
from minerdesk.engine.dispatch import Tolerance
from minerdesk.engine.network import NetworkNow, hashprice_per_ph_day
from minerdesk.services.evaluation import (
    AdviceLimits,
    Evaluation,
    Evaluator,
    Figures,
    Standing,
    network_now,
    price_in,
    rates_into,
)

NOW = datetime(2026, 1, 19, 12, tzinfo=UTC)
BOOK = Book(
    sites=(Site("s", "S", "t"),),
    tariffs=(Tariff("t", "T", 0.05),),
    models=(RigModel("m", (PowerMode("normal", 200.0, 3_500.0),)),),
    groups=(RigGroup("g", "s", "m", count=10),),
)


def gauge(
    quantity: Quantity,
    value: float,
    *,
    age: timedelta = timedelta(0),
    provenance: Provenance = Provenance.LIVE,
    spread: float = 0.0,
) -> Gauge:
    return Gauge(Reading(quantity, value, "test", NOW - age, provenance), spread=spread)


def rate(currency: str, per_usd: float) -> Reading:
    return Reading(Quantity.EXCHANGE_RATE, per_usd, "test", NOW, currency=currency)


NETWORK = NetworkState(
    revision=7,
    price=gauge(Quantity.PRICE, 93_049.0),
    height=gauge(Quantity.HEIGHT, 932_935),
    difficulty=gauge(Quantity.DIFFICULTY, 146_472_570_619_930.78),
    fees=gauge(Quantity.FEES, 0.0148),
)


def evaluated(book: Book = BOOK, network: NetworkState = NETWORK) -> Evaluation:
    return Evaluator().evaluate(book, network, NOW)


def figures_of(book: Book = BOOK, network: NetworkState = NETWORK) -> Figures:
    figures = evaluated(book, network).figures
    assert figures is not None
    return figures


def test_fresh_numbers_give_advice() -> None:
    found = Evaluator().evaluate(BOOK, NETWORK, NOW, book_revision=3)
    assert (found.standing, found.old, found.currency) == (Standing.ADVICE, "", "USD")
    assert (found.book, found.book_revision, found.network.revision) == (BOOK, 3, 7)
    assert found.made_at == NOW
    figures = found.figures
    assert figures is not None
    assert figures.now == NetworkNow(93_049.0, 146_472_570_619_930.78, 3.125, 0.0148)
    assert figures.decisions.verdict.tolist() == [Verdict.RUN]
    assert found.totals is not None
    assert found.totals.margin_per_day == pytest.approx(
        2 * hashprice_per_ph_day(figures.now) - 10 * 84 * 0.05
    )
    assert len(found.sites) == 1
    assert len(figures.blocks.group) == len(figures.ladder.order) == 1


def test_a_book_without_rigs_is_empty() -> None:
    for network in (NETWORK, NetworkState()):
        found = evaluated(Book(), network)
        assert found.standing is Standing.EMPTY
        assert (found.figures, found.totals, found.sites) == (None, None, ())


@pytest.mark.parametrize("missing", ["price", "height", "difficulty", "fees"])
def test_a_missing_number_is_no_numbers(missing: str) -> None:
    gauges = {name: getattr(NETWORK, name) for name in ("price", "height", "difficulty", "fees")}
    gauges[missing] = Gauge()
    network = NetworkState(**gauges)
    found = evaluated(network=network)
    assert found.standing is Standing.NO_NUMBERS
    assert found.figures is None
    with pytest.raises(ValueError, match="lacks price, height, difficulty or fees"):
        network_now(network)


def test_the_snapshot_is_an_example_whatever_its_age() -> None:
    months_old = timedelta(days=200)
    example = replace(
        NETWORK,
        example_of=NOW - months_old,
        price=gauge(Quantity.PRICE, 93_049.0, age=months_old, provenance=Provenance.EMBEDDED),
    )
    found = evaluated(network=example)
    assert found.standing is Standing.EXAMPLE
    assert found.figures is not None
    # As of its own date the price is fresh, so the example shows verdicts and not doubt alone.
    assert found.figures.tolerance == pytest.approx(figures_of().tolerance)


@pytest.mark.parametrize(
    ("name", "limit"), [("price", timedelta(minutes=30)), ("difficulty", timedelta(hours=24))]
)
def test_old_numbers_give_no_advice_but_still_figures(name: str, limit: timedelta) -> None:
    quantity, value = Quantity(name), getattr(NETWORK, name).value

    def state(age: timedelta, provenance: Provenance = Provenance.LIVE) -> Evaluation:
        aged = gauge(quantity, value, age=age, provenance=provenance)
        changed = (
            replace(NETWORK, price=aged) if name == "price" else replace(NETWORK, difficulty=aged)
        )
        return evaluated(network=changed)

    assert state(limit).standing is Standing.ADVICE
    old = state(limit + timedelta(seconds=1))
    assert (old.standing, old.old) == (Standing.TOO_OLD, name)
    assert old.figures is not None
    # A typed value counts as fresh until it is released.
    assert state(timedelta(days=9), Provenance.TYPED).standing is Standing.ADVICE


def test_old_heights_and_fees_do_not_stop_advice() -> None:
    day = timedelta(days=3)
    network = replace(
        NETWORK,
        height=gauge(Quantity.HEIGHT, 932_935, age=day),
        fees=gauge(Quantity.FEES, 0.0148, age=day),
    )
    assert evaluated(network=network).standing is Standing.ADVICE


def test_limits_are_settings() -> None:
    network = replace(NETWORK, price=gauge(Quantity.PRICE, 93_049.0, age=timedelta(minutes=20)))
    strict = AdviceLimits(price=timedelta(minutes=10), tolerance=Tolerance(floor=0.5))
    found = Evaluator().evaluate(BOOK, network, NOW, limits=strict)
    assert found.standing is Standing.TOO_OLD
    assert found.figures is not None
    assert found.figures.tolerance > 0.5


def test_the_tolerance_rests_on_fees_age_and_spread() -> None:
    network = replace(
        NETWORK,
        price=gauge(Quantity.PRICE, 93_049.0, age=timedelta(hours=6), spread=0.02),
        fees=gauge(Quantity.FEES, 1.0),
    )
    share = 1.0 / 4.125
    expected = (0.1 * share) ** 2 + 0.025**2 * 0.25 + 0.005**2 + 0.02**2
    assert figures_of(network=network).tolerance == pytest.approx(expected**0.5)
    typed = gauge(Quantity.PRICE, 93_049.0, age=timedelta(days=60), provenance=Provenance.TYPED)
    assert figures_of(network=replace(NETWORK, price=typed)).tolerance == pytest.approx(
        figures_of().tolerance
    )


def test_the_block_being_mined_is_the_one_after_the_tip() -> None:
    before = replace(NETWORK, height=gauge(Quantity.HEIGHT, 1_049_998))
    after = replace(NETWORK, height=gauge(Quantity.HEIGHT, 1_049_999))
    assert network_now(before).subsidy_btc == 3.125
    assert network_now(after).subsidy_btc == 1.5625


# --- money ------------------------------------------------------------------------------------

RATES = (rate("EUR", 0.8), rate("NOK", 10.0), rate("XXX", 0.0))


def test_rates_into_a_currency() -> None:
    network = replace(NETWORK, rates=RATES)
    assert rates_into("USD", network) == pytest.approx({"USD": 1, "EUR": 1.25, "NOK": 0.1})
    assert rates_into("EUR", network) == pytest.approx({"USD": 0.8, "EUR": 1, "NOK": 0.08})
    assert rates_into("CHF", network) == {"CHF": 1.0}


def test_tariffs_in_another_currency_are_converted() -> None:
    book = replace(BOOK, tariffs=(Tariff("t", "T", 0.05, currency="EUR"),))
    fleet = figures_of(book, replace(NETWORK, rates=RATES)).fleet
    assert fleet.price_per_kwh == pytest.approx([0.0625])


def test_a_missing_rate_gives_no_verdict_on_what_it_concerns() -> None:
    book = replace(
        BOOK,
        sites=(*BOOK.sites, Site("n", "N", "nok")),
        tariffs=(*BOOK.tariffs, Tariff("nok", "Nok", 9.9, currency="NOK")),
        groups=(*BOOK.groups, RigGroup("h", "n", "m", count=4)),
    )
    found = evaluated(book)
    assert found.figures is not None
    assert found.totals is not None
    assert found.figures.decisions.power_down.tolist() == [0, 0]
    assert np.isnan(found.figures.column("margin_per_day")).tolist() == [False, True]
    assert found.totals.groups_too_close == 0
    assert found.totals.gain_per_day == 0
    assert np.isnan(found.totals.margin_per_day)
    assert np.isfinite(found.sites[0].margin_per_day)


def test_the_price_of_btc_is_brought_into_the_books_currency() -> None:
    euros = replace(BOOK, currency="EUR")
    network = replace(NETWORK, rates=RATES)
    found = evaluated(euros, network)
    assert found.currency == "EUR"
    assert found.figures is not None
    assert found.figures.now.price_per_btc == pytest.approx(93_049 * 0.8)
    assert found.figures.fleet.price_per_kwh.tolist() == [0.05]  # the tariff speaks the book's
    assert price_in("EUR", network) == pytest.approx(93_049 * 0.8)
    priced_in_euros = replace(network, currency="EUR")
    assert price_in("EUR", priced_in_euros) == 93_049
    assert price_in("USD", priced_in_euros) == pytest.approx(93_049 / 0.8)


def test_without_a_rate_there_is_no_price_in_the_books_currency() -> None:
    for currency in ("EUR", "CHF"):
        found = evaluated(replace(BOOK, currency=currency))
        assert found.standing is Standing.NO_NUMBERS
        assert found.figures is None
    assert price_in("EUR", NETWORK) is None
    with pytest.raises(ValueError, match="lacks price"):
        network_now(NETWORK, "EUR")
    swiss = replace(NETWORK, currency="CHF")
    assert price_in("CHF", swiss) == 93_049


# --- what is kept between calls ----------------------------------------------------------------


def test_what_an_edit_makes_is_kept_until_the_next() -> None:
    evaluator = Evaluator()

    def fleet(book: Book, network: NetworkState) -> object:
        found = evaluator.evaluate(book, network, NOW).figures
        assert found is not None
        return found.fleet

    first = fleet(BOOK, NETWORK)
    dearer = replace(NETWORK, revision=8, price=gauge(Quantity.PRICE, 100_000.0))
    assert fleet(BOOK, dearer) is first
    with_rates = fleet(BOOK, replace(NETWORK, rates=RATES))
    assert with_rates is not first
    assert fleet(replace(BOOK, name="edited"), replace(NETWORK, rates=RATES)) is not with_rates


def test_a_column_speaks_of_the_mode_the_group_runs_in() -> None:
    model = RigModel("m", (PowerMode("eco", 100.0, 1_500.0), PowerMode("normal", 200.0, 3_500.0)))
    state = StateNow((ModeCount("normal", 6), ModeCount("eco", 4)))
    book = replace(
        BOOK,
        models=(model,),
        groups=(
            replace(BOOK.groups[0], state_now=state),
            replace(BOOK.groups[0], id="h"),
            replace(BOOK.groups[0], id="off", state_now=StateNow(())),
        ),
    )
    figures = figures_of(book)
    assert figures.column("nameplate_ths").tolist() == [2_000, 1_000, 2_000]
    assert figures.column("revenue_per_day") == pytest.approx(
        hashprice_per_ph_day(figures.now) * np.array([2, 1, 2])
    )
    with pytest.raises(AttributeError):
        figures.column("nothing_of_the_kind")


def test_a_book_whose_modes_cannot_be_resolved_is_refused() -> None:
    state = StateNow((ModeCount("turbo", 1),))
    book = replace(BOOK, groups=(replace(BOOK.groups[0], state_now=state),))
    with pytest.raises(ValueError, match="in mode 'turbo'"):
        evaluated(book)
