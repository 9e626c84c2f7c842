"""Likenesses are found by the clock, or when someone asks."""

from django.utils import timezone
from procrastinate.contrib.django import app

from citeslab.accounts.services import command_line_user
from citeslab.duplicates.services import finding
from citeslab.people.models import Person


@app.periodic(cron="23 2 * * *")
@app.task(queueing_lock="duplicates.find", lock="duplicates.find")
def find(timestamp: int) -> None:
    at = timezone.now()
    finding.find(by=command_line_user(at=at), at=at)


@app.task
def find_for(person: int) -> None:
    """The likenesses of one file, as soon as it is saved."""
    if known := Person.objects.filter(pk=person).first():
        finding.find_for(person=known, at=timezone.now())
