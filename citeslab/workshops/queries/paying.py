"""Which agreements may pay for an action."""

from django.db.models import Q, QuerySet

from citeslab.funding.models import Agreement
from citeslab.network.models import Merger
from citeslab.workshops.models import Workshop


def payable(workshop: Workshop) -> QuerySet[Agreement]:
    """Those of its host and of those that it took in, or of the whole network, that run on its day."""
    hosts = Q(organization__in=Merger.objects.taken_in_by([workshop.site.organization_id])) | Q(organization=None)
    return Agreement.objects.on(workshop.held_on).filter(hosts).order_by("funder__sort_key", "reference")
