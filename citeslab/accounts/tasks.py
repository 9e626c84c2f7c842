"""The care of sessions, and of what is counted at the doors."""

from django.utils import timezone
from procrastinate.contrib.django import app

from citeslab.accounts import services


@app.periodic(cron="23 3 * * *")
@app.task(queueing_lock="accounts.forget_sessions")
def forget_sessions(timestamp: int) -> None:
    services.forget_sessions(at=timezone.now())


@app.periodic(cron="29 3 * * *")
@app.task(queueing_lock="accounts.forget_knocks")
def forget_knocks(timestamp: int) -> None:
    services.forget_knocks(at=timezone.now())
