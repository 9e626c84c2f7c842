"""All that is kept about a person: in words for a page and a PDF, and as JSON.

Driven by the models (`index.reaches`): a new room's rows are here by being written. Other people's data are not:
a foreign key to another person is never followed, and rows that tie two people together are left out.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from pathlib import Path

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.formats import localize
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from citeslab.accounts.models import User
from citeslab.core.models import Fact
from citeslab.network.models import Site
from citeslab.people.models import Person
from citeslab.rights import definitions, queries
from citeslab.rights.index import Reach, reaches
from citeslab.ui.exports import accessible_pdf
from citeslab.ui.values import day, moment

TEMPLATE = Path(__file__).parent / "documents" / "file.typ"
BOOKS = frozenset({"recorded_at", "recorded_by", "withdrawn_at", "withdrawn_by"})
HELD_ON = ("held_on", "starts_at", "begins_at")


@dataclass(frozen=True)
class Row:
    """One row about her: its day, what it says (label and value), who noted it and when."""

    title: str
    facts: list[tuple[str, str]]
    noted: str = ""
    is_withdrawn: bool = False


@dataclass(frozen=True)
class Section:
    name: str
    title: str
    rows: list[Row] = field(default_factory=list)


def exported() -> list[Reach]:
    return [reach for reach in reaches() if not reach.ties and reach.label not in definitions.NOT_EXPORTED]


def rows_of(reach: Reach, person: Person) -> list[models.Model]:
    """Her rows of this model, in order, with what they name."""
    named = [one.name for one in told_fields(reach) if one.is_relation]
    by = ["recorded_by"] if issubclass(reach.model, Fact) else []
    return list(reach.about([person.pk]).select_related(*named, *by).order_by("pk"))


def told_fields(reach: Reach) -> list[models.Field]:
    """What a row says to her: neither keys of order, nor the way back to her, nor another person."""
    owners = {path.split("__")[0] for path in reach.paths if path and not reach.shared}
    return [
        one
        for one in reach.model._meta.concrete_fields
        if one.name not in definitions.UNSAID | BOOKS | owners and one.related_model is not Person
    ]


def name_of(value: models.Model) -> str:
    """How a row that hers names is called: its name or title, with its day when it has one; or its number."""
    called = getattr(value, "name", None) or getattr(value, "title", None) or str(value)
    for name in HELD_ON:
        if when := getattr(value, name, None):
            return f"{called}, {moment(when) if isinstance(when, datetime) else day(when)}"
    return str(called)


def said(row: models.Model, one: models.Field) -> str:
    """A value in words; nothing for what is empty."""
    value = getattr(row, one.name)
    if value is None or value == "" or value == {} or value == []:
        return ""
    if one.is_relation:
        return name_of(value)
    if in_words := getattr(row, f"get_{one.name}_display", None):
        return str(in_words())
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return day(value)
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, cls=DjangoJSONEncoder)
    if isinstance(value, bytes | memoryview):
        return _("a document, in the JSON file")
    return str(value) if isinstance(value, str) else str(localize(value))


def sections(person: Person) -> list[Section]:
    """Everything about her in words, a section for each kind of row; those that hold nothing are left out."""
    told = []
    for reach in exported():
        fields = told_fields(reach)
        rows = [row_in_words(row, fields, person) for row in rows_of(reach, person)]
        rows = [row for row in rows if row.facts or row.title]
        if rows:
            title = _("Who you are") if reach.model is Person else str(reach.model._meta.verbose_name_plural)
            told.append(Section(reach.label, title[:1].upper() + title[1:], rows))
    return told


def label_of(one: models.Field) -> str:
    """How a field is called for people; nothing for a number of the machine, which the JSON file alone tells.

    What leads to another row is called by that row when nobody gave it a word of its own.
    """
    if isinstance(one.verbose_name, Promise):
        return str(one.verbose_name)
    if one.related_model is User:
        return _("advisor")
    return str(one.related_model._meta.verbose_name) if one.related_model else ""


def row_in_words(row: models.Model, fields: Sequence[models.Field], person: Person) -> Row:
    """Its first day is its title; her own site, which goes without saying, is said once."""
    first = next((one for one in fields if isinstance(one, models.DateField) and getattr(row, one.name)), None)
    has_title = first is not None and not isinstance(row, Person)
    facts = [
        (label[:1].upper() + label[1:], words)
        for one in fields
        if (label := label_of(one))
        and not (has_title and one is first)
        and not (has_title and one.related_model is Site and getattr(row, one.attname) == person.site_id)
        and (words := said(row, one))
    ]
    noted = ""
    if isinstance(row, Fact):
        noted = _("Noted on %(day)s by %(name)s.") % {
            "day": moment(row.recorded_at),
            "name": queries.actor_name(row.recorded_by),
        }
        if row.withdrawn_at:
            noted += " " + _("Corrected on %(day)s: it no longer counts.") % {"day": moment(row.withdrawn_at)}
    return Row(
        title=said(row, first) if first is not None and has_title else "",
        facts=facts,
        noted=noted,
        is_withdrawn=bool(getattr(row, "withdrawn_at", None)),
    )


def raw(row: models.Model, reach: Reach) -> dict[str, object]:
    """A row for a program: each field by its name, what it names by its name."""
    values: dict[str, object] = {"id": row.pk}
    for one in told_fields(reach):
        value = getattr(row, one.name)
        if value is not None and one.is_relation:
            value = name_of(value)
        elif isinstance(value, bytes | memoryview):
            value = bytes(value).hex()
        values[one.name] = value
    if isinstance(row, Fact):
        values |= {
            "recorded_at": row.recorded_at,
            "recorded_by": queries.actor_name(row.recorded_by),
            "withdrawn_at": row.withdrawn_at,
        }
    return values


def as_json(person: Person, *, at: datetime) -> bytes:
    """All of it, for a program: her rows by kind, who read her file, what was written to her."""
    told = {
        "format": "citeslab.person.1",
        "made_at": at,
        "site": person.site.name,
        "records": {
            reach.label: {
                "title": str(reach.model._meta.verbose_name_plural),
                "rows": [raw(row, reach) for row in rows_of(reach, person)],
            }
            for reach in exported()
        },
        "readers": [asdict(reading) for reading in queries.readings(person)],
        "messages": [asdict(letter) for letter in queries.letters(person)],
    }
    return json.dumps(told, ensure_ascii=False, indent=2, cls=DjangoJSONEncoder).encode()


def as_pdf(person: Person, *, at: datetime) -> tuple[bytes, list]:
    """All of it, to read or to print (PDF/UA-1), and the warnings of its making."""
    told = [
        {
            "title": section.title,
            "rows": [{"title": row.title, "facts": row.facts, "noted": row.noted} for row in section.rows],
        }
        for section in [*sections(person), readings_section(person), letters_section(person)]
        if section.rows
    ]
    data = {
        "title": _("What CitésLab keeps about %(name)s") % {"name": person.name},
        "author": f"CitésLab {person.site.name}",
        "lead": _("Made on %(moment)s at your request. You may ask to correct it, or to have it erased.")
        % {"moment": moment(at)},
        "foot": f"CitésLab {person.site.name}",
        "lang": get_language() or "fr",
        "colon": _(":"),
        "sections": told,
    }
    return accessible_pdf(TEMPLATE, data, at=at)


def readings_section(person: Person) -> Section:
    rows = [
        Row(
            title=day(reading.on),
            facts=[
                (reading.name, f"{reading.act}{f' ({reading.role})' if reading.role else ''}"),
                *([(_("Reason"), reading.reason)] if reading.reason else []),
            ],
        )
        for reading in queries.readings(person)
    ]
    return Section("readings", _("Who opened or wrote in your file"), rows)


def letters_section(person: Person) -> Section:
    rows = [
        Row(title=moment(letter.at), facts=[(letter.subject or letter.channel, letter.body or _("(forgotten since)"))])
        for letter in queries.letters(person)
    ]
    return Section("letters", _("What was written to you"), rows)
