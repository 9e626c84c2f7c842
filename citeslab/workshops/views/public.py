"""Doors without an account: one action and its three fields, a partner's door, one's own registration."""

from functools import wraps
from urllib.parse import urlencode
from uuid import uuid4

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from citeslab.accounts import services as accounts
from citeslab.core.middleware import form_at_hand, in_asked_language, kept_language
from citeslab.core.values import origin, whole_number
from citeslab.partners.models import Office
from citeslab.workshops import exports, forms, queries, rules, services
from citeslab.workshops.enums import Channel, Kind
from citeslab.workshops.models import Workshop

REGISTRATIONS_AN_HOUR = settings.REGISTRATIONS_AN_HOUR  # from one origin: a whole room may share one


def hers_alone(view):
    """No copy is kept of a page behind a secret address, and no search engine lists it."""

    @wraps(view)
    def private(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        add_never_cache_headers(response)
        response["X-Robots-Tag"] = "noindex, nofollow"
        response["Referrer-Policy"] = "same-origin"
        return response

    return login_not_required(in_asked_language(private))


def shown():
    """Actions as a page shows them."""
    return Workshop.objects.select_related("site", "partner__network").prefetch_related("sessions")


def fetched(request):
    """The whole of an action to show it; what its messages tell to register for it."""
    told = Workshop.objects.select_related("site").prefetch_related("sessions")
    return told if request.method == "POST" else shown()


def her_own(request, secret: str) -> str:
    """The address of her registration, in the language that this page was asked in."""
    return reverse("workshops:hers", args=[secret]) + kept_language(request)


@login_not_required
@in_asked_language
@form_at_hand
@require_http_methods(["GET", "HEAD", "POST"])
def action(request, pk):
    """An action of the public agenda, and how to register for it."""
    found = get_object_or_404(fetched(request).filter(is_public=True), pk=pk)
    return joined(request, found, channel=Channel.HERSELF)


@hers_alone
@require_http_methods(["GET", "HEAD", "POST"])
def invited(request, pk, secret):
    """An action on invitation: the same, for who has the address."""
    found = get_object_or_404(fetched(request), pk=pk)
    if not rules.is_mac(secret, "invitation", found.pk, length=16):
        raise Http404
    return joined(request, found, channel=Channel.HERSELF)


@hers_alone
@require_http_methods(["GET", "HEAD", "POST"])
def door(request, pk, secret):
    """A partner's office registers people it accompanies; it sees how many, and no name."""
    found = get_object_or_404(fetched(request), pk=pk)
    key, _dash, _mac = secret.partition("-")
    number = whole_number(key)
    if number is None or secret != rules.door_of(found, number):
        raise Http404
    office = get_object_or_404(Office.objects.select_related("network"), pk=number)
    return joined(request, found, channel=Channel.PARTNER, office=office)


def joined(request, found, *, channel, office=None):
    at = timezone.now()
    form = forms.Guest(request.POST or None, initial={"key": uuid4()})
    status = 200
    if request.method == "POST":
        try:
            accounts.knock(
                door="workshops.registration",
                origin=origin(request.META),
                most=REGISTRATIONS_AN_HOUR,
                at=at,
            )
            if form.is_valid():
                made = services.register(
                    workshop=found,
                    who=form.who(),
                    channel=channel,
                    office=office,
                    key=form.cleaned_data["key"],
                    by=services.participants_user(at=at),
                    at=at,
                )
                if made.key == form.cleaned_data["key"]:
                    return redirect(her_own(request, rules.secret_of(made)))
                # Registered before, by another form: this one is told nothing of it.
                return TemplateResponse(request, "workshops/joined.html", {"workshop": found})
        except (services.CalledOff, services.Over, services.NoNames) as refusal:
            form.add_error(None, str(refusal))
        except accounts.TooOften as refusal:
            form.add_error(None, str(refusal))
            status = 429
        found = shown().get(pk=found.pk)
    timezone.activate(found.site.zone)
    seats = queries.seats_of(found, at=at)
    group = office.pk if office else None
    sessions = list(found.sessions.all())
    is_over = queries.begins_at(found) <= at
    is_open = found.cancelled_at is None and not is_over and found.kind != Kind.SCHOOL
    is_announced = found.is_public and office is None
    return TemplateResponse(
        request,
        "workshops/public.html",
        {
            "workshop": found,
            "sessions": sessions,
            "form": form,
            "office": office,
            "gave": queries.gave(found) if office and queries.ends_at(found) <= at else None,
            "sent": found.registrations.standing().filter(office=office).count() if office else 0,
            "seats": seats,
            "has_seat": seats.has_one_for(group),
            "is_announced": is_announced,
            "is_over": is_over,
            "is_open": is_open,
            "data": exports.event_data(found, sessions, seats, is_open=is_open) if is_announced else "",
            "others": urlencode({"commune": queries.town_of(found)}) if found.commune_code else "",
        },
        status=status if status != 200 else (422 if form.errors else 200),
    )


@hers_alone
@require_http_methods(["GET", "HEAD", "POST"])
def hers(request, secret):
    """Her own registration: her seat or her place in the line, taken or given back in one tap."""
    registration = queries.by_secret(secret)
    if registration is None:
        raise Http404
    at, refusal = timezone.now(), ""
    by = services.participants_user(at=at) if request.method == "POST" else None
    if request.method == "POST":
        try:
            match request.POST.get("act"):
                case "cancel":
                    services.give_back(registration=registration, by=by, at=at)
                case "accept":
                    services.accept(registration=registration, by=by, at=at)
        except (services.NotRegistered, services.CalledOff, services.Over, services.OfferOver) as refused:
            refusal = str(refused)
        else:
            return redirect(her_own(request, secret))
    workshop = registration.workshop
    timezone.activate(workshop.site.zone)
    starts_at = queries.begins_at(workshop)
    is_in_line = registration.is_waiting and registration.withdrawn_at is None
    return TemplateResponse(
        request,
        "workshops/hers.html",
        {
            "registration": registration,
            "workshop": workshop,
            "sessions": list(workshop.sessions.all()),
            "refusal": refusal,
            "is_over": starts_at <= at,
            "is_offered": registration.offered_until is not None and registration.offered_until > at,
            "is_free": is_in_line and queries.seats_of(workshop, at=at).has_one_for(rules.group_of(registration)),
            "before": queries.before_in_line(registration) if is_in_line else 0,
            "secret": secret,
            "drawing": exports.qr(exports.her_address(registration)),
            "has_message": rules.may_be_written_to(registration),
        },
        status=422 if refusal else 200,
    )


@hers_alone
@require_safe
def entry(request, secret):
    """The half-days for her own calendar."""
    registration = queries.by_secret(secret)
    if registration is None or registration.withdrawn_at:
        raise Http404
    return HttpResponse(
        exports.invitation(registration),
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{_("action")}.ics"'},
    )
