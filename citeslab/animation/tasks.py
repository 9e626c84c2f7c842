"""Who begins is given her list without anyone thinking of it."""

from django.utils import timezone
from procrastinate.contrib.django import app

from citeslab.animation import services


@app.periodic(cron="23 * * * *")
@app.task(queueing_lock="animation.welcome_newcomers")
def welcome_newcomers(timestamp: int) -> None:
    services.welcome_newcomers(at=timezone.now())
