"""Doors of the trainings: the catalogue, the sessions, a seat, who was there, what they thought, the certificate."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from citeslab.animation import exports, forms, queries, rules, services
from citeslab.animation.enums import Competence
from citeslab.animation.models import Enrolment, Presence, Training, TrainingSession
from citeslab.animation.views.doors import calendar_file, member, pilot
from citeslab.audit import services as audit
from citeslab.core.values import whole_number


def sessions():
    return TrainingSession.objects.with_days().with_seats().select_related("training")


@require_safe
def trainings(request):
    """What comes, what is offered, what she attended; for the pilot, what is wished for."""
    on = member(request)
    at = timezone.now()
    asked = request.GET.get("competence", "")
    competence = asked if asked in Competence.values else ""
    is_pilot = rules.is_pilot(request.user, on=on)
    return TemplateResponse(
        request,
        "animation/trainings.html",
        {
            "on": on,
            "competence": Competence(competence) if competence else None,
            "to_come": queries.sessions_to_come(at),
            **queries.sessions_of(request.user),
            "catalogue": queries.catalogue(competence=competence),
            "attended": queries.attended(request.user),
            "is_pilot": is_pilot,
            "needs": queries.needs_counted(on) if is_pilot else [],
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def new_training(request):
    """An entry of the catalogue."""
    form = forms.TrainingForm(request.POST or None, on=pilot(request))
    if request.method == "POST" and form.is_valid():
        made = services.offer_training(**form.cleaned_data, by=request.user, at=timezone.now())
        messages.success(request, _("The training is in the catalogue. Give it its days."))
        return redirect("animation:training", made.pk)
    return TemplateResponse(request, "animation/training_form.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
def training(request, pk):
    """A training, and when it is held."""
    on = member(request)
    found = get_object_or_404(Training, pk=pk)
    return TemplateResponse(
        request,
        "animation/training.html",
        {
            "training": found,
            "competences": [Competence(one).label for one in found.competences],
            "sessions": sessions().filter(training=found).order_by("-starts_at", "-pk"),
            **queries.sessions_of(request.user),
            "is_pilot": rules.is_pilot(request.user, on=on),
        },
    )


@require_POST
def training_retirement(request, pk):
    """Out of the catalogue."""
    pilot(request)
    services.retire_training(training=get_object_or_404(Training, pk=pk), by=request.user, at=timezone.now())
    messages.success(request, _("The training is out of the catalogue; its sessions stay."))
    return redirect("animation:trainings")


@require_http_methods(["GET", "HEAD", "POST"])
def new_session(request, pk):
    """Days on which a training is held."""
    pilot(request)
    found = get_object_or_404(Training.objects.offered(), pk=pk)
    form = forms.SessionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        made = services.open_session(
            training=found,
            half_days=form.half_days,
            place=said["place"],
            link=said["link"],
            seats=said["seats"],
            by=request.user,
            at=timezone.now(),
        )
        messages.success(request, _("The session is open: colleagues may register."))
        return redirect("animation:session", made.pk)
    return TemplateResponse(
        request,
        "animation/session_form.html",
        {"form": form, "training": found},
        status=422 if form.errors else 200,
    )


@require_safe
def session(request, pk):
    """A session: its days, its seats, what was thought of it."""
    return session_page(request, get_object_or_404(sessions(), pk=pk), on=member(request))


def session_page(request, found, *, on, presences=None, evaluation=None, status=200):
    at = timezone.now()
    is_pilot = rules.is_pilot(request.user, on=on)
    half_days = list(found.half_days.all())
    enrolled = list(found.enrolments.seated().select_related("user").order_by("user__sort_key", "pk"))
    hers = found.enrolments.standing().filter(user=request.user).first()
    there = there_at(found, hers)
    if presences is None and is_pilot and enrolled and found.starts_at <= at:
        said = Presence.objects.standing().filter(half_day__session=found).values_list("half_day", "enrolment")
        initial: dict = {}
        for half_day, key in said:
            initial.setdefault(f"half_{half_day}", []).append(key)
        presences = forms.Presences(half_days=half_days, enrolled=enrolled, initial=initial)
    return TemplateResponse(
        request,
        "animation/session.html",
        {
            "session": found,
            "half_days": half_days,
            "has_begun": found.starts_at <= at,
            "hers": hers,
            "before_her": found.enrolments.in_line().filter(pk__lt=hers.pk).count() if hers and hers.is_waiting else 0,
            "was_there": bool(there),
            "evaluation": evaluation or (forms.EvaluationForm() if there and not hers.has_evaluated else None),
            "evaluations": queries.evaluations(found),
            "is_pilot": is_pilot,
            "enrolled": enrolled if is_pilot else [],
            "line": found.enrolments.in_line().select_related("user") if is_pilot else [],
            "presences": presences,
        },
        status=status,
    )


def there_at(found, enrolment):
    if enrolment is None:
        return []
    presences = Presence.objects.standing().filter(enrolment=enrolment).select_related("half_day")
    return list(presences.order_by("half_day__starts_at"))


@require_POST
def enrolment(request, pk):
    """Take a seat, or give it back."""
    member(request)
    found = get_object_or_404(TrainingSession, pk=pk)
    at = timezone.now()
    try:
        if request.POST.get("act") == "leave":
            hers = get_object_or_404(found.enrolments.standing(), user=request.user)
            services.leave(enrolment=hers, by=request.user, at=at)
            said = _("You are no longer registered.")
        else:
            made = services.enrol(session=found, user=request.user, by=request.user, at=at)
            said = _("You wait in line.") if made.is_waiting else _("You have a seat.")
    except (services.CalledOff, services.Begun) as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, said)
    return redirect("animation:session", pk)


@require_POST
def presences(request, pk):
    """Who was there, by half-day."""
    on = pilot(request)
    found = get_object_or_404(sessions(), pk=pk)
    enrolled = list(found.enrolments.seated().select_related("user").order_by("user__sort_key", "pk"))
    form = forms.Presences(request.POST, half_days=list(found.half_days.all()), enrolled=enrolled)
    if not form.is_valid():
        return session_page(request, found, on=on, presences=form, status=422)
    try:
        services.note_presences(session=found, there=form.there(), by=request.user, at=timezone.now())
    except (services.CalledOff, services.NotBegun) as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("The register is kept."))
    return redirect("animation:session", pk)


@require_POST
def evaluation(request, pk):
    """What someone who was there thought of it."""
    on = member(request)
    found = get_object_or_404(sessions(), pk=pk)
    form = forms.EvaluationForm(request.POST)
    if not form.is_valid():
        return session_page(request, found, on=on, evaluation=form, status=422)
    try:
        services.evaluate(session=found, user=request.user, **form.cleaned_data, at=timezone.now())
    except services.NotThere as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("Thank you. Opinions are shown five at a time: nobody knows whose they are."))
    return redirect("animation:session", pk)


@require_POST
def session_end(request, pk):
    """The session does not take place."""
    pilot(request)
    found = get_object_or_404(TrainingSession, pk=pk)
    services.call_off_session(session=found, by=request.user, at=timezone.now())
    messages.success(request, _("The session is called off. Those registered are told."))
    return redirect("animation:session", pk)


@require_safe
def certificate(request, pk):
    """The paper of who was there: hers, or anyone's (`?pour=`) for the pilot."""
    on = member(request)
    asked = whole_number(request.GET.get("pour", ""))
    known = Enrolment.objects.standing().filter(session=pk).select_related("user", "session__training")
    if asked is not None and rules.is_pilot(request.user, on=on):
        hers = get_object_or_404(known, pk=asked)
    else:
        hers = get_object_or_404(known, user=request.user)
    there = there_at(hers.session, hers)
    if not there:
        raise Http404
    at = timezone.now()
    paper, _warnings = exports.certificate(hers, there, at=at)
    audit.record("animation.certificate.made", hers, by=request.user, at=at)
    name = _("certificate")
    return HttpResponse(
        paper,
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{name}-{pk}.pdf"'},
    )


@require_safe
def session_calendar(request, pk):
    """The days of a session, for her own calendar."""
    member(request)
    found = get_object_or_404(TrainingSession.objects.select_related("training"), pk=pk)
    url = request.build_absolute_uri(reverse("animation:session", args=[pk]))
    return calendar_file(exports.session_entry(found, url=url), f"formation-{pk}")
