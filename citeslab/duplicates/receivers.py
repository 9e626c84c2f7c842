"""What duplicates hear: a file is forgotten, or someone asks under which keys it was known."""

from django.dispatch import receiver

from citeslab.duplicates import queries
from citeslab.duplicates.services import forgetting
from citeslab.people.signals import earlier_keys_asked, people_forgotten


@receiver(people_forgotten)
def forget(sender, *, people, by, at, **kwargs):
    forgetting.forget(people=people, by=by, at=at)


@receiver(earlier_keys_asked)
def earlier_keys(sender, *, people, **kwargs):
    return queries.earlier_keys(*people)
