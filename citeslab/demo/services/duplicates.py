"""People known twice: some at the named advisor's site, some with another one, and two questions between sites."""

from datetime import datetime

from django.db.models import Count, Max

from citeslab.accounts.models import User
from citeslab.demo.services.accounts import email_of
from citeslab.duplicates.models import Likeness
from citeslab.duplicates.services import asking, finding
from citeslab.network.models import Mandate, Site
from citeslab.people import services as people
from citeslab.people.models import Person

SECOND_FILES = 6
KEPT_APART = 40  # pairs across sites, planted with the identities


def plant_duplicates(*, by: User, at: datetime) -> None:
    """Second files written by mistake, their likenesses, and what two sites asked each other."""
    advisor = User.objects.filter(email=email_of("advisor")).first()
    mandate = Mandate.objects.on(at.date()).filter(user=advisor).exclude(site=None).select_related("site").first()
    if mandate is None:
        return
    away = Site.objects.exclude(pk=mandate.site_id).filter(mandates__in=Mandate.objects.on(at.date())).order_by("pk")
    other = away.first()
    here = Person.objects.filter(site=mandate.site).exclude(born_on=None)
    known = list(here.annotate(met=Max("meetings__held_on")).order_by("-met", "-pk")[:SECOND_FILES])
    if len(known) < SECOND_FILES or other is None:
        return
    seconds = [second_file(person, place, other) for place, person in enumerate(known)]
    people.save_people(people=seconds, by=by, at=at)
    for person in [*seconds, *twins_across_sites()]:
        finding.find_for(person=person, at=at)
    her_question(known[4], seconds[4], by=colleague(other, at) or by, at=at)
    her_question(seconds[5], known[5], by=advisor, at=at)


def second_file(known: Person, place: int, other: Site) -> Person:
    """The same person written down again: a double name, capitals without a phone, a letter lost…"""
    again = Person(
        site=known.site if place < 3 else other,
        reference="",
        first_name=known.first_name,
        preferred_name=known.preferred_name,
        sex=known.sex,
        born_on=known.born_on,
        phone=known.phone,
        email="",
        contact_source="Atelier",
    )
    if place == 0:
        again.preferred_name = f"{known.preferred_name}-Morel"
    elif place == 1:
        again.first_name, again.preferred_name = known.first_name.upper(), known.preferred_name.upper()
        again.phone = ""
    elif place == 2:
        again.first_name = known.first_name[:2] + known.first_name[3:]
    return again


def twins_across_sites() -> list[Person]:
    """One of each pair of the same names and birth date."""
    twice = (
        Person.objects.exclude(born_on=None)
        .values("sort_key", "born_on")
        .annotate(files=Count("pk"))
        .filter(files=2)
        .order_by("born_on", "sort_key")[:KEPT_APART]
    )
    return [Person.objects.filter(sort_key=row["sort_key"], born_on=row["born_on"]).order_by("pk")[0] for row in twice]


def colleague(site: Site, at: datetime) -> User | None:
    mandate = Mandate.objects.on(at.date()).filter(site=site).select_related("user").order_by("pk").first()
    return mandate.user if mandate else None


def her_question(theirs: Person, ours: Person, *, by: User, at: datetime) -> None:
    """The site of `ours` asks that of `theirs`."""
    first, second = sorted((theirs.pk, ours.pk))
    likeness = Likeness.objects.filter(first=first, second=second).select_related("first__site", "second__site").first()
    if likeness is not None:
        asking.ask_about(likeness=likeness, ours=ours, by=by, at=at)
