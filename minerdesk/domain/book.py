"""The book: the operator's document. Sites, tariffs, rig models, rig groups and assumptions."""

from dataclasses import dataclass, field
from enum import StrEnum

from minerdesk.domain import limits
from minerdesk.domain.limits import limited
from minerdesk.domain.rigs import RigGroup, RigModel

BOOK_VERSION = 1


class CostLayer(StrEnum):
    """The layer a monthly cost belongs to (the cash layer is power and variable fees alone)."""

    AVOIDABLE = "avoidable"
    OVERHEAD = "overhead"


@dataclass(frozen=True, slots=True)
class Adder:
    """A named amount per kWh on top of the energy price; may be negative."""

    name: str
    per_kwh: float = limited(limits.FINITE)

    def __post_init__(self) -> None:
        limits.check(self)


@dataclass(frozen=True, slots=True)
class Percentage:
    """A named fraction of the price so far (0.2 is 20 %), applied in the order written."""

    name: str
    fraction: float = limited(limits.Limits(above=-1))

    def __post_init__(self) -> None:
        limits.check(self)


@dataclass(frozen=True, slots=True)
class Tariff:
    """What a kWh costs: a flat price, fixed adders, then percentages. Any price may be negative.

    Attributes:
        currency: ISO 4217 code; empty means the book's.
    """

    id: str
    name: str
    price_per_kwh: float = limited(limits.FINITE)
    currency: str = ""
    adders: tuple[Adder, ...] = ()
    percentages: tuple[Percentage, ...] = ()

    def __post_init__(self) -> None:
        limits.check(self)


@dataclass(frozen=True, slots=True)
class MonthlyCost:
    """Money a site costs each month whatever its rigs do."""

    name: str
    amount: float = limited(limits.FINITE)
    layer: CostLayer = CostLayer.AVOIDABLE
    currency: str = ""

    def __post_init__(self) -> None:
        limits.check(self)


@dataclass(frozen=True, slots=True)
class Capital:
    """Money sunk into a site, written off over its life with yearly interest as a fraction."""

    amount: float = limited(limits.NOT_NEGATIVE)
    life_months: int = limited(limits.COUNT)
    interest: float = limited(limits.NOT_NEGATIVE, default=0.0)
    currency: str = ""

    def __post_init__(self) -> None:
        limits.check(self)


@dataclass(frozen=True, slots=True)
class Site:
    """A place with one tariff.

    Attributes:
        time_zone: IANA name, such as ``America/Chicago``.
        pue: power usage effectiveness, at least 1.
        fixed_load_kw: load beside PUE that stops only when the site closes (avoidable, not cash).
        limit_kw: most the site may draw; None means no limit.
        required_margin: fraction of revenue a rig must leave after its avoided power; may be
            negative, which is mining at a chosen loss.
    """

    id: str
    name: str
    tariff: str
    time_zone: str = "UTC"
    pue: float = limited(limits.PUE, default=1.0)
    fixed_load_kw: float = limited(limits.NOT_NEGATIVE, default=0.0)
    limit_kw: float | None = limited(limits.POSITIVE, default=None)
    monthly_costs: tuple[MonthlyCost, ...] = ()
    capital: Capital | None = None
    required_margin: float = limited(limits.Limits(below=1), default=0.0)
    note: str = ""

    def __post_init__(self) -> None:
        limits.check(self)


@dataclass(frozen=True, slots=True)
class Assumptions:
    """What a new group starts with."""

    pool_fee: float = limited(limits.FEE, default=0.0)
    uptime: float = limited(limits.UPTIME, default=1.0)

    def __post_init__(self) -> None:
        limits.check(self)


@dataclass(frozen=True, slots=True)
class Book:
    """The operator's document. Self-contained: it holds every rig model its groups use."""

    name: str = ""
    currency: str = "USD"
    sites: tuple[Site, ...] = ()
    tariffs: tuple[Tariff, ...] = ()
    models: tuple[RigModel, ...] = ()
    groups: tuple[RigGroup, ...] = ()
    assumptions: Assumptions = field(default_factory=Assumptions)

    @property
    def rig_count(self) -> int:
        """All rigs of all groups."""
        return sum(group.count for group in self.groups)


def check_references(book: Book) -> None:
    """Check that names are unique and that every reference leads somewhere.

    O(groups), so it is run where a book comes from outside (a file, an import); edits keep it true.

    Raises:
        ValueError: one sentence with the place and the name found.
    """
    sites = _unique("sites", [site.id for site in book.sites])
    tariffs = _unique("tariffs", [tariff.id for tariff in book.tariffs])
    models = _unique("models", [model.name for model in book.models])
    _unique("groups", [group.id for group in book.groups])
    for site in book.sites:
        if site.tariff not in tariffs:
            raise ValueError(f"site {site.id!r} names tariff {site.tariff!r}, which the book lacks")
    for group in book.groups:
        if group.site not in sites:
            raise ValueError(f"group {group.id!r} names site {group.site!r}, which the book lacks")
        if group.model not in models:
            raise ValueError(
                f"group {group.id!r} names model {group.model!r}, which the book lacks"
            )


def _unique(what: str, names: list[str]) -> set[str]:
    found = set(names)
    if len(found) != len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"{what} must have different names, found {twice!r} twice")
    return found
