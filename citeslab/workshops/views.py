"""Doors of collective actions: the programme, one action, who is registered, who was there."""

import uuid

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from citeslab.audit import services as audit
from citeslab.network import queries as network
from citeslab.network.models import Site
from citeslab.people.enums import Sex
from citeslab.people.models import Person
from citeslab.workshops import forms, queries, services
from citeslab.workshops.enums import State
from citeslab.workshops.models import Workshop

ON_A_PAGE = 25


def sites_of(request):
    sites = list(Site.objects.with_names_for(request.user, on=timezone.localdate()).order_by("sort_key", "pk"))
    if not sites:
        raise Http404
    return sites


def visible(request):
    return Workshop.objects.visible_to(request.user, on=timezone.localdate())


@require_safe
def workshops(request):
    """What is to come, what is to close, what was held."""
    on = timezone.localdate()
    sites = sites_of(request)
    found = Workshop.objects.visible_to(request.user, on=on).with_counts().select_related("site")
    return TemplateResponse(
        request,
        "workshops/workshops.html",
        {
            "on": on,
            "sites": sites,
            "to_close": queries.to_close(found, on=on)[:ON_A_PAGE],
            "to_come": queries.to_come(found, on=on)[:ON_A_PAGE],
            "past": Paginator(queries.past(found, on=on), ON_A_PAGE).get_page(request.GET.get("page")),
            "where": sites[0].name if len(sites) == 1 else None,
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def new_workshop(request):
    """Plan an action, from nothing or as a copy of one (`?comme=`)."""
    sites = sites_of(request)
    copied = request.GET.get("comme", "")
    model = visible(request).filter(pk=int(copied)).first() if copied.isdecimal() and len(copied) < 10 else None
    initial = {"site": sites[0], "animators": [request.user.pk]}
    sessions = []
    if model:
        initial |= {name: getattr(model, name) for name in forms.Programme.Meta.fields}
        initial |= {"animators": [user.pk for user in model.animators.all()], "day": None}
        sessions = list(model.sessions.all()[:2])
    return programmed(request, Workshop(), sites, services.plan, _("The action is planned."), initial, sessions)


@require_http_methods(["GET", "HEAD", "POST"])
def programme(request, pk):
    """Change what was planned; registrations follow it."""
    found = get_object_or_404(visible(request), pk=pk)
    sites = sites_of(request)
    if found.site_id not in {site.pk for site in sites}:
        sites = [*sites, found.site]
    sessions = list(found.sessions.all())
    return programmed(request, found, sites, services.change, _("The programme is changed."), {}, sessions)


def programmed(request, workshop, sites, act, said, initial, sessions):
    animators = network.advisors_of(sites, on=timezone.localdate())
    form = forms.Programme(
        request.POST or None, instance=workshop, sites=sites, animators=animators, sessions=sessions, initial=initial
    )
    if request.method == "POST" and form.is_valid():
        try:
            saved = act(
                workshop=form.instance,
                sessions=form.sessions(),
                animators=form.cleaned_data["animators"],
                by=request.user,
                at=timezone.now(),
            )
        except services.AlreadyHeld as refusal:
            form.add_error("day", str(refusal))
        else:
            messages.success(request, said)
            return redirect("workshops:workshop", saved.pk)
    status = 422 if form.errors else 200
    return TemplateResponse(request, "workshops/programme.html", {"form": form, "workshop": workshop}, status=status)


@require_safe
def workshop(request, pk):
    """One action: its seats, its line, who was there. The read of the names is journaled."""
    found = get_object_or_404(visible(request).with_counts().select_related("site"), pk=pk)
    audit.record("workshops.workshop.read", found, by=request.user, at=timezone.now())
    return shown(request, found)


def shown(request, found, *, heads=None, status=200):
    on = timezone.localdate()
    people = Person.objects.visible_to(request.user, on=on)
    sessions = list(found.sessions.all())
    seats, line, hidden = queries.sheet(found, sessions, people)
    counted = {row.sex: row.heads for row in found.head_counts.standing()}
    words = request.GET.get("words", "").replace("\0", "")[:100]
    initial = {"women": counted.get(Sex.WOMAN), "men": counted.get(Sex.MAN), "unknown": counted.get(Sex.UNKNOWN)}
    return TemplateResponse(
        request,
        "workshops/workshop.html",
        {
            "on": on,
            "workshop": found,
            "sessions": sessions,
            "animators": found.animators.order_by("sort_key", "pk"),
            "seats": seats,
            "line": line,
            "hidden": hidden,
            "named": found.attendances.standing().filter(person__in=people).select_related("person")
            if not sessions
            else [],
            "states": State,
            "words": words,
            "found": queries.to_register(found, people, words=words),
            "heads": heads or forms.Heads(initial=initial),
            "new_key": uuid.uuid4,
            "is_here": found.held_on <= on and not found.cancelled_at,
            "where": found.site.name,
        },
        status=status,
    )


@require_POST
def registering(request, pk):
    found = get_object_or_404(visible(request), pk=pk)
    people = Person.objects.visible_to(request.user, on=timezone.localdate())
    asked = request.POST.get("person", "")
    if not asked.isdecimal() or len(asked) > 18:
        return back(request, found, _("Choose a person of the list."), messages.warning)
    person = get_object_or_404(people, pk=int(asked))
    try:
        made = services.register(workshop=found, person=person, by=request.user, at=timezone.now())
    except (services.CalledOff, services.NoNames) as refusal:
        return back(request, found, str(refusal), messages.warning)
    said = _("%(name)s waits in line.") if made.is_waiting else _("%(name)s is registered.")
    return back(request, found, said % {"name": person.name})


@require_POST
def unregistering(request, pk, registration_pk):
    found = get_object_or_404(visible(request), pk=pk)
    people = Person.objects.visible_to(request.user, on=timezone.localdate())
    registration = get_object_or_404(found.registrations.filter(person__in=people), pk=registration_pk)
    services.unregister(registration=registration, by=request.user, at=timezone.now())
    return back(request, found, _("%(name)s is no longer registered.") % {"name": registration.person.name})


@require_POST
def marking(request, pk):
    """One tap of the list."""
    found = get_object_or_404(visible(request), pk=pk)
    form = forms.Mark(request.POST)
    if not form.is_valid():
        return back(request, found, _("This mark could not be read. Tap again."), messages.warning)
    asked, at = form.cleaned_data, timezone.now()
    people = Person.objects.visible_to(request.user, on=timezone.localdate(at))
    services.mark(
        session=get_object_or_404(found.sessions, pk=asked["session"]),
        registration=get_object_or_404(
            found.registrations.standing().filter(person__in=people), pk=asked["registration"]
        ),
        state=State(asked["state"]),
        key=asked["key"],
        told_at=asked["told_at"] or at,
        by=request.user,
        at=at,
    )
    return redirect("workshops:workshop", pk)


@require_POST
def counting(request, pk):
    found = get_object_or_404(visible(request).with_counts().select_related("site"), pk=pk)
    form = forms.Heads(request.POST)
    if not form.is_valid():
        return shown(request, found, heads=form, status=422)
    services.count_heads(workshop=found, heads=form.counted(), by=request.user, at=timezone.now())
    return back(request, found, _("The heads are counted."))


@require_POST
def calling_off(request, pk):
    found = get_object_or_404(visible(request), pk=pk)
    services.call_off(workshop=found, by=request.user, at=timezone.now())
    return back(request, found, _("The action is called off: it counts nowhere."))


@require_POST
def closing(request, pk):
    found = get_object_or_404(visible(request), pk=pk)
    services.close(workshop=found, by=request.user, at=timezone.now())
    return back(request, found, _("The action is said to be held: it counts."))


def back(request, found, said, told=messages.success):
    told(request, said)
    return redirect("workshops:workshop", found.pk)
