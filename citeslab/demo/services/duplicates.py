"""People known twice: some at the named advisor's site, some with another one, and two questions between sites."""

from datetime import datetime, time

import numpy as np
from django.db.models import Count, Max
from django.utils import timezone

from citeslab.accounts.models import User
from citeslab.demo.services.accounts import email_of
from citeslab.demo.services.days import CALENDAR
from citeslab.duplicates.models import Likeness
from citeslab.duplicates.services import asking, finding
from citeslab.network.models import Mandate, Site, Tenure
from citeslab.people import services as people
from citeslab.people.models import Person

SECOND_FILES, AT_HER_SITE = 6, 3
KEPT_APART = 40  # pairs across sites, planted with the identities


def plant_duplicates(*, at: datetime) -> None:
    """Second files written by mistake, their likenesses, and what two sites asked each other."""
    noted = last_morning(at)
    advisor = User.objects.filter(email=email_of("advisor")).first()
    site = Site.objects.filter(mandates__in=Mandate.objects.on(noted.date()).filter(user=advisor)).first()
    other = Site.objects.exclude(pk=site.pk).order_by("pk").first() if site else None
    colleague = in_post(other, noted) if other else None
    if advisor is None or site is None or other is None or colleague is None:
        return
    here = Person.objects.filter(site=site).exclude(born_on=None)
    known = list(here.annotate(met=Max("meetings__held_on")).order_by("-met", "-pk")[:SECOND_FILES])
    if len(known) < SECOND_FILES:
        return
    seconds = [second_file(person, place, other) for place, person in enumerate(known)]
    people.save_people(people=seconds[:AT_HER_SITE], by=advisor, at=noted)
    people.save_people(people=seconds[AT_HER_SITE:], by=colleague, at=noted)
    for person in [*seconds, *twins_across_sites()]:
        finding.find_for(person=person, at=at)
    question(known[4], seconds[4], by=colleague, at=noted)
    question(seconds[5], known[5], by=advisor, at=noted)


def last_morning(at: datetime) -> datetime:
    """Ten o'clock of the last working day before this one."""
    day = np.busday_offset(np.datetime64(at.date()), -1, roll="backward", busdaycal=CALENDAR)
    return datetime.combine(day.astype(object), time(10), tzinfo=timezone.get_default_timezone())


def in_post(site: Site, at: datetime) -> User | None:
    tenure = Tenure.objects.on(at.date()).filter(post__site=site).select_related("user").order_by("pk").first()
    return tenure.user if tenure else None


def second_file(known: Person, place: int, other: Site) -> Person:
    """The same person written down again: a double name, capitals without a phone, a letter lost…"""
    again = Person(
        site=known.site if place < AT_HER_SITE else other,
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


def question(theirs: Person, ours: Person, *, by: User, at: datetime) -> None:
    """The site of `ours` asks that of `theirs`."""
    first, second = sorted((theirs.pk, ours.pk))
    likeness = Likeness.objects.filter(first=first, second=second).select_related("first__site", "second__site").first()
    if likeness is not None:
        asking.ask_about(likeness=likeness, ours=ours, by=by, at=at)
