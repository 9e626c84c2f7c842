"""An agreement was recorded: actions that wrote its number before it was known here are paid by it from then on."""

from django.dispatch import receiver

from citeslab.funding.signals import agreement_recorded
from citeslab.workshops import services


@receiver(agreement_recorded)
def adopt(sender, *, agreement, former="", **kwargs):
    services.adopt(agreement=agreement, former=former)
