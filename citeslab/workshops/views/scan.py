"""Doors behind the code of a room, without an account: I am here, I sign, and what I thought of it."""

from uuid import uuid4

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from citeslab.accounts import services as accounts
from citeslab.core.values import origin
from citeslab.workshops import forms, queries, rules, services
from citeslab.workshops.enums import Kind
from citeslab.workshops.models import Session
from citeslab.workshops.views.public import hers_alone

# In an hour. A whole room may share one address; nobody types so many numbers.
FROM_ONE_ORIGIN, IN_ONE_ROOM = 300, 600


def half_day(session_pk):
    found = get_object_or_404(Session.objects.select_related("workshop__site"), pk=session_pk)
    if found.workshop.kind == Kind.SCHOOL:
        raise Http404
    timezone.activate(found.workshop.site.zone)
    return found


def again(request, session):
    """The code is too old, of another half-day, or nobody's."""
    return TemplateResponse(request, "workshops/scan_again.html", {"workshop": session.workshop}, status=410)


# No cookie is asked for: only a page opened in the room, while it showed that code, holds the ticket that goes with it.
@csrf_exempt
@hers_alone
@require_http_methods(["GET", "HEAD", "POST"])
def scan(request, session_pk, code):
    """Who she is, her signature, one button. Sent late or several times, it is told once, when the code was shown."""
    session, at = half_day(session_pk), timezone.now()
    shown_at = rules.shown_at(session, code, at=at)
    if shown_at is None or session.workshop.cancelled_at:
        return again(request, session)
    if request.method != "POST":
        return page(request, session, code) if rules.scanned_now(session, code, at=at) else again(request, session)
    if not rules.is_ticket_of(request.POST.get("ticket", "")[:40], session, code):
        return again(request, session)
    walks_in = request.POST.get("act") == "walk_in"
    form = forms.WalkIn(request.POST, auto_id="new_%s") if walks_in else forms.CheckIn(request.POST)
    status = 422
    try:
        accounts.knock(door="workshops.scan", origin=origin(request.META), most=FROM_ONE_ORIGIN, at=at)
        accounts.knock(door=f"workshops.scan:{session.pk}", origin="", most=IN_ONE_ROOM, at=at)
        who = whom(session, form, walks_in) if form.is_valid() else None
        if who is not None:
            services.check_in(
                session=session,
                who=who,
                strokes=form.drawing,
                key=form.cleaned_data["key"],
                told_at=shown_at,
                by=services.participants_user(at=at),
                at=at,
            )
            return redirect(reverse("workshops:opinion", args=[session.pk, code]) + "?note=1")
    except accounts.TooOften as refusal:
        form.add_error(None, str(refusal))
        status = 429
    except services.NotADrawing as refusal:
        form.add_error(None, str(refusal))
    except services.CalledOff:  # meanwhile: what the advisor is to do about it is not for her
        form.add_error(None, str(services.CalledOff()))
    return page(request, session, code, **{"walk_in" if walks_in else "form": form}, status=status)


def whom(session, form, walks_in):
    """The one registration that she can be, or who she says she is; else the form says what is missing."""
    if walks_in:
        return form.who()
    found = queries.who_says(session.workshop, form.number, phone=form.phone, email=form.email)
    if len(found) > 1 and form.cleaned_data["first_name"]:
        found = queries.of_first_name(found, form.cleaned_data["first_name"])
        if not found:
            form.ask_first_name(_("Nobody with this first name gave this. Write your number instead."))
            return None
    if len(found) > 1:
        form.ask_first_name(_("Several people gave this. Write your number instead, or your first name below."))
    elif not found:
        form.add_error("who", _("Nobody on the list has this. Check it, or use “I am not on the list” below."))
    return found[0] if len(found) == 1 else None


def page(request, session, code, *, form=None, walk_in=None, status=200):
    ticket = rules.ticket_of(session, code)
    # One key for both: whichever she sends, and however often, she is there once.
    initial = {"key": uuid4(), "ticket": ticket}
    return TemplateResponse(
        request,
        "workshops/scan.html",
        {
            "workshop": session.workshop,
            "session": session,
            "code": code,
            "form": form or forms.CheckIn(initial=initial),
            "walk_in": walk_in or forms.WalkIn(initial=initial, auto_id="new_%s"),
            "is_walk_in": walk_in is not None,
        },
        status=status,
    )


@csrf_exempt
@hers_alone
@require_http_methods(["GET", "HEAD", "POST"])
def opinion(request, session_pk, code):
    """Three faces, by whoever has scanned the code, on her way out or instead of signing."""
    session, at = half_day(session_pk), timezone.now()
    shown_at = rules.shown_at(session, code, at=at)
    if shown_at is None:
        return again(request, session)
    form = forms.Opinion(request.POST or None, initial={"key": uuid4()})
    status = 200
    if request.method == "POST":
        status = 422
        try:
            accounts.knock(door="workshops.opinion", origin=origin(request.META), most=FROM_ONE_ORIGIN, at=at)
            if form.is_valid():
                asked = form.cleaned_data
                services.give_opinion(
                    workshop=session.workshop,
                    faces={name: asked[name] for name in ("useful", "understood", "next_step")},
                    key=asked["key"],
                    on=timezone.localdate(shown_at),
                )
                return redirect(reverse("workshops:opinion", args=[session.pk, code]) + "?merci=1")
        except accounts.TooOften as refusal:
            form.add_error(None, str(refusal))
            status = 429
    return TemplateResponse(
        request,
        "workshops/opinion.html",
        {
            "workshop": session.workshop,
            "form": form,
            "is_noted": "note" in request.GET,
            "is_thanked": "merci" in request.GET,
        },
        status=status,
    )
