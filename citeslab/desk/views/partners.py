"""Pages of the directory of partners that say how they answer."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from citeslab.animation import rules
from citeslab.network.models import Site
from citeslab.partners import queries
from citeslab.partners.models import Network, Offer, Office
from citeslab.referrals import queries as referrals


def reader(request):
    """The day, and the sites whose referrals she reads as they are, for who keeps the directory."""
    on = timezone.localdate()
    if not rules.is_member(request.user, on=on):
        raise Http404
    return on, Site.objects.keys_with_names_for(request.user, on=on)


@require_safe
def office(request, pk):
    """An office: what it offers, where it works, who answers, and how soon."""
    on, sites = reader(request)
    found = get_object_or_404(Office.objects.select_related("network", "department"), pk=pk)
    offers, past = queries.offers(Offer.objects.of_office(found), on=on)
    here, elsewhere = referrals.answers_of(Office.objects.filter(pk=pk), exact=sites, on=on)
    return TemplateResponse(
        request,
        "desk/partners/office.html",
        {
            "on": on,
            "office": found,
            "network": found.network,
            "offers": offers,
            "past": past,
            "area": queries.area(found),
            "contacts": found.contacts.active().order_by("name", "pk") if sites else [],
            "sees_names": bool(sites),
            "here": here,
            "elsewhere": elsewhere,
        },
    )


@require_safe
def partner_network(request, pk):
    """A network: what each of its offices offers, where they are, and how soon they answer."""
    on, sites = reader(request)
    found = get_object_or_404(Network, pk=pk)
    offers, past = queries.offers(Offer.objects.filter(network=found), on=on)
    here, elsewhere = referrals.answers_of(Office.objects.filter(network=found), exact=sites, on=on)
    return TemplateResponse(
        request,
        "desk/partners/network.html",
        {
            "on": on,
            "network": found,
            "offers": offers,
            "past": past,
            "offices": found.offices.select_related("department").order_by("department__code", "sort_key", "pk"),
            "sees_names": bool(sites),
            "here": here,
            "elsewhere": elsewhere,
        },
    )
