"""The chain is tied and sealed by the clock, and lets go what is too old."""

from django.utils import timezone
from procrastinate.contrib.django import app

from citeslab.audit import services


@app.periodic(cron="* * * * * */10")  # the sixth field is the second
@app.task(queueing_lock="audit.chain", lock="audit.chain")
def chain(timestamp: int) -> None:
    while services.chain():
        pass


@app.periodic(cron="53 * * * *")
@app.task(queueing_lock="audit.seal")
def seal(timestamp: int) -> None:
    services.seal(at=timezone.now())


@app.periodic(cron="7 4 * * *")
@app.task(queueing_lock="audit.forget_old")
def forget_old(timestamp: int) -> None:
    services.forget_old(at=timezone.now())
