"""Large files are written apart; names kept for a day are forgotten."""

from django.utils import timezone
from procrastinate.contrib.django import app

from citeslab.desk.services import bulk, exporting, filters


@app.task(name="desk.write_file")
def write_file(export_id: int) -> None:
    exporting.write_file(export_id=export_id, on=timezone.localdate(), at=timezone.now())


@app.periodic(cron="*/10 * * * *")
@app.task(name="desk.forget", queueing_lock="desk.forget")
def forget(timestamp: int) -> None:
    exporting.forget(at=timezone.now())
    bulk.forget(at=timezone.now())
    filters.forget_removed(at=timezone.now())
