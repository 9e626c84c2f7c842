"""What residents wrote is forgotten without anyone thinking of it."""

from datetime import timedelta

from django.utils import timezone
from procrastinate.contrib.django import app

from citeslab.agenda import services

CONTACTS_KEPT = timedelta(days=90)  # after what she last asked, and after a time that she booked


@app.periodic(cron="27 3 * * *")
@app.task(queueing_lock="agenda.forget_contacts")
def forget_contacts(timestamp: int) -> None:
    at = timezone.now()
    services.forget_contacts(before=at - CONTACTS_KEPT, at=at)
