"""Doors of people: a new file, who she is, where she lives, and the addresses that wait for a human."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from citeslab.audit import services as audit
from citeslab.core.values import dialled, whole_number
from citeslab.network.models import Site
from citeslab.people import forms, queries, services
from citeslab.people.models import Person, ResidenceAnswer
from citeslab.territories import queries as territories
from citeslab.territories.gateways import AddressesUnavailable
from citeslab.territories.values import edition_in_force, territory_of

ON_A_PAGE = 25
LATELY_DECIDED = 5


def visible(request):
    return Person.objects.visible_to(request.user, on=timezone.localdate())


def sent(request):
    """What a form is given: an empty sending is a sending."""
    return request.POST if request.method == "POST" else None


def person_of(request, pk) -> Person:
    return get_object_or_404(visible(request).select_related("site"), pk=pk)


def her_page(person: Person, anchor: str = ""):
    return redirect(reverse("desk:person", args=[person.pk]) + anchor)


def for_who_opens_files(request) -> None:
    """What helps a form along is for who may fill it in."""
    if not Site.objects.with_names_for(request.user, on=timezone.localdate()).exists():
        raise Http404


def read(request, person: Person) -> None:
    """Her file was shown: the journal says so."""
    if request.method != "POST":
        audit.record("people.person.read", person, by=request.user, at=timezone.now())


# -- a new file -------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def new(request):
    """Open a file in three fields; the same form sent twice opens one."""
    today, people = timezone.localdate(), visible(request)
    sites = Site.objects.with_names_for(request.user, on=today).order_by("sort_key", "pk")
    if not sites:
        raise Http404
    form = forms.NewPerson(sent(request), sites=sites, visible=people, today=today)
    asked = searched(request, form)
    if request.method == "POST" and not asked and form.is_valid():
        identity = form.identity
        person = services.create_person(
            site=form.only_site or form.cleaned_data["site"],
            **identity,
            home=form.cleaned_data["home"],
            same_household_as=form.cleaned_data["same_household"],
            by=request.user,
            at=timezone.now(),
            key=form.cleaned_data["key"],
        )
        messages.success(request, _("The file is open."))
        return her_page(person)
    return TemplateResponse(
        request,
        "people/new.html",
        {
            "form": form,
            **contact_context(request, people),
            "has_more": asked or bool(form.errors.keys() - {"first_name", "preferred_name", "contact", "site"}),
            **address_context(asked),
        },
        status=422 if form.is_bound and form.errors and not asked else 200,
    )


def contact_context(request, people) -> dict:
    return {"same_contact": known_contacts(request, people), "ticked": request.POST.getlist("same_household")}


def known_contacts(request, people) -> list[Person]:
    """Who is reached by what is typed here, at her own sites."""
    typed = [request.POST.get(name, "").strip() for name in ("contact", "other_contact")]
    phones = [dialled(text) for text in typed if text and "@" not in text]
    emails = [text for text in typed if "@" in text]
    found: dict[int, Person] = {}
    for phone in filter(None, phones):
        found |= {one.pk: one for one in queries.same_contact(people, phone=phone)}
    for email in emails:
        found |= {one.pk: one for one in queries.same_contact(people, email=email)}
    return list(found.values())


@require_POST
def same_contact(request):
    """While a number is typed: whose it is too. Nothing is written."""
    for_who_opens_files(request)
    return TemplateResponse(request, "people/same_contact.html", contact_context(request, visible(request)))


# -- who she is -------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request, pk):
    """Correct who she is; someone else's change since is shown, and nothing typed is lost."""
    person = person_of(request, pk)
    read(request, person)
    form = forms.Identity(sent(request), person=person, today=timezone.localdate())
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            changed = services.correct_person(
                person=person, wrote=form.wrote, seen=form.seen_values, by=request.user, at=timezone.now()
            )
        except services.ChangedMeanwhile as refusal:
            form.meet(refusal.now)
            status = 422
            person.refresh_from_db()
        else:
            if changed:
                messages.success(request, _("The file is corrected."))
            return her_page(person)
    return TemplateResponse(
        request,
        "people/edit.html",
        {"form": form, "person": person, "where": person.site.name},
        status=422 if form.errors else status,
    )


@require_POST
def household(request, pk):
    """Say that two people live under one roof."""
    person = person_of(request, pk)
    services.tie_household(
        person=person,
        other=get_object_or_404(visible(request).exclude(pk=pk), pk=whole_number(request.POST.get("other", ""))),
        by=request.user,
        at=timezone.now(),
    )
    messages.success(request, _("Noted: they live under one roof."))
    return her_page(person)


@require_POST
def household_end(request, pk, tie):
    """Take it back."""
    person = person_of(request, pk)
    ties = {known.pk: known for known, _other in queries.household(person, visible=visible(request))}
    if tie not in ties:
        raise Http404
    services.untie_household(tie=ties[tie], by=request.user, at=timezone.now())
    messages.success(request, _("Noted: they no longer share a household."))
    return her_page(person)


