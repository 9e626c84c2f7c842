"""Find my advisor: one field, one answer, without an account. Where someone lives is asked, and kept nowhere."""

from datetime import datetime

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import caches
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import add_never_cache_headers
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from citeslab.accounts import services as accounts
from citeslab.core.middleware import at_hand, compressed, in_asked_language
from citeslab.core.values import origin
from citeslab.network.models import Site
from citeslab.territories import queries as territories
from citeslab.territories.models import Commune
from citeslab.website import exports
from citeslab.website.forms import finding as forms
from citeslab.website.queries import finding as queries
from citeslab.website.queries import sites
from citeslab.website.views.frame import page

# Addresses that one origin asks us to look for; beyond, the commune alone is read.
ASKED_AN_HOUR = 120


def named(commune: Commune) -> str:
    return f"{commune.name} ({commune.department_id})"


@at_hand
def finding(request):
    """The field; with a commune in the address, who answers there."""
    code = request.GET.get("commune", "")
    commune = Commune.objects.current().filter(pk=code).first() if code.isalnum() and len(code) == 5 else None
    if commune is None:
        return page(request, "website/finding/finding.html", {"form": forms.Where(), "page_name": "finding"})
    namesakes = territories.commune_named(commune.name)
    others = [one for one in namesakes if one != commune]
    return answered(request, queries.Place(commune, others=tuple(others[: queries.MEANT])), forms.Where())


@csrf_exempt  # nothing is written, and who asks is answered what anyone would be
@login_not_required
@compressed
@in_asked_language
@require_http_methods(["GET", "HEAD", "POST"])
def here(request):
    """An address, or a point: sent in the body, so that no journal of addresses, cache or history keeps it."""
    if request.method != "POST":
        return HttpResponseRedirect(reverse("website:finding"))
    form = forms.Where(request.POST)
    if form.point:
        place = queries.place_pointed(*form.point)
    else:
        place = queries.place_written(form.words, may_ask=lambda: may_ask(request))
    if place and place.commune and place.longitude is None and not place.is_cut:
        kept = f"&langue={request.LANGUAGE_CODE}" if request.GET.get("langue") else ""
        return HttpResponseRedirect(f"{reverse('website:finding')}?commune={place.commune.pk}{kept}")
    response = answered(request, place, form)
    add_never_cache_headers(response)
    return response


def may_ask(request) -> bool:
    """Whether the address service is asked once more for this origin, which counts."""
    try:
        accounts.knock(door="website.address", origin=origin(request.META), most=ASKED_AN_HOUR, at=timezone.now())
    except accounts.TooOften:
        return False
    return True


def answered(request, place, form):
    at = timezone.now()
    found = queries.answer(place, on=timezone.localdate(at)) if place else None
    if found:
        timezone.activate(found.site.zone)
    return page(
        request,
        "website/finding/finding.html",
        {
            "form": form,
            "place": place,
            "found": found,
            "shown": shown(found.site, place.commune, at=at) if found else None,
            "asked": place is not None or any(request.POST.get(name) for name in form.fields),
            "meant": [(named(one), f"?commune={one.pk}") for one in place.others] if place else [],
            "contact": settings.CONTACT,
            "page_name": "finding",
        },
        path=reverse("website:finding") if request.method == "POST" else "",
    )


def shown(site: Site, commune: Commune | None, *, at: datetime) -> sites.Shown:
    """What the page of a commune says of this site, at hand as long as that page is: it is about nobody who asks."""
    key = f"{site.pk}:{commune.pk if commune else ''}:{translation.get_language()}"
    told = caches["at_hand"].get(key)
    if told is None:
        told = sites.shown(site, commune=commune, at=at)
        caches["at_hand"].set(key, told, timeout=settings.PAGES_AT_HAND)
    return told


@at_hand
def site(request, pk):
    """One site: who is there, when, how to reach it."""
    at = timezone.now()
    found = get_object_or_404(queries.open_sites(timezone.localdate(at)), pk=pk)
    timezone.activate(found.zone)
    told = sites.shown(found, at=at)
    return page(
        request,
        "website/finding/site.html",
        {"shown": told, "data": exports.place_data(told), "form": forms.Where(), "page_name": "finding"},
    )
