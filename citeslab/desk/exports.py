"""The list of people as a file: its columns, and their cells."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import phonenumbers
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from citeslab.desk.queries import lists
from citeslab.desk.queries.pages import with_story_heads
from citeslab.followup.enums import Stage
from citeslab.people.enums import Sex
from citeslab.people.models import Person, Residence
from citeslab.people.queries import qpv_names
from citeslab.territories.enums import Answer
from citeslab.ui.exports import WRITERS, Cell, Text, Workbook

BATCH = 500


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


def writer(format: str, columns: list[str]) -> Text | Workbook:
    return WRITERS[format](headings(columns), str(_("People")))
