"""What the desk hears: a file is forgotten."""

from django.dispatch import receiver

from citeslab.desk.services import filters
from citeslab.people.signals import people_forgotten


@receiver(people_forgotten)
def forget(sender, *, people, by, at, **kwargs):
    filters.forget_names(people=people)
