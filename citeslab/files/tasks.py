"""Documents past their day are erased at night; those that a scanner could not read are offered to it again."""

from django.utils import timezone
from procrastinate.contrib.django import app

from citeslab.accounts.services import command_line_user
from citeslab.files import services


@app.periodic(cron="17 3 * * *")
@app.task(queueing_lock="files.erase_due", lock="files.erase_due")
def erase_due(timestamp: int) -> None:
    at = timezone.now()
    services.erase_due(by=command_line_user(at=at), at=at)


@app.periodic(cron="*/15 * * * *")
@app.task(queueing_lock="files.scan_again", lock="files.scan_again")
def scan_again(timestamp: int) -> None:
    services.scan_again()
