"""Who a person is: her file opened, corrected."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import ManyToOneRel, Model
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from citeslab.accounts.models import User
from citeslab.audit import services as audit
from citeslab.core.values import sort_key
from citeslab.network.enums import Role
from citeslab.network.models import Mandate, Site
from citeslab.people.enums import AssignmentReason
from citeslab.people.models import Assignment, Person
from citeslab.people.services.assignments import assign
from citeslab.people.services.facts import BATCH
from citeslab.people.services.homes import record_home
from citeslab.people.services.households import tie_household
from citeslab.people.values import Home

IDENTITY = (
    "first_name",
    "preferred_name",
    "sex",
    "born_on",
    "phone",
    "email",
    "situation_at_entry",
    "diploma",
    "contact_source",
)


@transaction.atomic
def save_people(*, people: Sequence[Person], by: User, at: datetime) -> None:
    """Record the new ones (those without a key, which they receive) and rewrite the identity of the others."""
    for person in people:
        person.sort_key = key_of_name(person)
    new = [person for person in people if person.pk is None]
    known = [person for person in people if person.pk is not None]
    for person in new:
        person.recorded_at, person.recorded_by = at, by
    for person in known:
        person.changed_at, person.changed_by = at, by
    Person.objects.bulk_create(new, batch_size=BATCH)
    Person.objects.bulk_update(known, [*IDENTITY, "sort_key", "changed_at", "changed_by"], batch_size=500)


def key_of_name(person: Person) -> str:
    """Her key in the lists, cut to what the column holds: one letter may fold into eighteen."""
    return sort_key(person.preferred_name, person.first_name)[: Person._meta.get_field("sort_key").max_length]


class ChangedMeanwhile(Exception):
    """Someone else saved this file after the form was opened; `now` is what it says today, by field."""

    def __init__(self, now: dict):
        self.now = now

    def __str__(self):
        return _("Someone changed this file after you opened it. See what changed below, then save again.")


@transaction.atomic
def create_person(
    *,
    site: Site,
    first_name: str,
    preferred_name: str,
    home: Home | None = None,
    same_household_as: Iterable[Person] = (),
    by: User,
    at: datetime,
    key: UUID | None = None,
    **more,
) -> Person:
    """Open the file of someone met for the first time; `more` are other fields of her identity.

    The advisor who opens it follows her from that day. The same `key` from the same user gives the same person: a
    form sent twice makes one.
    """
    person = Person(site=site, first_name=first_name, preferred_name=preferred_name, **more)
    identity = {field: getattr(person, field) for field in IDENTITY}
    person, is_new = Person.objects.get_or_create(
        creation_key=key or uuid4(),
        recorded_by=by,
        defaults={**identity, "site": site, "sort_key": key_of_name(person), "recorded_at": at},
    )
    if is_new:
        audit.record("people.person.created", person, by=by, at=at, site=site.pk)
        today = localdate(at)
        if Mandate.objects.on(today).filter(user=by, role=Role.ADVISOR, site=site).exists():
            assign(people=[person.pk], advisor=by, since=today, reason=AssignmentReason.ENTRY, by=by, at=at)
        if home:
            record_home(person=person, home=home, by=by, at=at)
        for other in same_household_as:
            tie_household(person=person, other=other, by=by, at=at)
    return person


def may_take_back(person: Person, *, holding: Iterable[Model], at: datetime) -> bool:
    """Whether a file opened earlier the same day was never used: nothing in it but `holding` and who follows it."""
    if person.changed_at or localdate(person.recorded_at) != localdate(at):
        return False
    known: defaultdict[type[Model], list[int]] = defaultdict(list)
    for row in holding:
        known[type(row)].append(row.pk)
    for field in Person._meta.get_fields(include_hidden=True):
        if not isinstance(field, ManyToOneRel) or field.related_model is Assignment:
            continue
        rows = field.related_model._base_manager.filter(**{field.field.name: person})
        if rows.exclude(pk__in=known[field.related_model]).exists():
            return False
    return True


@transaction.atomic
def take_back(*, person: Person, by: User, at: datetime) -> None:
    """Remove a file that was opened by a slip and never used (`may_take_back`)."""
    audit.record("people.person.taken_back", person, by=by, at=at, site=person.site_id)
    person.delete()


@transaction.atomic
def correct_person(*, person: Person, wrote: dict, seen: dict, by: User, at: datetime) -> frozenset[str]:
    """Correct her identity with what the user `wrote`, where it differs from the file; gives the fields changed.

    `seen` is what the file said when the form was opened. When it says something else now, nothing is written and
    `ChangedMeanwhile` tells what it says.
    """
    person = Person.objects.select_for_update(of=["self"]).get(pk=person.pk)
    now = {field: getattr(person, field) for field in wrote}
    if any(seen.get(field) != now[field] for field in wrote):
        raise ChangedMeanwhile(now)
    changed = frozenset(field for field in wrote if wrote[field] != now[field])
    if changed:
        for field in changed:
            setattr(person, field, wrote[field])
        save_people(people=[person], by=by, at=at)
        audit.record("people.person.corrected", person, by=by, at=at, fields=sorted(changed))
    return changed
