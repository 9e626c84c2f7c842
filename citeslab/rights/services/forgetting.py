"""Files forgotten: the dated facts stay, so that no figure moves, and nothing says whose they were."""

from collections import Counter
from collections.abc import Collection, Iterable
from contextlib import suppress
from datetime import datetime, timedelta

from django.apps import apps
from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from citeslab.accounts.models import User
from citeslab.audit import services as audit
from citeslab.intake import services as intake
from citeslab.notifications import services as notifications
from citeslab.people.models import Person
from citeslab.people.signals import people_forgotten
from citeslab.rights import definitions
from citeslab.rights.enums import Cause
from citeslab.rights.index import Reach, blank, reaches, self_references
from citeslab.rights.models import AccessCode, Anonymisation, Attempt, Hold
from citeslab.ui.values import day

WORKBOOKS_KEPT = timedelta(days=30)
CODES_KEPT = timedelta(days=8)  # a day longer than the longest is valid
ATTEMPTS_KEPT = timedelta(days=1)


class MustBeKept(Exception):
    """The law asks to keep this file for a time; `hold` says why and until when."""

    def __init__(self, hold: Hold):
        super().__init__(hold.pk)
        self.hold = hold

    def __str__(self):
        return _(
            "This file cannot be erased before %(day)s: %(ground)s. Tell the person so; what is not needed for that "
            "can be corrected, and the file is anonymised after that day."
        ) % {"day": day(self.hold.until), "ground": self.hold.get_ground_display()}


@transaction.atomic
def erase(*, person: Person, by: User, at: datetime) -> None:
    """Anonymise a file now, because she asks it; raises `MustBeKept` while the law asks to keep it."""
    held = Hold.objects.on(timezone.localdate(at)).filter(person=person).order_by("-until").first()
    if held is not None:
        raise MustBeKept(held)
    anonymise(people=[person.pk], cause=Cause.REQUEST, by=by, at=at)


@transaction.atomic
def anonymise(*, people: Collection[int], cause: Cause, by: User, at: datetime) -> int:
    """Take every personal field off all that reaches these people (by their keys), in one transaction.

    Files joined to theirs go with them. Messages, workbooks and codes that name them are forgotten too. The journal
    tells how many, not who. Returns how many files were anonymised; one that already was is left alone.
    """
    rows = list(
        Person.objects.named().filter(pk__in=with_joined(people)).order_by("pk").select_for_update(of=("self",))
    )
    if not rows:
        return 0
    keys = [person.pk for person in rows]
    forget_messages(rows)
    people_forgotten.send(Person, people=keys, by=by, at=at)
    intake.forget_contents(sites={person.site_id for person in rows}, sent_before=at, by=by, at=at)
    empty_copies(at)
    # The longest paths first: what hangs on a row goes before it.
    for reach in sorted(reaches(), key=lambda reach: -max(path.count("__") for path in reach.paths)):
        if reach.ties or reach.label in definitions.DROPPED:
            reach.about(keys).delete()
        else:
            scrub(reach, keys)
    Person.objects.filter(pk__in=keys).update(anonymised_at=at, **blanks(reaches()[0]))
    by_site = Counter(person.site_id for person in rows)
    Anonymisation.objects.bulk_create(
        Anonymisation(site_id=site, cause=cause, people=number, at=at, by=by)
        for site, number in sorted(by_site.items())
    )
    audit.record("rights.people.anonymised", by=by, at=at, cause=cause, people=len(rows))
    return len(rows)


def with_joined(people: Collection[int]) -> set[int]:
    """These people and the files joined to theirs, whichever points at the other."""
    found, edge = set(people), set(people)
    while edge:
        joined: set[int] = set()
        for name in self_references():
            links = Person.objects.exclude(**{name: None})
            joined |= set(links.filter(**{f"{name}__in": edge}).values_list("pk", flat=True))
            joined |= set(links.filter(pk__in=edge).values_list(name, flat=True))
        edge = joined - found
        found |= edge
    return found


def blanks(reach: Reach) -> dict[str, object]:
    return {field.name: blank(reach.model, field) for field in reach.personal}


def scrub(reach: Reach, keys: Collection[int]) -> None:
    """Blank the personal fields of the rows about these people; a project that someone else holds keeps its title."""
    if not reach.personal or reach.model is Person:
        return
    rows = reach.about(keys)
    if reach.shared:
        rows = rows.exclude(pk__in=reach.still_named(keys).values("pk"))
        rows = reach.model._base_manager.filter(pk__in=list(rows.values_list("pk", flat=True)))
    rows.update(**blanks(reach))


def forget_messages(rows: Iterable[Person]) -> None:
    """What was written to them or about them. A name of a few letters is left to the rows it is about."""
    rows = list(rows)
    keys = [person.pk for person in rows]
    about = {reach.label: list(reach.about(keys).values_list("pk", flat=True)) for reach in reaches()}
    words = {word for person in rows for word in (person.email, person.phone, person.name) if len(word) > 5}
    words -= shared_contacts(words, keys)
    notifications.forget_people(about={kind: keys for kind, keys in about.items() if keys}, words=sorted(words))


def shared_contacts(words: Collection[str], keys: Collection[int]) -> set[str]:
    """Of these addresses and phones, those that someone else still has: a family has one phone."""
    others = Person.objects.named().exclude(pk__in=keys)
    return {
        word
        for pair in others.filter(models.Q(email__in=words) | models.Q(phone__in=words)).values_list("email", "phone")
        for word in pair
    }


def empty_copies(at: datetime) -> None:
    """Files taken out of the lists and not fetched yet: whoever is in them, they are made again in a minute."""
    for label, values in definitions.COPIES.items():
        with suppress(LookupError):  # a room that is not open here
            model = apps.get_model(label)
            model._base_manager.filter(forgotten_at=None).update(forgotten_at=at, **values)


@transaction.atomic
def forget_traces(*, by: User, at: datetime) -> None:
    """What was needed for a time and names people: old codes, counted tries, workbooks nobody decided on, dead
    sessions.
    """
    AccessCode.objects.filter(made_at__lt=at - CODES_KEPT).delete()
    Attempt.objects.filter(at__lt=at - ATTEMPTS_KEPT).delete()
    intake.forget_contents(sent_before=at - WORKBOOKS_KEPT, by=by, at=at)
    import_string(f"{settings.SESSION_ENGINE}.SessionStore").clear_expired()
