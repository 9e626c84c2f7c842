"""The advisor's pages: what a person was told and agreed to, her code, her requests, her file kept or erased."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from citeslab.audit import services as audit
from citeslab.network.models import Site
from citeslab.people.models import Person
from citeslab.rights import forms, queries, services
from citeslab.rights.enums import Ground, Purpose, Said, Way

LINES = 50


def visible(request):
    return Person.objects.visible_to(request.user, on=timezone.localdate())


def seen(request, pk):
    return get_object_or_404(visible(request).select_related("site"), pk=pk)


@require_safe
def waiting(request):
    """What people of her sites ask, and whose file is about to be closed."""
    on = timezone.localdate()
    if not Site.objects.with_names_for(request.user, on=on).exists():
        raise Http404
    people = visible(request)
    return TemplateResponse(
        request,
        "rights/waiting.html",
        {
            "on": on,
            "requests": [(one, forms.Answer(prefix=f"r{one.pk}")) for one in queries.requests_waiting(people)[:LINES]],
            "closings": queries.closings(people, on=on)[:LINES],
        },
    )


@require_safe
def person(request, pk):
    """All about one person's rights. Like her page, reading it is journaled."""
    return shown(request, seen(request, pk))


def shown(request, person, *, status=200, **bound):
    on, at = timezone.localdate(), timezone.now()
    audit.record("people.person.read", person, by=request.user, at=at)
    last = queries.last_contact_on(person, on=on)
    told = {
        "person": person,
        "card": queries.card(person, on=on),
        "requests": person.correction_requests.select_related("answered_by").order_by("-asked_at", "-pk"),
        "last_contact_on": last,
        "ends_on": queries.end_of(last),
        "told": forms.Told(),
        "news": forms.News(),
        "kept": forms.Kept(),
        "answer": forms.Answer(),
        "where": person.site.name,
    }
    return TemplateResponse(request, "rights/person.html", told | bound, status=status)


@require_POST
def notice(request, pk):
    """One tap: she was told."""
    person = seen(request, pk)
    form = forms.Told({"way": request.POST.get("way", Way.SPOKEN)})
    if not form.is_valid():
        return shown(request, person, told=form, status=422)
    services.give_notice(person=person, way=Way(form.cleaned_data["way"]), by=request.user, at=timezone.now())
    messages.success(request, _("Noted: the information was given."))
    return redirect("desk:person" if request.POST.get("from") == "person" else "rights:person", pk)


@require_POST
def consent(request, pk):
    """What she says about one purpose, effective at once."""
    person = seen(request, pk)
    form = forms.Agreed(request.POST)
    if not form.is_valid():
        raise Http404
    services.say_consent(
        person=person,
        purpose=Purpose(form.cleaned_data["purpose"]),
        said=Said(form.cleaned_data["said"]),
        way=Way.SPOKEN,
        by=request.user,
        at=timezone.now(),
    )
    messages.success(request, _("Noted. It holds from now on."))
    return redirect("rights:person", pk)


@never_cache
@require_POST
def code(request, pk):
    """A code for her, shown once: to print, or to tell."""
    person = seen(request, pk)
    try:
        row, written = services.give_code(person=person, by=request.user, at=timezone.now())
    except services.NothingToCheck as refusal:
        return shown(request, person, refusal=str(refusal), status=422)
    address = f"{settings.PUBLIC_URL}{reverse('rights:door')}"
    told = {"person": person, "code": written, "row": row, "address": address, "where": person.site.name}
    return TemplateResponse(request, "rights/code.html", told)


@require_POST
def still_in_touch(request, pk):
    person = seen(request, pk)
    form = forms.News(request.POST)
    if not form.is_valid():
        return shown(request, person, news=form, status=422)
    services.say_still_in_touch(
        person=person, reason=form.cleaned_data["reason"], way=Way.SPOKEN, by=request.user, at=timezone.now()
    )
    messages.success(request, _("Noted: you are still in touch. The file stays open."))
    return redirect("rights:person", pk)


@require_POST
def hold(request, pk):
    """Keep the file for a time, because the law asks it; or no longer."""
    person = seen(request, pk)
    if "release" in request.POST:
        services.release_hold(person=person, by=request.user, at=timezone.now())
        messages.success(request, _("Noted: nothing asks to keep this file any more."))
        return redirect("rights:person", pk)
    form = forms.Kept(request.POST)
    if not form.is_valid():
        return shown(request, person, kept=form, status=422)
    services.hold(
        person=person,
        ground=Ground(form.cleaned_data["ground"]),
        until=form.cleaned_data["until"],
        by=request.user,
        at=timezone.now(),
    )
    messages.success(request, _("Noted: this file is kept until then."))
    return redirect("rights:person", pk)


@require_http_methods(["GET", "HEAD", "POST"])
def erasure(request, pk):
    """What erasing does, then erase."""
    person = seen(request, pk)
    refusal = ""
    if request.method == "POST":
        try:
            services.erase(person=person, by=request.user, at=timezone.now())
        except services.MustBeKept as refused:
            refusal = str(refused)
        else:
            messages.success(request, _("The file is erased. The figures of past years did not move."))
            return redirect("desk:people")
    told = {"person": person, "refusal": refusal, "where": person.site.name}
    return TemplateResponse(request, "rights/erasure.html", told, status=422 if refusal else 200)


@require_POST
def answer(request, pk):
    """Answer what a person asked."""
    asked = get_object_or_404(queries.CorrectionRequest.objects.filter(person__in=visible(request)), pk=pk)
    prefix = f"r{asked.pk}" if f"r{asked.pk}-answer" in request.POST else None
    form = forms.Answer(request.POST, prefix=prefix)
    if form.is_valid():
        try:
            services.answer_request(
                request=asked, answer=form.cleaned_data["answer"], by=request.user, at=timezone.now()
            )
        except services.AlreadyAnswered as refusal:
            messages.warning(request, str(refusal))
        else:
            messages.success(request, _("The answer is in her space."))
        return redirect("rights:person", asked.person_id)
    return shown(request, seen(request, asked.person_id), answer=form, status=422)
