"""Books to evaluate: small ones written out, and any one that hypothesis can think of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import strategies as st

from minerdesk.domain.book import Book
from minerdesk.domain.rigs import ModeCount, PowerMode, Purchase, RigGroup, RigModel, StateNow
from minerdesk.domain.sites import Capital, CostLayer, MonthlyCost, Site
from minerdesk.domain.tariff import Adder, Hosting, Tariff
from minerdesk.engine.dispatch import Decisions, decide
from minerdesk.engine.economics import Economics, evaluate, prepare
from minerdesk.engine.fleet import FleetArrays, build_fleet
from minerdesk.engine.network import NetworkNow

# 19 January 2026.
JANUARY = NetworkNow(
    price_per_btc=93_049.0, difficulty=146_472_570_619_930.78, subsidy_btc=3.125, fees_btc=0.0148
)
USD = {"USD": 1.0}
S21 = RigModel("S21", (PowerMode("normal", 200.0, 3_500.0),))
THREE_MODES = RigModel(
    "Three",
    (
        PowerMode("eco", 53.0, 830.0),
        PowerMode("standard", 82.0, 1_381.0),
        PowerMode("super", 90.0, 1_674.0),
    ),
)


def one_site(
    *groups: RigGroup,
    price_per_kwh: float = 0.06,
    models: Sequence[RigModel] = (S21, THREE_MODES),
    site: Site | None = None,
    tariff: Tariff | None = None,
) -> Book:
    return Book(
        sites=(site or Site("here", "Here", "power"),),
        tariffs=(tariff or Tariff("power", "Power", price_per_kwh),),
        models=tuple(models),
        groups=groups,
    )


def group(
    count: int = 1, model: str = "S21", *, key: str = "a", running: dict[str, int] | None = None
) -> RigGroup:
    state = None
    if running is not None:
        state = StateNow(tuple(ModeCount(mode, n) for mode, n in running.items()))
    return RigGroup(key, "here", model, count=count, state_now=state)


def figures(
    book: Book, network: NetworkNow = JANUARY, rates: dict[str, float] | None = None
) -> tuple[FleetArrays, Economics]:
    fleet = build_fleet(book, USD if rates is None else rates)
    return fleet, evaluate(prepare(fleet), network)


def decided(
    book: Book,
    network: NetworkNow = JANUARY,
    tolerance: float = 0.0,
    rates: dict[str, float] | None = None,
) -> tuple[FleetArrays, Economics, Decisions]:
    fleet, economics = figures(book, network, rates)
    return fleet, economics, decide(fleet, economics, tolerance)


def hosted(book: Book, *shares: float) -> Book:
    """Return a book whose contracts take shares of the profit in turn; prices stay as they were."""
    return replace(
        book,
        tariffs=tuple(
            replace(tariff, hosting=Hosting(0.0, profit_share=shares[i % len(shares)]))
            for i, tariff in enumerate(book.tariffs)
        ),
    )


def _numbers(low: float, high: float) -> st.SearchStrategy[float]:
    return st.floats(low, high, allow_nan=False, allow_infinity=False)


networks = st.builds(
    NetworkNow,
    price_per_btc=_numbers(1_000, 1_000_000),
    difficulty=_numbers(1e12, 1e15),
    subsidy_btc=st.sampled_from([6.25, 3.125, 1.5625]),
    fees_btc=_numbers(0, 2),
)
fees = _numbers(0, 0.3)
power_prices = _numbers(-0.1, 0.3)
modes = st.builds(
    PowerMode, name=st.just("m"), hashrate_ths=_numbers(1, 1_000), power_w=_numbers(50, 20_000)
)


@st.composite
def models(draw: st.DrawFn, name: str, most_modes: int = 4) -> RigModel:
    drawn = draw(st.lists(modes, min_size=1, max_size=most_modes))
    named = tuple(replace(mode, name=f"m{i}") for i, mode in enumerate(drawn))
    return RigModel(name, named, idle_w=draw(st.sampled_from([0.0, 25.0])))


@st.composite
def states(draw: st.DrawFn, count: int, names: Sequence[str]) -> StateNow | None:
    """Any split of the rigs over modes and off; None half of the time."""
    if draw(st.booleans()):
        return None
    left, entries = count, []
    for name in names:
        here = draw(st.integers(0, left))
        left -= here
        entries.append(ModeCount(name, here))
    return StateNow(tuple(entries))


@st.composite
def rig_groups(draw: st.DrawFn, key: str, site: str, model: RigModel) -> RigGroup:
    count = draw(st.integers(1, 500))
    return RigGroup(
        key,
        site,
        model.name,
        count=count,
        uptime=draw(_numbers(0.5, 1)),
        reject_rate=draw(fees),
        pool_fee=draw(fees),
        pool_fee_on_fees=draw(st.none() | fees),
        firmware_fee=draw(fees),
        state_now=draw(states(count, [mode.name for mode in model.modes])),
        purchase=draw(st.none() | st.builds(Purchase, price_per_rig=_numbers(1, 10_000))),
    )


@st.composite
def sites(draw: st.DrawFn, key: str) -> Site:
    costs = st.builds(
        MonthlyCost,
        name=st.just("c"),
        amount=_numbers(0, 1e5),
        layer=st.sampled_from(CostLayer),
    )
    return Site(
        key,
        key,
        f"tariff of {key}",
        pue=draw(_numbers(1, 1.5)),
        fixed_load_kw=draw(st.sampled_from([0.0, 40.0])),
        monthly_costs=tuple(draw(st.lists(costs, max_size=2))),
        capital=draw(st.none() | st.just(Capital(1e6, 60, 0.08))),
        required_margin=draw(st.sampled_from([0.0, 0.0, 0.1, -0.1])),
    )


@st.composite
def books(
    draw: st.DrawFn, most_modes: int = 4, prices: st.SearchStrategy[float] = power_prices
) -> Book:
    """A book of one to three sites and one to five groups; power prices may be negative."""
    places = [draw(sites(f"site {i}")) for i in range(draw(st.integers(1, 3)))]
    drawn_models = [draw(models(f"model {i}", most_modes)) for i in range(draw(st.integers(1, 3)))]
    return Book(
        sites=tuple(places),
        tariffs=tuple(
            Tariff(
                place.tariff, "t", draw(prices), adders=(Adder("grid", draw(_numbers(0, 0.02))),)
            )
            for place in places
        ),
        models=tuple(drawn_models),
        groups=tuple(
            draw(
                rig_groups(
                    f"group {i}",
                    draw(st.sampled_from(places)).id,
                    draw(st.sampled_from(drawn_models)),
                )
            )
            for i in range(draw(st.integers(1, 5)))
        ),
    )
