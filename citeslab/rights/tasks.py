"""Files without news are announced and anonymised at night."""

import logging

from django.conf import settings
from django.utils import timezone
from procrastinate.contrib.django import app

from citeslab.accounts.services import command_line_user
from citeslab.rights import services

log = logging.getLogger(__name__)


@app.periodic(cron="29 2 * * *")
@app.task(queueing_lock="rights.sweep", lock="rights.sweep")
def sweep(timestamp: int) -> None:
    """The demonstration keeps its fifteen years: `RETENTION` is off there."""
    if not settings.RETENTION:
        return
    at = timezone.now()
    try:
        services.sweep(by=command_line_user(at=at), at=at)
    except (services.ClockBehind, services.TooManyAtOnce) as refusal:
        log.warning("%s", refusal)
