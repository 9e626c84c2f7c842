"""Doors of collective actions: the programme, one action, who is registered, who was there."""

import uuid

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from citeslab.accounts.models import User
from citeslab.animation.models import Method
from citeslab.audit import services as audit
from citeslab.core.values import whole_number
from citeslab.network import queries as network
from citeslab.network.models import Site
from citeslab.people.models import Person
from citeslab.territories import queries as territories
from citeslab.workshops import exports, forms, queries, services
from citeslab.workshops.enums import Channel, Kind, State
from citeslab.workshops.models import Call, Registration, Workshop

ON_A_PAGE = 25
MOST_AHEAD = 300  # of what waits for someone: all of it, on one page


def sites_of(request):
    sites = list(Site.objects.with_names_for(request.user, on=timezone.localdate()).order_by("sort_key", "pk"))
    if not sites:
        raise Http404
    return sites


def visible(request):
    return Workshop.objects.visible_to(request.user, on=timezone.localdate())


def named(request, *, on):
    """Registrations whose names this user may see: of people of her sites, and of who has no file at her actions."""
    people = Person.objects.visible_to(request.user, on=on)
    return Registration.objects.standing().filter(
        Q(person__in=people) | Q(person=None, workshop__in=Workshop.objects.visible_to(request.user, on=on))
    )


