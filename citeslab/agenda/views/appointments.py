"""An appointment: booked from a person's page, moved, cancelled, and what came of it."""

from itertools import groupby

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from citeslab.agenda import forms, queries, rules, services
from citeslab.agenda.enums import Outcome, Reason
from citeslab.agenda.models import Appointment
from citeslab.network import queries as network
from citeslab.people.models import Person
from citeslab.ui.values import moment

DAYS_AHEAD = 15
REFUSALS = (
    services.SlotTaken,
    services.AdvisorAway,
    services.AlreadyPast,
    services.NotAtHerSite,
    services.NoLongerStands,
    services.ChangedMeanwhile,
    services.NotYet,
)
# Where an act was made from, and where its answer goes back to.
BACK = {"today": "desk:home", "week": "agenda:week"}


def visible(request):
    rows = Appointment.objects.visible_to(request.user, on=timezone.localdate())
    return rows.select_related("person__site", "contact__site", "advisor", "site", "cancelled_by", "outcome_by")


def advisor_asked(request, advisors, default):
    """The advisor of the address, if she receives people there."""
    asked = request.GET.get("avec", "")
    by_key = {str(one.pk): one for one in advisors}
    return by_key.get(asked) or by_key.get(str(default.pk)) or (advisors[0] if advisors else default)


def by_day(slots):
    return [(day, list(times)) for day, times in groupby(slots, key=lambda slot: timezone.localdate(slot.starts_at))]


def chips(advisors, current):
    return [{"label": one.name, "url": f"?avec={one.pk}", "current": one == current} for one in advisors]


@require_http_methods(["GET", "HEAD", "POST"])
def booking(request, pk):
    """Keep a time for a person: a free slot in one tap, or another day and hour."""
    at = timezone.now()
    person = get_object_or_404(
        Person.objects.visible_to(request.user, on=timezone.localdate(at)).select_related("site"), pk=pk
    )
    timezone.activate(person.site.zone)
    advisors = list(network.advisors_of([person.site], on=timezone.localdate(at)))
    advisor = advisor_asked(request, advisors, request.user)
    slots = queries.free_slots(advisor=advisor, since=at, days=DAYS_AHEAD)
    form = forms.Booking(request.POST or None, ways=rules.ways_to_tell(person), slots=slots)
    if request.method == "POST" and form.is_valid():
        try:
            booked = services.book(person=person, advisor=advisor, by=request.user, at=at, **form.wanted())
        except REFUSALS as refusal:
            form.add_error(None, str(refusal))
            slots = queries.free_slots(advisor=advisor, since=at, days=DAYS_AHEAD)
        else:
            messages.success(
                request, _("The appointment is booked: %(moment)s.") % {"moment": moment(booked.starts_at)}
            )
            return redirect("agenda:appointment", booked.pk)
    return TemplateResponse(
        request,
        "agenda/booking.html",
        {
            "person": person,
            "advisor": advisor,
            "chips": chips(advisors, advisor) if len(advisors) > 1 else [],
            "days": by_day(slots),
            "form": form,
            "following": queries.next_appointment(person, at=at),
            "where": person.site.name,
        },
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def moving(request, pk):
    """Another time, or another advisor of the site."""
    at = timezone.now()
    found = get_object_or_404(visible(request), pk=pk)
    timezone.activate(found.site.zone)
    advisors = list(network.advisors_of([found.who.site], on=timezone.localdate(at)))
    advisor = advisor_asked(request, advisors, found.advisor)
    slots = queries.free_slots(advisor=advisor, since=at, days=DAYS_AHEAD)
    form = forms.Moving(request.POST or None, slots=slots, initial=forms.Moving.as_it_is(found))
    if request.method == "POST" and form.is_valid():
        try:
            moved = services.move(appointment=found, advisor=advisor, by=request.user, at=at, **form.wanted())
        except REFUSALS as refusal:
            form.add_error(None, str(refusal))
            slots = queries.free_slots(advisor=advisor, since=at, days=DAYS_AHEAD)
        else:
            said = _("The appointment is moved: %(moment)s.")
            messages.success(request, said % {"moment": moment(moved.starts_at)})
            return redirect("agenda:appointment", moved.pk)
    return TemplateResponse(
        request,
        "agenda/moving.html",
        {
            "appointment": found,
            "person": found.who,
            "advisor": advisor,
            "chips": chips(advisors, advisor) if len(advisors) > 1 else [],
            "days": by_day(slots),
            "form": form,
            "where": found.who.site.name,
        },
        status=422 if form.errors else 200,
    )


@require_safe
def appointment(request, pk):
    """One appointment, and what can be done with it."""
    at = timezone.now()
    found = get_object_or_404(visible(request), pk=pk)
    timezone.activate(found.site.zone)
    return TemplateResponse(
        request,
        "agenda/appointment.html",
        {
            "appointment": found,
            "has_begun": found.starts_at <= at,
            "asked": found.move_requests.filter(settled_at=None).first(),
            "reasons": [reason for reason in Reason if reason != Reason.HER_LINK],
            "on": timezone.localdate(at),
            "where": found.who.site.name,
        },
    )


@require_POST
def cancellation(request, pk):
    """Cancel it; the page that answers offers to undo."""
    found = get_object_or_404(visible(request), pk=pk)
    reason = request.POST.get("reason", "")
    if reason not in Reason.values or reason == Reason.HER_LINK:
        reason = Reason.PERSON
    try:
        services.cancel(appointment=found, reason=reason, by=request.user, at=timezone.now())
    except services.NoLongerStands as refusal:
        messages.error(request, str(refusal))
    return redirect("agenda:appointment", pk)


@require_POST
def restoration(request, pk):
    """Undo a cancellation."""
    found = get_object_or_404(visible(request), pk=pk)
    try:
        services.restore(appointment=found, by=request.user, at=timezone.now())
    except REFUSALS as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The appointment stands again."))
    return redirect("agenda:appointment", pk)


@require_POST
def outcome(request, pk):
    """She came, or did not, in one tap; an empty answer takes back what was noted."""
    found = get_object_or_404(visible(request), pk=pk)
    said = request.POST.get("outcome", "")
    at = timezone.now()
    try:
        if said in Outcome.values:
            services.note_outcome(appointment=found, outcome=said, by=request.user, at=at)
        else:
            services.forget_outcome(appointment=found, by=request.user, at=at)
    except REFUSALS as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("It is noted.") if said in Outcome.values else _("It is taken back."))
    name = BACK.get(request.POST.get("back", ""))
    return redirect(reverse(name) if name else reverse("agenda:appointment", args=[pk]))
