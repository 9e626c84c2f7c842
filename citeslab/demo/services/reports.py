"""The reports of the last closed years: a site's, sealed in January and corrected in March; the network's, a draft.

The last of them is published.
"""

from datetime import date, datetime, time, timedelta

import numpy as np

from citeslab.accounts.models import User
from citeslab.core.values import instant, last_day
from citeslab.demo.services.accounts import email_of
from citeslab.demo.services.days import CALENDAR
from citeslab.figures import services as figures
from citeslab.figures.definitions.statements import SAID_ON
from citeslab.figures.enums import ReportKind
from citeslab.figures.queries import NETWORK
from citeslab.figures.values import Perimeter
from citeslab.followup import services as followup
from citeslab.followup.enums import SUPPORTING, Stage
from citeslab.followup.models import Meeting
from citeslab.network.models import Site
from citeslab.people.models import Person

CORRECTED_BY = timedelta(days=75)  # after the year's end, its report is sealed and corrected
FORGOTTEN = "Un entretien de décembre, noté en février, manquait."
REWORDED = "Relecture des phrases avant l’assemblée générale."


def plant_reports(*, until: date, at: datetime) -> None:
    """Two years of a site, the last sealed and corrected by its coordinator; the network's last year, for the pilot."""
    coordinator, pilot, advisor = (
        User.objects.filter(email=email_of(account)).first() for account in ("coordinator", "pilot", "advisor")
    )
    year = (until - CORRECTED_BY).year - 1
    if not (coordinator and pilot and advisor):
        return
    hers = Site.objects.with_names_for(coordinator, on=until).order_by("pk")
    site = hers.filter(mandates__user=advisor).first() or hers.first()
    if site is None:
        return
    figures.begin(kind=ReportKind.NETWORK, perimeter=NETWORK, year=year, by=pilot, at=at)
    perimeter = Perimeter("site", str(site.pk))
    for one in (year - 1, year):
        report = figures.begin(kind=ReportKind.SITE, perimeter=perimeter, year=one, by=coordinator, at=at)
    figures.seal(report=report, by=coordinator, at=morning(year, 20))
    reason = FORGOTTEN if remember_a_meeting(site, year, by=advisor) else REWORDED
    figures.seal(report=report, reason=reason, by=coordinator, at=morning(year, 72))


def publish_last_year(*, until: date, at: datetime) -> None:
    """The year that is over, published by the pilot as any is: protected, attacked, entered in the register."""
    pilot = User.objects.filter(email=email_of("pilot")).first()
    if pilot is None:
        return
    prepared = figures.prepare(year=until.year - 1, on=until)
    figures.publish(prepared=prepared, by=pilot, at=at)


def morning(year: int, days: int) -> datetime:
    """Ten o'clock, so many days after the end of that year."""
    return instant(working(last_day(year) + timedelta(days=days)), time(10))


def working(day: date) -> date:
    """That day, or the last working one before it."""
    return np.busday_offset(np.datetime64(day), 0, roll="backward", busdaycal=CALENDAR).astype(object)


def remember_a_meeting(site: Site, year: int, *, by: User) -> bool:
    """A meeting of December noted in February; of years that the release tells, nothing is added."""
    if year <= SAID_ON.year:
        return False
    person = (
        Person.objects.filter(site=site, meetings__held_on__year=year - 1, transitions__stage__in=SUPPORTING)
        .exclude(meetings__held_on__year=year)
        .exclude(transitions__stage=Stage.SORT)
        .order_by("pk")
        .first()
    )
    if person is None:
        return False
    meeting = Meeting(person=person, site=site, held_on=working(date(year, 12, 18)), minutes=40)
    followup.record_meetings(meetings=[meeting], by=by, at=morning(year, 41))
    return True
