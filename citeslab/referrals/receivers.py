"""What referrals hear: a caseload changes hands, a file is forgotten."""

from django.dispatch import receiver
from django.utils.translation import gettext as _

from citeslab.network.signals import caseload_counted, caseload_handed_over
from citeslab.people.models import Person
from citeslab.people.signals import people_forgotten
from citeslab.referrals import services
from citeslab.referrals.models import Referral


@receiver(caseload_counted)
def count(sender, *, mandate, since, **kwargs):
    underway = Referral.objects.underway().filter(advisor=mandate.user, person__site=mandate.site_id).count()
    return [(_("Referrals underway"), underway)] if underway else []


@receiver(caseload_handed_over)
def follow_handover(sender, *, handover, advisor, shares, to, since, returning, by, at, **kwargs):
    """Referrals underway follow their person; those of people whom nobody took go to `to`."""
    site = handover.mandate.site
    for colleague in dict.fromkeys(shares.values()):
        people = [person for person, taker in shares.items() if taker == colleague]
        services.hand_over(advisor=advisor, to=colleague, since=since, people=people, site=site, by=by, at=at)
    if not returning:
        services.hand_over(advisor=advisor, to=to, since=since, site=site, by=by, at=at)


@receiver(people_forgotten)
def forget(sender, *, people, by, at, **kwargs):
    sent = Referral.objects.filter(person__in=people)
    for person in Person.objects.filter(pk__in=sent.values("person")).order_by("pk"):
        services.forget(person=person, by=by, at=at)