# -- where she lives --------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def residence(request, pk):
    """Her address, and at once whether it is in a priority neighborhood."""
    person, today = person_of(request, pk), timezone.localdate()
    read(request, person)
    home = queries.home_of(person, visible=visible(request), on=today)
    form = forms.Residence(sent(request), has_home=bool(home.residence), today=today)
    asked = searched(request, form)
    if request.method == "POST" and not asked and form.is_valid():
        try:
            services.record_home(
                person=person,
                home=form.cleaned_data["home"],
                moved_on=form.move,
                by=request.user,
                at=timezone.now(),
            )
        except services.MoveBeforeHome as refusal:
            form.add_error("moved_on", str(refusal))
        else:
            messages.success(request, _("The address is noted. What is known of it is under Where she lives."))
            return her_page(person, "#residence")
    return TemplateResponse(
        request,
        "people/residence.html",
        {"form": form, "person": person, "home": home, "where": person.site.name, **address_context(asked)},
        status=422 if form.is_bound and form.errors and not asked else 200,
    )


def searched(request, form) -> list | None:
    """The suggestions asked for by the search button, for who has no script; `None` when it was not pressed.

    The Enter key presses the first button of a form: without an address to search, it meant the last one.
    """
    if "search" not in request.POST or not request.POST.get("address", "").strip():
        return None
    form.is_valid()
    return suggested(request.POST.get("address", ""))[0]


def suggested(text: str) -> tuple[list, bool]:
    """(suggestion, as the form sends it back) pairs, and whether the service answered."""
    try:
        found = territories.suggested_addresses(text)
    except AddressesUnavailable:
        return [], False
    return [(one, forms.packed(one, asked=text.strip())) for one in found], True


def address_context(asked: list | None) -> dict:
    return {"has_address_service": territories.has_address_service(), "was_searched": asked is not None, "found": asked}


@require_POST
def addresses(request):
    """While an address is typed: what the service proposes. Sent in the body, so that no log keeps an address."""
    for_who_opens_files(request)
    found, answered = suggested(request.POST.get("address", ""))
    return TemplateResponse(request, "people/addresses.html", {"found": found, "answered": answered})


@require_POST
def communes(request):
    """While a commune is typed: those that begin so."""
    for_who_opens_files(request)
    found = territories.communes_like(request.POST.get("commune", ""))
    return TemplateResponse(request, "people/communes.html", {"found": found})


@require_POST
def commune_map(request):
    """The outlines of a commune, to point at a home."""
    for_who_opens_files(request)
    found = territories.commune_named(request.POST.get("commune", ""))
    drawn = None
    if len(found) == 1:
        commune, today = found[0], timezone.localdate()
        territory = territory_of(commune.longitude or 2.0, commune.latitude or 47.0)
        drawn = territories.map_of_commune(commune=commune, edition=edition_in_force(territory, today))
    return TemplateResponse(request, "people/commune_map.html", {"map": drawn})


# -- the addresses that wait for a human ------------------------------------------------------------------------------


@require_safe
def to_check(request):
    """The addresses that the map cannot settle alone, and what was decided lately."""
    today, people = timezone.localdate(), visible(request)
    if not Site.objects.with_names_for(request.user, on=today).exists():
        raise Http404
    page = Paginator(queries.to_check(people, on=today), ON_A_PAGE).get_page(request.GET.get("page"))
    decided = list(queries.decided(people, on=today)[:LATELY_DECIDED])
    codes = {answer.qpv_code for answer in (*page, *decided)}
    return TemplateResponse(
        request,
        "people/to_check.html",
        {"page": page, "decided": decided, "qpv_names": queries.qpv_names(codes)},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def decision(request, pk):
    """One address on its map: does she live in it?"""
    today = timezone.localdate()
    answer = get_object_or_404(
        ResidenceAnswer.objects.filter(residence__person__in=visible(request)).select_related(
            "residence__person__site", "release"
        ),
        pk=pk,
    )
    if answer.withdrawn_at or answer.answer != "TO_CHECK":
        messages.info(request, str(services.NothingToDecide()))
        return her_page(answer.residence.person, "#residence")
    read(request, answer.residence.person)
    candidates, drawn = queries.candidates(answer)
    form = forms.Decision(sent(request), codes=list(candidates))
    if request.method == "POST" and form.is_valid():
        try:
            services.decide(
                answer=answer,
                qpv_code=form.qpv_code,
                grounds=form.cleaned_data["grounds"],
                reason=form.cleaned_data["reason"],
                by=request.user,
                at=timezone.now(),
            )
        except services.NothingToDecide as refusal:
            messages.info(request, str(refusal))
            return her_page(answer.residence.person, "#residence")
        messages.success(request, _("Your decision is kept. You can take it back below."))
        return redirect("people:to_check")
    return TemplateResponse(
        request,
        "people/decision.html",
        {
            "answer": answer,
            "person": answer.residence.person,
            "residence": answer.residence,
            "candidates": candidates,
            "map": drawn,
            "form": form,
            "on": today,
            "where": answer.residence.person.site.name,
        },
        status=422 if form.errors else 200,
    )


@require_POST
def decision_undoing(request, pk):
    """Take a decision back: the address waits again."""
    answer = get_object_or_404(
        ResidenceAnswer.objects.filter(residence__person__in=visible(request)).select_related("residence__person"),
        pk=pk,
    )
    try:
        waiting = services.undo_decision(answer=answer, by=request.user, at=timezone.now())
    except services.NothingToDecide as refusal:
        messages.info(request, str(refusal))
        return her_page(answer.residence.person, "#residence")
    messages.success(request, _("Taken back: this address waits to be checked again."))
    return redirect("people:decision", waiting.pk)
