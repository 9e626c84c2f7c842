"""First contacts: who waits, what came of it, whose file it is; and whether the public pages name the advisor."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from citeslab.agenda import forms, queries, services
from citeslab.agenda.enums import ContactOutcome
from citeslab.agenda.models import FirstContact
from citeslab.core.values import whole_number
from citeslab.network.models import Site
from citeslab.people.models import Person

ON_A_PAGE = 30
LATELY = 10
# What an advisor says of it herself; the others follow from an act.
SAID = (ContactOutcome.TRIED, ContactOutcome.SPOKEN, ContactOutcome.ELSEWHERE, ContactOutcome.EMPTY)


def visible(request):
    return FirstContact.objects.visible_to(request.user, on=timezone.localdate())


@require_safe
def contacts(request):
    """Who waits at her sites, the longest first; then what was settled lately."""
    on = timezone.localdate()
    sites = list(Site.objects.with_names_for(request.user, on=on))
    if not sites:
        raise Http404
    waiting = visible(request).waiting().with_tries().select_related("site")
    return TemplateResponse(
        request,
        "agenda/contacts.html",
        {
            "on": on,
            "page": Paginator(waiting, ON_A_PAGE).get_page(request.GET.get("page")),
            "settled": queries.contacts_settled(request.user, on=on, lines=LATELY),
            "sites": sites,
        },
    )


@require_safe
def contact(request, pk):
    """One of them: what she asks, what was done, and the files that may be hers."""
    return shown(request, get_object_or_404(visible(request).select_related("site", "person"), pk=pk))


def shown(request, found, form=None):
    on = timezone.localdate()
    timezone.activate(found.site.zone)
    words = request.GET.get("words", "")[:100].strip()
    people = Person.objects.visible_to(request.user, on=on)
    answers = list(found.answers.standing().select_related("recorded_by").order_by("-recorded_at", "-pk"))
    return TemplateResponse(
        request,
        "agenda/contact.html",
        {
            "on": on,
            "contact": found,
            "appointments": list(found.appointments.select_related("advisor").order_by("starts_at", "pk")),
            "answers": answers,
            "settled": next((one for one in answers if one.outcome != ContactOutcome.TRIED), None),
            "outcomes": SAID,
            "words": words,
            "candidates": [] if found.person else queries.candidates(found, people, words=words),
            "form": form or forms.NewFile(initial=forms.NewFile.named(found)),
            "where": found.site.name,
        },
        status=422 if form and form.errors else 200,
    )


@require_POST
def contact_answer(request, pk):
    """What came of it; nothing takes the last answer back."""
    found = get_object_or_404(visible(request), pk=pk)
    outcome, at = request.POST.get("outcome", ""), timezone.now()
    if outcome in SAID:
        services.answer(contact=found, outcome=outcome, by=request.user, at=at)
        messages.success(request, _("It is noted."))
    else:
        services.take_answer_back(contact=found, by=request.user, at=at)
        messages.success(request, _("It is taken back."))
    if request.POST.get("back") == "today":
        return redirect("desk:home")
    return redirect("agenda:contact", pk)


@require_POST
def contact_file(request, pk):
    """Whose file it is: one that is there, or a new one."""
    found = get_object_or_404(visible(request).select_related("site", "person"), pk=pk)
    at = timezone.now()
    if asked := request.POST.get("person", ""):
        people = Person.objects.visible_to(request.user, on=timezone.localdate(at))
        person = get_object_or_404(people, pk=whole_number(asked))
        services.join(contact=found, person=person, by=request.user, at=at)
    else:
        form = forms.NewFile(request.POST)
        if not form.is_valid():
            return shown(request, found, form)
        services.open_file(contact=found, **form.cleaned_data, by=request.user, at=at)
    messages.success(request, _("It is in her file now, with what she had booked."))
    return redirect("agenda:contact", pk)


@require_POST
def contact_parting(request, pk):
    """It was someone else: the first contact waits again."""
    found = get_object_or_404(visible(request), pk=pk)
    services.part(contact=found, by=request.user, at=timezone.now())
    messages.success(request, _("The file and this first contact are apart again."))
    return redirect("agenda:contact", pk)


@require_http_methods(["GET", "HEAD", "POST"])
def public_name(request):
    """Does the public page say who she is? Her consent, given and taken back in one tap."""
    at = timezone.now()
    sites = list(Site.objects.with_names_for(request.user, on=timezone.localdate(at)))
    if not sites:
        raise Http404
    standing = queries.public_names([request.user.pk]).get(request.user.pk)
    initial = {"first_name": standing.first_name if standing else request.user.name.split()[0]}
    initial["speaks"] = standing.speaks if standing else ""
    form = forms.PublicName(request.POST or None, initial=initial)
    if request.method == "POST":
        if request.POST.get("act") == "hide":
            services.hide_name(advisor=request.user, by=request.user, at=at)
            messages.success(request, _("The public pages name your site alone, within a minute."))
            return redirect("agenda:public_name")
        if form.is_valid():
            services.show_name(advisor=request.user, **form.cleaned_data, by=request.user, at=at)
            messages.success(request, _("The public pages say it from now on."))
            return redirect("agenda:public_name")
    return TemplateResponse(
        request,
        "agenda/public_name.html",
        {"standing": standing, "form": form, "sites": sites},
        status=422 if form.errors else 200,
    )
