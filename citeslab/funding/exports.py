"""Agreements and accounts as files: plain text or a workbook, amounts in euros to the cent, no cell a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal

import xlsxwriter
from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from citeslab.core.values import harmless
from citeslab.funding.enums import Phase
from citeslab.funding.models import Agreement
from citeslab.funding.queries import Accounts

Cell = str | int | date | Decimal | None
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True)
class Table:
    name: str
    headings: Sequence[str]
    rows: Sequence[Sequence[Cell]]


def euros(cents: int) -> Decimal:
    return Decimal(cents) / 100


def of_agreements(agreements: Iterable[Agreement]) -> Table:
    headings = [
        _("Reference"), _("Funder"), _("Kind"), _("Host organization"), _("First day"), _("Last day"), _("Signed on"),
        _("State"), _("Perimeter"), _("Promised"), _("Paid"), _("Justified"),
    ]  # fmt: skip
    rows: list[list[Cell]] = [
        [
            one.reference,
            one.funder.name,
            one.funder.get_kind_display(),
            one.organization.name if one.organization else "",
            one.begins_on,
            one.last_on,
            one.signed_on,
            str(Phase(one.phase).label),
            one.place,
            *map(euros, (one.committed_cents, one.paid_cents, one.justified_cents)),
        ]
        for one in agreements
    ]
    return Table(pgettext("of funders", "agreements"), headings, rows)


def of_accounts(accounts: Accounts, *, by: str) -> Table:
    """Each line, then the co-funders, the pilot's own funds, and both."""
    sums = [
        *[(line.label or _("not attributed"), line.sums) for line in accounts.lines],
        (_("Co-funders"), accounts.others),
        (_("Own funds of the pilot"), accounts.own),
        (_("In all"), accounts.total),
    ]
    rows: list[list[Cell]] = [
        [capfirst(label), euros(one.committed), euros(one.paid), euros(one.justified)] for label, one in sums
    ]
    return Table(_("accounts"), [by, _("Promised"), _("Paid"), _("Justified")], rows)


def as_file(table: Table, shape: str) -> bytes:
    return as_workbook(table) if shape == "xlsx" else as_text(table)


def as_text(table: Table) -> bytes:
    """As a French spreadsheet opens it with a double click: a mark of UTF-8, semicolons, a comma before the cents."""
    is_french = (translation.get_language() or "fr").startswith("fr")
    out = io.StringIO(newline="")
    out.write("\ufeff")
    writer = csv.writer(out, delimiter=";" if is_french else ",", lineterminator="\r\n")
    writer.writerow(table.headings)
    for row in table.rows:
        writer.writerow([plain(cell, is_french) for cell in row])
    return out.getvalue().encode()


def plain(cell: Cell, is_french: bool) -> str:
    if isinstance(cell, date):
        return cell.strftime("%d/%m/%Y") if is_french else cell.isoformat()
    if isinstance(cell, Decimal):
        return f"{cell:.2f}".replace(".", ",") if is_french else f"{cell:.2f}"
    return harmless(str(cell or ""))


def as_workbook(table: Table) -> bytes:
    out = io.BytesIO()
    workbook = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    page = workbook.add_worksheet(capfirst(table.name)[:31])
    bold = workbook.add_format({"bold": True})
    day, amount = workbook.add_format({"num_format": "dd/mm/yyyy"}), workbook.add_format({"num_format": "# ##0.00"})
    page.set_column(0, len(table.headings) - 1, 22)
    page.freeze_panes(1, 0)
    for place, heading in enumerate(table.headings):
        page.write_string(0, place, heading, bold)
    for line, row in enumerate(table.rows, start=1):
        for place, cell in enumerate(row):
            if isinstance(cell, date):
                page.write_datetime(line, place, datetime.combine(cell, time()), day)
            elif isinstance(cell, Decimal):
                page.write_number(line, place, cell, amount)
            elif cell:
                page.write_string(line, place, str(cell))
    workbook.close()
    return out.getvalue()
