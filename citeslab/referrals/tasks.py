"""Referrals wait for nobody to remember them."""

from django.utils import timezone
from procrastinate.contrib.django import app

from citeslab.referrals import services


@app.periodic(cron="23 8 * * *")  # messages arrive at the beginning of the working day
@app.task(queueing_lock="referrals.remind_partners")
def remind_partners(timestamp: int) -> None:
    services.remind_partners(at=timezone.now())


@app.periodic(cron="47 * * * *")
@app.task(queueing_lock="referrals.expire")
def expire(timestamp: int) -> None:
    services.expire(at=timezone.now())
