"""Messages that the rooms below ask for."""

from django.dispatch import receiver

from citeslab.accounts.signals import message_wanted
from citeslab.notifications import services


@receiver(message_wanted)
def post(sender, *, key, to, subject, body, at, **kwargs):
    services.post(key=key, to=to, subject=subject, body=body, at=at)
