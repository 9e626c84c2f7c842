"""What the pathway is asked: whether an FSE+ period was used."""

from django.dispatch import receiver

from citeslab.followup import queries
from citeslab.network.signals import fse_answers_wanted


@receiver(fse_answers_wanted)
def has_fse_answers(sender, *, period, **kwargs):
    return queries.fse_answers_in(period).exists()
