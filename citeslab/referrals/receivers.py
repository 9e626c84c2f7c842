"""What referrals hear: a caseload changes hands."""

from django.dispatch import receiver
from django.utils.translation import gettext as _

from citeslab.network.signals import caseload_counted, caseload_handed_over
from citeslab.referrals import services
from citeslab.referrals.models import Referral


@receiver(caseload_counted)
def count(sender, *, mandate, since, **kwargs):
    underway = Referral.objects.underway().filter(advisor=mandate.user, person__site=mandate.site_id).count()
    return [(_("Referrals underway"), underway)] if underway else []


@receiver(caseload_handed_over)
def follow_handover(sender, *, advisor, shares, to, since, returning, by, at, **kwargs):
    """Referrals underway follow their person."""
    for colleague in dict.fromkeys(shares.values()):
        people = [person for person, taker in shares.items() if taker == colleague]
        services.hand_over(advisor=advisor, to=colleague, since=since, people=people, by=by, at=at)
    if not returning:
        services.hand_over(advisor=advisor, to=to, since=since, by=by, at=at)
