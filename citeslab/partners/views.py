"""Doors of the directory of partners: found, added, corrected."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from citeslab.core.values import whole_number
from citeslab.network import rules
from citeslab.network.enums import Role
from citeslab.network.models import Site
from citeslab.partners import forms, queries, services
from citeslab.partners.models import Contact, Network, Offer, Office

ON_A_PAGE = 25


def keeper(request):
    """The sites that she sees by name, none for the pilot: the directory is for those who refer people, and for her."""
    on = timezone.localdate()
    sites = list(Site.objects.with_names_for(request.user, on=on).order_by("sort_key"))
    if not sites and Role.PILOT not in rules.roles(request.user, on=on):
        raise Http404
    return sites


def referrer(request):
    """Who sees names alone reads and keeps those of contacts."""
    if not keeper(request):
        raise Http404


@require_safe
def offices(request):
    """The offices near her, or those that she searches."""
    sites = keeper(request)
    near = {"department": sites[0].department_id} if sites else {}
    form = forms.DirectoryFilter(request.GET or near)
    is_valid = form.is_valid()
    asked = form.cleaned_data
    found = queries.directory(
        words=asked.get("words", ""),
        purpose=asked.get("purpose", ""),
        department=asked["department"].pk if asked.get("department") else "",
        commune=asked.get("commune"),
        amount_cents=asked.get("amount"),
        on=timezone.localdate(),
    )
    # What was not understood is said; a list that leaves it aside would answer another question.
    is_unclear = not is_valid and {"commune", "amount"} & form.errors.keys()
    page = Paginator(found.none() if is_unclear else found, ON_A_PAGE).get_page(request.GET.get("page"))
    return TemplateResponse(
        request,
        "partners/offices.html",
        {
            "form": form,
            "page": page,
            "networks": queries.networks(),
            "is_unclear": bool(is_unclear),
            "sees_names": bool(sites),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def new_office(request):
    """An office that the directory does not know yet."""
    sites = keeper(request)
    form = forms.NewOffice(request.POST or None, initial={"department": sites[0].department_id} if sites else {})
    if request.method == "POST" and form.is_valid():
        try:
            office = services.open_office(**form.said(), by=request.user, at=timezone.now())
        except services.OfficeKnown as refusal:
            form.add_error("name", str(refusal))
        else:
            return redirect("partners:new_contact" if sites else "desk:office", office.pk)
    return TemplateResponse(request, "partners/office_form.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def office(request, pk):
    """Correct an office."""
    keeper(request)
    found = get_object_or_404(Office.objects.select_related("network"), pk=pk)
    names = ("name", "department", "phone", "address", "city")
    initial = {name: getattr(found, name) for name in names} | {"communes": "\n".join(found.commune_codes)}
    form = forms.OfficeForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.correct_office(office=found, **form.said(), by=request.user, at=timezone.now())
        except services.OfficeKnown as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, _("The office is corrected."))
            return redirect("desk:office", pk)
    return TemplateResponse(
        request, "partners/office_form.html", {"form": form, "office": found}, status=422 if form.errors else 200
    )


@require_http_methods(["GET", "HEAD", "POST"])
def network(request, pk):
    """Say what a network is."""
    keeper(request)
    found = get_object_or_404(Network, pk=pk)
    form = forms.NetworkForm(request.POST or None, initial={"description": found.description, "website": found.website})
    if request.method == "POST" and form.is_valid():
        services.describe_network(network=found, **form.cleaned_data, by=request.user, at=timezone.now())
        messages.success(request, _("The network is described."))
        return redirect("desk:partner_network", pk)
    return TemplateResponse(
        request, "partners/network_form.html", {"form": form, "network": found}, status=422 if form.errors else 200
    )


@require_http_methods(["GET", "HEAD", "POST"])
def new_offer(request, pk):
    """What an office alone offers; in the place of another (`?remplace=`) whose conditions change."""
    keeper(request)
    office = get_object_or_404(Office.objects.select_related("network"), pk=pk)
    return offered(request, office.network, office, reverse("desk:office", args=[pk]))


@require_http_methods(["GET", "HEAD", "POST"])
def new_network_offer(request, pk):
    """What every office of a network offers."""
    keeper(request)
    found = get_object_or_404(Network, pk=pk)
    return offered(request, found, None, reverse("desk:partner_network", args=[pk]))


def offered(request, network, office, back):
    asked = request.GET.get("remplace", "")
    former = None
    if asked:
        known = Offer.objects.filter(network=network, office=office)
        former = get_object_or_404(known, pk=whole_number(asked))
    initial = {"begins_on": timezone.localdate()}
    if former:
        names = ("purpose", "title", "amount_from_cents", "amount_to_cents", "audience", "conditions")
        initial |= {name: getattr(former, name) for name in names}
    form = forms.OfferForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        services.make_offer(
            network=network, office=office, replaces=former, **form.cleaned_data, by=request.user, at=timezone.now()
        )
        messages.success(request, _("The offer is in the directory."))
        return redirect(back)
    return TemplateResponse(
        request,
        "partners/offer_form.html",
        {"form": form, "network": network, "office": office, "former": former, "back": back},
        status=422 if form.errors else 200,
    )


@require_POST
def end_of_offer(request, pk):
    """No longer offered from today on."""
    keeper(request)
    offer = get_object_or_404(Offer, pk=pk)
    services.end_offer(offer=offer, on=timezone.localdate(), by=request.user, at=timezone.now())
    messages.success(request, _("The offer is ended; it stays among the former ones."))
    if offer.office_id:
        return redirect("desk:office", offer.office_id)
    return redirect("desk:partner_network", offer.network_id)


@require_http_methods(["GET", "HEAD", "POST"])
def new_contact(request, pk):
    """Someone more at an office."""
    referrer(request)
    office = get_object_or_404(Office.objects.select_related("network"), pk=pk)
    form = forms.ContactForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.add_contact(office=office, by=request.user, at=timezone.now(), **form.cleaned_data)
        except services.AddressTaken as refusal:
            form.add_error("email", str(refusal))
        else:
            messages.success(request, _("The contact is in the directory."))
            return redirect("desk:office", pk)
    return TemplateResponse(
        request, "partners/contact.html", {"form": form, "office": office}, status=422 if form.errors else 200
    )


@require_http_methods(["GET", "HEAD", "POST"])
def contact(request, pk):
    """Correct a contact."""
    referrer(request)
    found = get_object_or_404(Contact.objects.active().select_related("office__network"), pk=pk)
    form = forms.ContactForm(request.POST or None, initial={"name": found.name, "email": found.email})
    if request.method == "POST" and form.is_valid():
        try:
            services.correct_contact(contact=found, by=request.user, at=timezone.now(), **form.cleaned_data)
        except services.AddressTaken as refusal:
            form.add_error("email", str(refusal))
        else:
            messages.success(request, _("The contact is corrected."))
            return redirect("desk:office", found.office_id)
    return TemplateResponse(
        request,
        "partners/contact.html",
        {"form": form, "office": found.office, "contact": found},
        status=422 if form.errors else 200,
    )


@require_POST
def retirement(request, pk):
    """Nobody is referred to this contact any more."""
    referrer(request)
    found = get_object_or_404(Contact.objects.active(), pk=pk)
    services.retire_contact(contact=found, by=request.user, at=timezone.now())
    messages.success(request, _("The contact is out of the directory; links sent to it are closed."))
    return redirect("desk:office", found.office_id)
