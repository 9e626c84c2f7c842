"""The list of people as a file: a workbook or plain text, in which no cell can start a formula."""

import csv
import io
from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from typing import Any

import phonenumbers
import xlsxwriter
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from citeslab.core.values import harmless
from citeslab.desk.enums import Format
from citeslab.desk.queries import lists
from citeslab.desk.queries.pages import with_story_heads
from citeslab.followup.enums import Stage
from citeslab.people.enums import Sex
from citeslab.people.models import Person, Residence
from citeslab.people.queries import qpv_names
from citeslab.territories.enums import Answer

BATCH = 500

Cell = str | date | None


def dialed(number: str) -> str:
    try:
        return phonenumbers.format_number(phonenumbers.parse(number, "FR"), phonenumbers.PhoneNumberFormat.NATIONAL)
    except phonenumbers.NumberParseException:
        return number


# Code: heading, cell. The order is that of the file.
COLUMNS: dict[str, tuple[str | Promise, Callable[[Any], Cell]]] = {
    "reference": (_("Reference"), lambda person: person.reference),
    "first_name": (_("First name"), lambda person: person.first_name),
    "preferred_name": (_("Preferred name"), lambda person: person.preferred_name),
    "sex": (_("Sex"), lambda person: str(Sex(person.sex).label)),
    "born_on": (_("Date of birth"), lambda person: person.born_on),
    "phone": (_("Phone"), lambda person: dialed(person.phone) if person.phone else ""),
    "email": (_("E-mail address"), lambda person: person.email),
    "commune": (_("Commune"), lambda person: person.commune_name or ""),
    "answer": (_("Neighborhood of residence"), lambda person: str(Answer(person.answer).label)),
    "qpv": (_("QPV"), lambda person: person.qpv_name or person.qpv_code or ""),
    "project": (_("Project"), lambda person: person.project_title or ""),
    "stage": (_("Stage"), lambda person: str(Stage(person.stage).label) if person.stage else ""),
    "last_contact": (_("Last contact"), lambda person: person.last_contact_on),
    "advisor": (_("Followed by"), lambda person: person.advisor_name or ""),
    "source": (_("How we met"), lambda person: person.contact_source),
    "site": (_("Site"), lambda person: person.site.name),
}
# What most lists are for; the rest is ticked when it is needed.
USUAL = ("first_name", "preferred_name", "phone", "email", "project", "stage", "last_contact", "advisor")


def rows(keys: list[int], columns: list[str], *, on: date) -> Iterator[list[list[Cell]]]:
    """The cells of these people, in the order of the keys, some hundreds at a time."""
    for start in range(0, len(keys), BATCH):
        batch = keys[start : start + BATCH]
        people = lists.with_advisor(with_story_heads(Person.objects.filter(pk__in=batch), on=on), on=on)
        found = {person.pk: person for person in people.select_related("site")}
        homes = Residence.objects.standing().on(on).filter(person__in=batch).order_by("pk")
        communes = dict(homes.values_list("person", "commune_name"))
        names = qpv_names({person.qpv_code for person in found.values()})
        for person in found.values():
            person.commune_name = communes.get(person.pk)
            person.qpv_name = names.get(person.qpv_code)
        yield [[COLUMNS[code][1](found[key]) for code in columns] for key in batch if key in found]


def headings(columns: list[str]) -> list[str]:
    return [str(COLUMNS[code][0]) for code in columns]


class Text:
    """Plain text as a French spreadsheet opens it with a double click: a mark of UTF-8, semicolons."""

    def __init__(self, columns: list[str]):
        self.file = io.StringIO(newline="")
        self.file.write("\ufeff")
        self.language = translation.get_language() or "fr"
        is_french = self.language.startswith("fr")
        self.day = "%d/%m/%Y" if is_french else "%Y-%m-%d"
        self.writer = csv.writer(self.file, delimiter=";" if is_french else ",", lineterminator="\r\n")
        self.writer.writerow(headings(columns))

    def write(self, lines: list[list[Cell]]) -> None:
        for cells in lines:
            self.writer.writerow(
                cell.strftime(self.day) if isinstance(cell, date) else harmless(cell or "") for cell in cells
            )

    def finished(self) -> bytes:
        return self.file.getvalue().encode()

    def close(self) -> None:
        self.file.close()


class Workbook:
    """A workbook: days are days, everything else is text."""

    def __init__(self, columns: list[str]):
        self.file = io.BytesIO()
        self.workbook = xlsxwriter.Workbook(
            self.file,
            {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False},
        )
        self.workbook.set_properties({"author": "", "comments": ""})
        self.page = self.workbook.add_worksheet(str(_("People")))
        self.day = self.workbook.add_format({"num_format": "dd/mm/yyyy"})
        self.page.set_column(0, len(columns) - 1, 20)
        self.page.freeze_panes(1, 0)
        bold = self.workbook.add_format({"bold": True})
        for place, heading in enumerate(headings(columns)):
            self.page.write_string(0, place, heading, bold)
        self.line = 0

    def write(self, lines: list[list[Cell]]) -> None:
        for cells in lines:
            self.line += 1
            for place, cell in enumerate(cells):
                if isinstance(cell, date):
                    # A day that no spreadsheet counts (before 1900) is written in letters.
                    if cell.year < 1900:
                        self.page.write_string(self.line, place, cell.strftime("%d/%m/%Y"))
                    else:
                        self.page.write_datetime(self.line, place, datetime.combine(cell, time()), self.day)
                elif cell:
                    self.page.write_string(self.line, place, cell)

    def finished(self) -> bytes:
        self.workbook.close()
        return self.file.getvalue()

    def close(self) -> None:
        """Leave no temporary file behind, even when it was not finished."""
        if not self.workbook.fileclosed:
            self.workbook.close()


WRITERS: dict[str, type[Text] | type[Workbook]] = {Format.CSV: Text, Format.XLSX: Workbook}
TYPES = {
    Format.CSV: "text/csv; charset=utf-8",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
