"""A release of the official file was loaded: residences that had no answer in its edition get one."""

from django.dispatch import receiver

from citeslab.people import services
from citeslab.territories.enums import Edition
from citeslab.territories.signals import release_loaded


@receiver(release_loaded)
def answer_residences(sender, *, release, by, at, **kwargs):
    services.answer_in_edition(edition=Edition(release.edition), by=by, at=at)
