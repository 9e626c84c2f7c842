"""Offers pass, and names are forgotten, without anyone thinking of it."""

from datetime import timedelta

from django.utils import timezone
from procrastinate.contrib.django import app

from citeslab.workshops import services

GUESTS_KEPT = timedelta(days=90)  # after an action to which they did not come


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="workshops.let_offers_pass")
def let_offers_pass(timestamp: int) -> None:
    services.let_offers_pass(at=timezone.now())


@app.periodic(cron="17 3 * * *")
@app.task(queueing_lock="workshops.forget_guests")
def forget_guests(timestamp: int) -> None:
    at = timezone.now()
    services.forget_guests(before=timezone.localdate(at - GUESTS_KEPT), at=at)
