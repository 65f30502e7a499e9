"""The book: the operator's document. Sites, tariffs, rig models, rig groups and assumptions."""

from dataclasses import dataclass, field

from minerdesk.domain import limits
from minerdesk.domain.limits import first_twice, limited
from minerdesk.domain.rigs import RigGroup, RigModel
from minerdesk.domain.sites import Site
from minerdesk.domain.starts import DEFAULT_STARTS, StartCosts
from minerdesk.domain.tariff import Tariff

BOOK_VERSION = 1


@dataclass(frozen=True, slots=True)
class Assumptions:
    """What a new group starts with, and what a start costs where nothing nearer says it."""

    pool_fee: float = limited(limits.FEE, default=0.0)
    uptime: float = limited(limits.UPTIME, default=1.0)
    starts: StartCosts = DEFAULT_STARTS

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
    """Check that names are unique and that every reference, modes too, leads somewhere.

    O(groups), so it is run where a book comes from outside (a file, an import); edits keep it true.

    Raises:
        ValueError: one sentence with the place and the name found.
    """
    sites = _unique("sites", [site.id for site in book.sites])
    tariffs = _unique("tariffs", [tariff.id for tariff in book.tariffs])
    _unique("models", [model.name for model in book.models])
    models = {model.name: model for model in book.models}
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
        if group.overrides or group.state_now is not None:
            check_modes(group, models[group.model])


def check_modes(group: RigGroup, model: RigModel) -> None:
    """Check that what a group overrides and runs in are modes it has.

    Raises:
        ValueError: one sentence with the group and the mode.
    """
    modes = [mode.name for mode in model.modes]
    for override in group.overrides:
        if override.mode in modes:
            continue
        if override.hashrate_ths is None or override.power_w is None:
            raise ValueError(
                f"group {group.id!r} overrides mode {override.mode!r}, which {model.name!r} has "
                "not, so it needs both of its numbers"
            )
        modes.append(override.mode)
    for entry in () if group.state_now is None else group.state_now.running:
        if entry.mode not in modes:
            raise ValueError(
                f"group {group.id!r} runs {entry.count} rigs in mode {entry.mode!r}, which it has "
                f"not; it has {', '.join(modes)}"
            )


def _unique(what: str, names: list[str]) -> set[str]:
    twice = first_twice(names)
    if twice is not None:
        raise ValueError(f"{what} must have different names, found {twice!r} twice")
    return set(names)
