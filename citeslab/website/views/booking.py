"""A resident books a free time herself: a tap on an hour, a name, and her own page to cancel it."""

from datetime import UTC, datetime
from itertools import groupby

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from citeslab.accounts import services as accounts
from citeslab.accounts.models import User
from citeslab.agenda import queries as agenda
from citeslab.agenda import services
from citeslab.agenda.values import Slot
from citeslab.core.middleware import in_asked_language, kept_language
from citeslab.core.values import origin, whole_number
from citeslab.website.forms import finding as forms
from citeslab.website.queries import finding
from citeslab.website.views.frame import in_languages

REFUSALS = (services.SlotTaken, services.AdvisorAway, services.AlreadyPast, services.EnoughBooked)


@never_cache
@login_not_required
@in_asked_language
@require_http_methods(["GET", "HEAD", "POST"])
def booking(request, pk):
    """The free times of a site; with one of them in the address, the form that books it."""
    at = timezone.now()
    site = get_object_or_404(finding.open_sites(timezone.localdate(at)), pk=pk)
    timezone.activate(site.zone)
    wanted = request.GET.get("creneau", "")
    form, status, refusal = forms.Booking(request.POST or None), 200, ""
    if request.method == "POST":
        status = 422
        if form.is_a_machine:
            return redirect(reverse("website:received") + kept_language(request))
        try:
            if form.is_valid():
                knock(request, at)
                advisor, starts_at = time_of(wanted)
                _made, secret = services.book_online(
                    site=site, advisor=advisor, starts_at=starts_at, **form.said(), at=at
                )
                return redirect(reverse("agenda:hers", args=[secret]) + kept_language(request))
        except REFUSALS as refused:
            refusal = str(refused)
        except accounts.TooOften as refused:
            refusal, status = str(refused), 429
    slots = agenda.bookable(site, at=at)
    names = agenda.public_names({slot.advisor_id for slot in slots})
    slot = next((one for one in slots if address_of(one) == wanted), None)
    if wanted and slot is None and not refusal:
        refusal = str(services.SlotTaken())
    return TemplateResponse(
        request,
        "website/finding/booking.html",
        {
            **in_languages(request),
            "site": site,
            "slot": slot,
            "with_name": names[slot.advisor_id].first_name if slot and slot.advisor_id in names else "",
            "days": by_day(slots, names),
            "form": form,
            "was_sent": form.is_bound,  # what was typed stays, for another time
            "refusal": refusal,
            "page_name": "finding",
        },
        status=status,
    )


def knock(request, at):
    """Counts what would be booked: a field that cannot be read costs nothing."""
    accounts.knock(door="website.booking", origin=origin(request.META), most=settings.CONTACTS_AN_HOUR, at=at)


def address_of(slot: Slot) -> str:
    """A slot as an address says it: with whom, and when."""
    return f"{slot.advisor_id}-{int(slot.starts_at.timestamp())}"


def time_of(wanted: str):
    """The advisor and the instant that an address says; raises `SlotTaken` when it says none."""
    key, _dash, seconds = wanted.partition("-")
    since = whole_number(seconds, digits=11)
    advisor = User.objects.filter(pk=whole_number(key), is_active=True).first()
    if advisor is None or since is None:
        raise services.SlotTaken
    return advisor, datetime.fromtimestamp(since, UTC)


def by_day(slots, names):
    rows = [
        (slot, address_of(slot), names[slot.advisor_id].first_name if slot.advisor_id in names else "")
        for slot in slots
    ]
    return [(day, list(times)) for day, times in groupby(rows, key=lambda row: timezone.localdate(row[0].starts_at))]