@require_safe
def workshops(request):
    """What is to come, what is to close, what was held."""
    on = timezone.localdate()
    sites = sites_of(request)
    found = queries.with_counts(Workshop.objects.visible_to(request.user, on=on)).select_related("site")
    return TemplateResponse(
        request,
        "workshops/workshops.html",
        {
            "on": on,
            "sites": sites,
            "to_close": queries.to_close(found, on=on)[:MOST_AHEAD],
            "to_come": queries.to_come(found, on=on)[:MOST_AHEAD],
            "past": Paginator(queries.past(found, on=on), ON_A_PAGE).get_page(request.GET.get("page")),
            "calls": queries.calls_to_make(found, on=on).filter(registration__in=named(request, on=on))[:MOST_AHEAD],
            "where": sites[0].name if len(sites) == 1 else None,
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def new_workshop(request):
    """Plan an action, from nothing, as a copy of one (`?comme=`) or by a method (`?methode=`)."""
    sites = sites_of(request)
    copied = request.GET.get("comme", "")
    model = visible(request).select_related("site").filter(pk=whole_number(copied)).first()
    initial = {"site": sites[0], "animators": [request.user.pk]}
    sessions = []
    if method := Method.objects.published().standing().filter(pk=whole_number(request.GET.get("methode", ""))).first():
        initial |= of_method(method)
    if model:
        timezone.activate(model.site.zone)
        initial |= {name: getattr(model, name) for name in forms.Programme.Meta.fields}
        initial |= forms.of_place(model) | {"animators": [user.pk for user in model.animators.all()], "day_0": None}
        sessions = list(model.sessions.all())
    return programmed(request, Workshop(), sites, planned, _("The action is planned."), initial, sessions, like=model)


def of_method(method):
    version = method.versions.published().order_by("-number")[0]
    return {
        "method": method.pk,
        "title": version.title,
        "audience": version.audience,
        "description": version.purpose,
    }


def planned(*, workshop, form, programme, by, at):
    return services.plan_series(workshop=workshop, programme=programme, others=form.again(), by=by, at=at)[0]


def changed(*, workshop, form, programme, by, at):
    return services.change(workshop=workshop, programme=programme, by=by, at=at)


@require_http_methods(["GET", "HEAD", "POST"])
def programme(request, pk):
    """Change what was planned; registrations follow it."""
    found = get_object_or_404(visible(request).select_related("site"), pk=pk)
    timezone.activate(found.site.zone)
    sites = sites_of(request)
    if found.site_id not in {site.pk for site in sites}:
        sites = [*sites, found.site]
    sessions = list(found.sessions.all())
    return programmed(request, found, sites, changed, _("The programme is changed."), {}, sessions)


def programmed(request, workshop, sites, act, said, initial, sessions, *, like=None):
    hers = network.advisors_of(sites, on=timezone.localdate())
    # Who leads it already, or what it is a copy of, stays on a box, of whatever site, though she left since.
    led = workshop if workshop.pk else like
    leads = led.animators.values("pk") if led else ()
    animators = User.objects.filter(Q(pk__in=hers.values("pk")) | Q(pk__in=leads)).order_by("sort_key", "pk")
    form = forms.Programme(
        request.POST or None,
        instance=workshop,
        sites=sites,
        animators=animators,
        colleagues=network.advisors(on=timezone.localdate()).exclude(pk__in=animators.values("pk")),
        sessions=sessions,
        initial=initial,
    )
    if request.method == "POST" and form.is_valid():
        try:
            saved = act(
                workshop=form.instance,
                form=form,
                programme=services.Programme(form.halves, form.leads(), form.kept()),
                by=request.user,
                at=timezone.now(),
            )
        except services.AlreadyHeld as refusal:
            form.add_error("day_0", str(refusal))
        except services.TooFew as refusal:
            form.add_error("capacity", str(refusal))
        else:
            messages.success(request, said)
            return redirect("workshops:workshop", saved.pk)
    status = 422 if form.errors else 200
    return TemplateResponse(
        request,
        "workshops/programme.html",
        {"form": form, "workshop": workshop, "has_address_service": territories.has_address_service()},
        status=status,
    )


@require_safe
def workshop(request, pk):
    """One action: its seats, its line, who was there. The read of the names is journaled."""
    found = get_object_or_404(queries.with_counts(visible(request)).select_related("site"), pk=pk)
    audit.record("workshops.workshop.read", found, by=request.user, at=timezone.now())
    return shown(request, found)


def shown(request, found, *, heads=None, guest=None, off=None, one=None, status=200):
    timezone.activate(found.site.zone)
    at = timezone.now()
    on = timezone.localdate(at)
    people = Person.objects.visible_to(request.user, on=on)
    sessions = list(found.sessions.all())
    seats, line, hidden = queries.sheet(found, sessions, people, at=at)
    counted = {(row.sex, row.age_band): row.heads for row in found.head_counts.standing()}
    words = request.GET.get("words", "").replace("\0", "")[:100]
    return TemplateResponse(
        request,
        "workshops/workshop.html",
        {
            "on": on,
            "workshop": found,
            "sessions": sessions,
            "animators": found.animators.order_by("sort_key", "pk"),
            "paying": found.agreement_shares.select_related("agreement").order_by("-share", "pk"),
            "seats": seats,
            "line": line,
            "hidden": hidden,
            "named": found.attendances.standing().filter(person__in=people).select_related("person")
            if not sessions
            else [],
            "states": State,
            "words": words,
            "found": queries.to_register(found, people, words=words),
            "heads": heads or forms.Heads(counted=counted),
            "guest": guest or forms.AdvisorsGuest(initial={"key": uuid.uuid4()}),
            "one": one or (forms.Named(initial={"key": uuid.uuid4()}) if counted else None),
            "off": off or forms.CallingOff(),
            "calls": queries.calls_to_make(Workshop.objects.filter(pk=found.pk), on=on).filter(
                registration__in=named(request, on=on)
            ),
            "places": found.place_answers.order_by("edition"),
            "balance": queries.balances(Workshop.objects.filter(pk=found.pk)).get(found.pk),
            "new_key": uuid.uuid4,
            "rooms": [
                session
                for session in sessions
                if timezone.localdate(session.starts_at) <= on <= timezone.localdate(session.ends_at)
            ],
            "opinions": queries.opinions(found),
            "given": found.opinions.count() if found.held_on <= on else 0,
            "given_since": found.opinions.filter(is_shown=False).count(),
            "is_here": found.held_on <= on and not found.cancelled_at,
            "is_open": found.cancelled_at is None and queries.begins_at(found) > at and found.kind != Kind.SCHOOL,
            "has_sheet": not found.cancelled_at
            and not (found.is_planned and found.kind == Kind.SCHOOL)
            and found.site_id in Site.objects.keys_with_names_for(request.user, on=on),
            "method_title": found.method_id and Method.objects.with_title().get(pk=found.method_id).title,
            "may_share": queries.may_become_a_method(found)
            and found.site_id in Site.objects.keys_with_names_for(request.user, on=on),
            "where": found.site.name,
        },
        status=status,
    )


@require_POST
def registering(request, pk):
    found = get_object_or_404(visible(request), pk=pk)
    people = Person.objects.visible_to(request.user, on=timezone.localdate())
    asked = whole_number(request.POST.get("person", ""))
    if asked is None:
        return back(request, found, _("Choose a person of the list."), messages.warning)
    person = get_object_or_404(people, pk=asked)
    return registered(request, found, person)


def registered(request, found, who, *, key=None):
    """By an advisor: before the action by its seats, once it has begun as someone who walks in."""
    at = timezone.now()
    channel = Channel.ADVISOR if queries.begins_at(found) > at else Channel.WALK_IN
    try:
        made = services.register(workshop=found, who=who, channel=channel, key=key, by=request.user, at=at)
    except (services.CalledOff, services.NoNames) as refusal:
        return back(request, found, str(refusal), messages.warning)
    said = (
        _("%(name)s waits in line, with the number %(number)s.")
        if made.is_waiting
        else _("%(name)s is registered, with the number %(number)s.")
    )
    return back(request, found, said % {"name": made.name, "number": made.number})


@require_POST
def guest(request, pk):
    """Someone who has no file: three fields."""
    found = get_object_or_404(queries.with_counts(visible(request)).select_related("site"), pk=pk)
    form = forms.AdvisorsGuest(request.POST)
    if not form.is_valid():
        return shown(request, found, guest=form, status=422)
    return registered(request, found, form.who(), key=form.cleaned_data["key"])


@require_POST
def unregistering(request, pk, registration_pk):
    found = get_object_or_404(visible(request), pk=pk)
    registration = of_hers(request, found, registration_pk)
    services.unregister(registration=registration, by=request.user, at=timezone.now())
    return back(request, found, _("%(name)s is no longer registered.") % {"name": registration.name})


def of_hers(request, found, registration_pk):
    names = named(request, on=timezone.localdate()).select_related("person")
    return get_object_or_404(names.filter(workshop=found), pk=registration_pk)


@require_POST
def seating(request, pk, registration_pk):
    """The seat that was offered, taken for her: she said yes on the phone."""
    found = get_object_or_404(visible(request), pk=pk)
    registration = of_hers(request, found, registration_pk)
    try:
        services.accept(registration=registration, by=request.user, at=timezone.now())
    except (services.NotRegistered, services.CalledOff, services.Over, services.OfferOver) as refusal:
        return back(request, found, str(refusal), messages.warning)
    return back(request, found, _("%(name)s has a seat.") % {"name": registration.name})


@require_POST
def calling(request, pk):
    """A call of the list, made."""
    on = timezone.localdate()
    call = get_object_or_404(
        Call.objects.filter(registration__in=named(request, on=on)).select_related("registration__workshop"), pk=pk
    )
    services.note_call(call=call, by=request.user, at=timezone.now())
    return back(request, call.registration.workshop, _("The call is noted."))


@require_POST
def marking(request, pk):
    """One tap of the list."""
    found = get_object_or_404(visible(request), pk=pk)
    form = forms.Mark(request.POST)
    if not form.is_valid():
        return back(request, found, _("This mark could not be read. Tap again."), messages.warning)
    asked, at = form.cleaned_data, timezone.now()
    try:
        services.mark(
            session=get_object_or_404(found.sessions, pk=asked["session"]),
            registration=of_hers(request, found, asked["registration"]),
            state=State(asked["state"]),
            key=asked["key"],
            told_at=asked["told_at"] or at,
            by=request.user,
            at=at,
        )
    except (services.OffProgramme, services.Forgotten) as refusal:
        return back(request, found, str(refusal), messages.warning)
    return redirect("workshops:workshop", pk)


@require_POST
def counting(request, pk):
    found = get_object_or_404(queries.with_counts(visible(request)).select_related("site"), pk=pk)
    form = forms.Heads(request.POST)
    if not form.is_valid():
        return shown(request, found, heads=form, status=422)
    try:
        services.count_heads(workshop=found, heads=form.counted(), by=request.user, at=timezone.now())
    except services.OffProgramme as refusal:
        return back(request, found, str(refusal), messages.warning)
    return back(request, found, _("The heads are counted."))


@require_POST
def naming(request, pk):
    """One of the heads counted gives her name: a person more, a head less."""
    found = get_object_or_404(queries.with_counts(visible(request)).select_related("site"), pk=pk)
    form = forms.Named(request.POST)
    if form.is_valid():
        asked = form.cleaned_data
        try:
            services.name_head(
                workshop=found,
                who=form.who(),
                sex=asked["sex"],
                age_band=asked["age_band"],
                key=asked["key"],
                by=request.user,
                at=timezone.now(),
            )
        except (services.NobodyLeft, services.NoNames, services.CalledOff) as refusal:
            form.add_error(None, str(refusal))
        else:
            return back(request, found, _("She counts by her name, and as a head no more."))
    return shown(request, found, one=form, status=422)


@require_safe
def doors(request, pk):
    """The addresses to give: of the action on invitation, and of each partner's office that registers people."""
    found = get_object_or_404(visible(request).select_related("site", "partner__network"), pk=pk)
    return TemplateResponse(
        request,
        "workshops/doors.html",
        {"workshop": found, "doors": exports.doors(found), "poster": forms.Poster(), "where": found.site.name},
    )


@require_POST
def calling_off(request, pk):
    """Call it off with a message; or, when it was, put it back on the programme."""
    found = get_object_or_404(queries.with_counts(visible(request)).select_related("site"), pk=pk)
    timezone.activate(found.site.zone)
    at = timezone.now()
    if request.POST.get("act") == "restore":
        services.restore(workshop=found, by=request.user, at=at)
        return back(request, found, _("The action is on the programme again."))
    form = forms.CallingOff(request.POST)
    if not form.is_valid():
        return shown(request, found, off=form, status=422)
    services.call_off(workshop=found, because=form.cleaned_data["because"], by=request.user, at=at)
    if queries.ends_at(found) <= at:
        return back(request, found, _("The action is called off: it counts nowhere."))
    return back(request, found, _("The action is called off: it counts nowhere. Who registered is told."))


@require_POST
def closing(request, pk):
    found = get_object_or_404(visible(request), pk=pk)
    try:
        services.close(workshop=found, by=request.user, at=timezone.now())
    except (services.OffProgramme, services.TooEarly) as refusal:
        return back(request, found, str(refusal), messages.warning)
    return back(request, found, _("The action is said to be held: it counts."))


def back(request, found, said, told=messages.success):
    told(request, said)
    return redirect("workshops:workshop", found.pk)
