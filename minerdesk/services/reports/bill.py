"""A month's bill as text and as JSON."""

from __future__ import annotations

from minerdesk.domain.text import _
from minerdesk.engine.tariff import LineKind
from minerdesk.services.month_bill import MonthBill
from minerdesk.services.reports.plain import Plain, number
from minerdesk.services.reports.table import table
from minerdesk.services.words import Formats


def bill_data(found: MonthBill) -> dict[str, Plain]:
    """Return what ``bill --json`` prints.

    ``unknown`` names parts that could not be billed; ``baselines_kw`` is by programme.
    """
    lines: list[Plain] = [
        {
            "kind": line.kind.value,
            "name": line.name,
            "tier": line.tier or None,
            "quantity": number(line.quantity),
            "unit": line.unit,
            "rate": number(line.rate),
            "amount": number(line.amount),
        }
        for line in found.paper.lines
    ]
    return {
        "site": found.site.id,
        "month": found.month,
        "currency": found.currency,
        "lines": lines,
        "total": number(found.paper.total),
        "kwh": number(found.kwh),
        "peak_kw": number(found.peak_kw),
        "unknown": list(found.paper.unknown),
        "baselines_kw": {name: number(kw) for name, kw in found.baselines_kw.items()},
    }


def bill_text(found: MonthBill, formats: Formats) -> str:
    """Return a bill as the operator holds it beside the paper one."""
    currency = found.currency
    total = formats.money(found.paper.total, currency, 2)
    lines = [
        _("{site}, {month}: {total}").format(
            site=found.site.name or found.site.id, month=found.month, total=total
        ),
        _("{kwh} kWh, highest mean {kw}").format(
            kwh=formats.number(found.kwh, 0), kw=formats.power(found.peak_kw * 1000)
        ),
        "",
    ]
    rows = [(_("for"), _("quantity"), _("rate"), _("amount"))]
    for line in found.paper.lines:
        name = line.name
        if line.kind is LineKind.RATCHET:
            name = _("{name}, by ratchet").format(name=name)
        if line.tier:
            name = _("{name}, tier {n}").format(name=name, n=line.tier)
        if line.kind is LineKind.CURTAILMENT:
            name = _("{name}, under a baseline of {kw} kW").format(
                name=name, kw=formats.number(found.baselines_kw[line.name], 0)
            )
        share = line.unit == "money"
        rows.append(
            (
                name,
                formats.money(line.quantity, currency, 2)
                if share
                else f"{formats.number(line.quantity, 1)} {line.unit}",
                formats.percent(line.rate, 2) if share else formats.number(line.rate, 5),
                formats.money(line.amount, currency, 2),
            )
        )
    rows.append((_("total"), "", "", total))
    lines += table(rows, frozenset({1, 2, 3}))
    if found.notes:
        lines += ["", *found.notes]
    if found.paper.unknown:
        lines += [
            "",
            _("Not billed, since the load does not tell it: {names}.").format(
                names=", ".join(found.paper.unknown)
            ),
        ]
    return "\n".join(lines) + "\n"
