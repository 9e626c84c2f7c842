"""Messages leave by the clock."""

from django.utils import timezone
from procrastinate.contrib.django import app

from citeslab.notifications import services


@app.periodic(cron="* * * * * */10")  # the sixth field is the second
@app.task(queueing_lock="notifications.send_due")  # no lock: one of a killed worker would stop all others
def send_due(timestamp: int) -> None:
    services.send_due(at=timezone.now())


@app.periodic(cron="17 3 * * *")
@app.task(queueing_lock="notifications.forget_old")
def forget_old(timestamp: int) -> None:
    services.forget_old(at=timezone.now())
