"""The attendance sheet: made once what it attests took place, or empty, to sign on paper."""

from datetime import datetime
from hashlib import sha256

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from citeslab.accounts.models import User
from citeslab.audit import services as audit
from citeslab.people.models import Person
from citeslab.workshops import exports, queries
from citeslab.workshops.enums import Kind
from citeslab.workshops.models import Sheet, Workshop
from citeslab.workshops.readers import binding
from citeslab.workshops.services.registering import locked


class NotHeld(Exception):
    def __str__(self):
        return _("This action is not said to be held: mark who came or count the heads first.")


class NothingToAttest(Exception):
    def __str__(self):
        return _("Nobody is registered for this action, nobody came by name, and no head was counted.")


class NothingToSign(Exception):
    def __str__(self):
        return _("This action was called off: there is nothing to sign.")


class NoNamesToSign(Exception):
    def __str__(self):
        return _("In a school nobody signs by name: count the heads, then make the attendance sheet.")


@transaction.atomic
def make_sheet(*, workshop: Workshop, visible: QuerySet[Person] | None, by: User, at: datetime) -> tuple[Sheet, bytes]:
    """The sheet and its file, which is kept nowhere: its digests are. Each making is a sheet of its own.

    Of people outside `visible` (`None`: nobody is) it tells no name. Raises `NothingToSign`, `NotHeld` or
    `NothingToAttest`.
    """
    workshop = locked(workshop)
    if workshop.cancelled_at:
        raise NothingToSign
    if workshop.is_planned:
        raise NotHeld
    told = told_of(workshop, visible)
    if not told.lines and not told.heads:
        raise NothingToAttest
    last = workshop.sheets.aggregate(last=Max("number"))["last"] or 0
    sheet = Sheet(workshop=workshop, number=last + 1, lines=len(told.lines) + len(told.heads), made_at=at, made_by=by)
    with timezone.override(workshop.site.zone):
        facts = exports.facts_of(told, reference=sheet.reference, by=by.name, at=at)
        sheet.head = binding.chained(facts)[-1][0]
        plain, rows, _warnings = exports.sheet_pdf(told, reference=sheet.reference, head=sheet.head, at=at)
    file = binding.bound(plain, facts, rows=rows)
    sheet.digest = sha256(file).hexdigest()
    sheet.save(force_insert=True)
    audit.record(
        "workshops.sheet.made",
        workshop,
        by=by,
        at=at,
        sheet_id=sheet.pk,
        number=sheet.number,
        lines=sheet.lines,
        head=sheet.head,
        digest=sheet.digest,
    )
    return sheet, file


@transaction.atomic
def print_sheet(*, workshop: Workshop, visible: QuerySet[Person], by: User, at: datetime) -> bytes:
    """The paper to sign, before the action or at its door. Raises `NothingToSign` or `NoNamesToSign`."""
    if workshop.cancelled_at:
        raise NothingToSign
    if workshop.kind == Kind.SCHOOL:
        raise NoNamesToSign
    told = told_of(workshop, visible)
    audit.record("workshops.sheet.read", workshop, by=by, at=at, lines=len(told.lines))
    with timezone.override(workshop.site.zone):
        return exports.sheet_pdf(told, at=at)[0]


def told_of(workshop: Workshop, visible: QuerySet[Person] | None) -> exports.Told:
    sessions = list(workshop.sessions.all())
    return exports.Told(
        workshop=workshop,
        sessions=sessions,
        animators=list(workshop.animators.order_by("sort_key", "pk").values_list("name", flat=True)),
        lines=queries.attested(workshop, sessions, visible),
        heads=queries.counted(workshop),
    )
