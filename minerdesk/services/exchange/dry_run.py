"""The dry run of an import, and taking it in as one edit."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from minerdesk.domain.book import Book, check_references
from minerdesk.domain.cancel import CancelToken
from minerdesk.domain.errors import UserError
from minerdesk.domain.text import _
from minerdesk.services.exchange.cells import Price, RowReader
from minerdesk.services.exchange.columns import NUMBERS, Column, Field, recognise
from minerdesk.services.exchange.export import RESULT_PREFIX
from minerdesk.services.exchange.groups import Draft, build, odd
from minerdesk.services.exchange.ids import FreeIds
from minerdesk.services.exchange.number_style import Spot, StyleFinding, StyleState, find_style
from minerdesk.services.exchange.places import ModelFinder, Sites, UnknownModelError
from minerdesk.services.exchange.preview import Action, DryRun, MatchBy, Models, RowPlan, refusal

if TYPE_CHECKING:
    from minerdesk.domain.rigs import RigGroup
    from minerdesk.services.quantities import NumberStyle
    from minerdesk.storage.tables import RawTable

_CANCEL_EVERY = 1_000


def dry_run(
    book: Book,
    table: RawTable,
    catalogue: Models,
    *,
    style: NumberStyle | None = None,
    mapping: Mapping[int, Field | None] | None = None,
    match_by: MatchBy = MatchBy.AUTO,
    model_choices: Mapping[str, str] | None = None,
    cancel: CancelToken | None = None,
) -> DryRun:
    """Say what an import would do, row by row, without doing it. O(rows); run it in a worker.

    An empty cell leaves what a group has; in a new group it takes the book's assumption.

    Args:
        book: the book to import into.
        table: the file as read.
        catalogue: where models are looked up after the book's own.
        style: the operator's answer to the number style; None to find it out.
        mapping: the operator's choice of columns by index; None as a value leaves one out.
        match_by: how a row finds the group it is about.
        model_choices: for a name that fits no model or several, the model meant, or `NEW_MODEL`.
        cancel: checked now and then.

    Raises:
        UserError: no column names a model or an id, so that no row can mean anything.
        Cancelled: when asked to stop.
    """
    columns = recognise(table.header, mapping)
    named = {column.field for column in columns}
    if not named & {Field.MODEL, Field.ID}:
        sentence = _("{name} has no column for the model or the id; say which column it is.")
        raise UserError(sentence.format(name=table.source_name or _("The table")))
    finding = _style(table, columns, style)
    run = _Run(
        book=book,
        reader=RowReader(
            tuple(column for column in columns if column.field is not None),
            finding.style,
            len(table.header),
            book.currency,
        ),
        sites=Sites(book),
        models=ModelFinder(book, catalogue, model_choices or {}),
        index=_Index(book, match_by),
        ids=FreeIds(group.id for group in book.groups),
        has_sites=Field.SITE in named,
    )
    plans = []
    for offset, cells in enumerate(table.rows):
        if cancel is not None and offset % _CANCEL_EVERY == 0:
            cancel.check()
        if cells:
            plans.append(run.plan(table.first_row + offset, cells))
    return DryRun(
        book=book,
        table=table,
        columns=columns,
        finding=finding,
        match_by=match_by,
        rows=tuple(plans),
        sites=tuple(run.sites.new_sites),
        tariffs=tuple(run.sites.new_tariffs),
        models=tuple(run.models.new_models.values()),
        unknown_models=run.models.unknown,
        notes=(*table.notes, *_left_out(columns), *_one_site(plans, named, run.sites)),
    )


def apply(book: Book, preview: DryRun, accept: Collection[int] | None = None) -> Book:
    """Take a dry run in; the one new book is one step of undo.

    Args:
        book: the book it was made against.
        preview: the dry run.
        accept: numbers of the rows to take in, as in `RowPlan.row`; None takes all that can be.

    Returns:
        The new book; ``book`` itself where nothing changes.

    Raises:
        UserError: the number style was not chosen, or the book changed since the dry run.
    """
    if not preview.ready:
        raise UserError(preview.question)
    if book is not preview.book and book != preview.book:
        raise UserError(_("The book changed since the preview was made; make the preview again."))
    taken = [
        plan.after
        for plan in preview.rows
        if plan.after is not None
        and plan.action in {Action.ADD, Action.CHANGE}
        and (accept is None or plan.row in accept)
    ]
    if not taken:
        return book
    changed = {group.id: group for group in taken}
    groups = [changed.pop(group.id, group) for group in book.groups]
    sites = {group.site for group in taken}
    models = {group.model for group in taken}
    new_sites = tuple(site for site in preview.sites if site.id in sites)
    tariffs = {site.tariff for site in new_sites}
    result = replace(
        book,
        groups=(*groups, *changed.values()),
        sites=(*book.sites, *new_sites),
        tariffs=(*book.tariffs, *(t for t in preview.tariffs if t.id in tariffs)),
        models=(*book.models, *(m for m in preview.models if m.name in models)),
    )
    check_references(result)
    return result


def _style(table: RawTable, columns: tuple[Column, ...], style: NumberStyle | None) -> StyleFinding:
    numbers = [column for column in columns if column.field in NUMBERS]
    finding = find_style(_spots(table, numbers))
    if style is None:
        return finding
    return replace(finding, state=StyleState.DECIDED, style=style)


def _spots(table: RawTable, columns: list[Column]) -> Iterator[Spot]:
    """Yield each different text of each number column once, where it first stands."""
    for column in columns:
        seen: set[str] = set()
        for offset, cells in enumerate(table.rows):
            if column.index >= len(cells):
                continue
            cell = cells[column.index]
            if isinstance(cell, str) and cell not in seen:
                seen.add(cell)
                yield Spot(table.first_row + offset, column.header, cell)


def _left_out(columns: tuple[Column, ...]) -> tuple[str, ...]:
    names = [
        column.header
        for column in columns
        if column.field is None and column.header and not column.header.startswith(RESULT_PREFIX)
    ]
    if not names:
        return ()
    return (_("Columns left out: {names}.").format(names=", ".join(names)),)


def _one_site(
    plans: Sequence[RowPlan], named: Collection[Field | None], sites: Sites
) -> tuple[str, ...]:
    """Say once for a file without a column of sites where its rows go."""
    if Field.SITE in named:
        return ()
    found = dict.fromkeys(plan.after.site for plan in plans if plan.after is not None)
    if len(found) != 1:
        return ()
    sentence = _("No column names the site: all rows go to “{site}”.")
    return (sentence.format(site=sites.name_of(next(iter(found)))),)


class _Index:
    """Finds the group of the book that a row is about."""

    def __init__(self, book: Book, match_by: MatchBy) -> None:
        self._match_by = match_by
        self._by_id = {group.id: group for group in book.groups}
        self._by_place: dict[tuple[str, str, str], list[RigGroup]] = {}
        for group in book.groups:
            place = (group.site, group.model, group.location.strip())
            self._by_place.setdefault(place, []).append(group)

    def uses_place(self, values: Mapping[Field, Any]) -> bool:
        """Tell whether a row is to be found by its place."""
        if self._match_by is MatchBy.AUTO:
            return Field.ID not in values
        return self._match_by is MatchBy.PLACE

    def by_id(self, group_id: str) -> RigGroup | None:
        if self._match_by is MatchBy.PLACE:
            return None
        return self._by_id.get(group_id)

    def by_place(self, place: tuple[str, str, str]) -> RigGroup | None:
        found = self._by_place.get(place, [])
        if len(found) > 1:
            sentence = _(
                "{n} groups are this model at this site and location; name the group's id."
            )
            raise UserError(sentence.format(n=len(found)))
        return found[0] if found else None


@dataclass(slots=True)
class _Run:
    """The state of one dry run: what earlier rows proposed bears on later ones."""

    book: Book
    reader: RowReader
    sites: Sites
    models: ModelFinder
    index: _Index
    ids: FreeIds
    has_sites: bool
    _rows: dict[str, int] = field(default_factory=dict)

    def plan(self, row: int, cells: tuple[Any, ...]) -> RowPlan:
        values, reasons = self.reader.read(cells)
        if reasons:
            return RowPlan(row, Action.REFUSE, tuple(reasons))
        try:
            return self._plan(row, values)
        except UnknownModelError as error:
            reason = refusal(self._header(Field.MODEL), error)
            return RowPlan(row, Action.REFUSE, (reason,), suggestions=error.suggestions)
        except UserError as error:
            return RowPlan(row, Action.REFUSE, (error.sentence,))

    def _plan(self, row: int, values: dict[Field, Any]) -> RowPlan:
        before = self.index.by_id(values.get(Field.ID, ""))
        if Field.MODEL in values or before is None:
            model = self.models.find(values)
        else:
            model = self.models.find({**values, Field.MODEL: before.model})
        site_name = values.get(Field.SITE, before.site if before is not None else "")
        price, pue = self._price(values), values.get(Field.PUE)
        site, warnings = self.sites.find(site_name, row, price, pue)
        if not self.has_sites and not site_name:
            warnings = warnings[1:]  # said once for the whole file
        if before is None and self.index.uses_place(values):
            place = (site.id, model.name, values.get(Field.LOCATION, ""))
            before = self.index.by_place(place)
        group_id = before.id if before is not None else values.get(Field.ID, "")
        if group_id in self._rows:
            sentence = _("Row {other} is about the same group “{group}”.")
            raise UserError(sentence.format(other=self._rows[group_id], group=group_id))
        draft = Draft(values, group_id, site.id, model, before)
        after = build(draft, self.book.assumptions)
        if before is None:
            wanted = group_id or f"{site.name} {model.name}".strip()
            after = replace(after, id=self.ids.take(wanted))
        self._rows[after.id] = row
        if after == before:
            return RowPlan(row, Action.SAME, (), warnings, before, before)
        action = Action.ADD if before is None else Action.CHANGE
        return RowPlan(row, action, (), (*warnings, *odd(after, model)), before, after)

    def _price(self, values: dict[Field, Any]) -> Price | None:
        price: Price | None = values.get(Field.PRICE)
        named: str = values.get(Field.PRICE_CURRENCY, "")
        if price is None or price.currency or named == self.book.currency:
            return price
        return replace(price, currency=named)

    def _header(self, name: Field) -> str:
        found = (column.header for column in self.reader.columns if column.field is name)
        return next(found, name.value)
