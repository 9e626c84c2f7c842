"""Likenesses are found by the clock, or when someone asks."""

from django.utils import timezone
from procrastinate.contrib.django import app

from citeslab.accounts.services import command_line_user
from citeslab.duplicates.services import finding


@app.periodic(cron="23 2 * * *")
@app.task(queueing_lock="duplicates.find", lock="duplicates.find")
def find(timestamp: int) -> None:
    at = timezone.now()
    finding.find(by=command_line_user(at=at), at=at)


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="duplicates.find_fresh", lock="duplicates.find")
def find_fresh(timestamp: int) -> None:
    """Nobody waits for the night to learn that the file she just saved is a second one."""
    finding.find_fresh(at=timezone.now())
