"""What is proposed in the night, for the morning's home page."""

from django.utils import timezone
from procrastinate.contrib.django import app

from citeslab.accounts.services import command_line_user
from citeslab.followup import services


@app.periodic(cron="23 4 * * *")
@app.task(queueing_lock="followup.propose_no_news", lock="followup.propose_no_news")
def propose_no_news(timestamp: int) -> None:
    """Propose a closing for whom nobody has heard of."""
    at = timezone.now()
    services.propose_no_news(by=command_line_user(at=at), at=at)


@app.periodic(cron="33 4 * * *")
@app.task(queueing_lock="followup.open_later_news", lock="followup.open_later_news")
def open_later_news(timestamp: int) -> None:
    """Open the news to ask from today."""
    at = timezone.now()
    services.open_later_news(by=command_line_user(at=at), at=at)
