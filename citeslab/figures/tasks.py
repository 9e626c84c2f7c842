"""Each night the years of people that moved are kept anew, then usual views; the facts are put in a snapshot."""

from datetime import UTC, datetime

from django.utils import timezone
from procrastinate.contrib.django import app

from citeslab.figures import services


@app.periodic(cron="43 2 * * *")
@app.task(queueing_lock="figures.keep_years", lock="figures.keep_years")
def keep_years(timestamp: int) -> None:
    at = datetime.fromtimestamp(timestamp, UTC)
    services.keep_years(at=at)
    services.keep_views(last_year=timezone.localdate(at).year)


@app.periodic(cron="53 2 * * *")
@app.task(queueing_lock="figures.make_snapshot", lock="figures.make_snapshot")
def make_snapshot(timestamp: int) -> None:
    services.make_snapshot()
