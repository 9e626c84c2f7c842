"""Doors of the directory of partners: found, added, corrected."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from citeslab.network.models import Site
from citeslab.partners import forms, queries, services
from citeslab.partners.models import Contact, Office

ON_A_PAGE = 25


def her_sites(request):
    """The sites that this user sees by name; the directory is for those who refer people."""
    sites = list(Site.objects.with_names_for(request.user, on=timezone.localdate()).order_by("sort_key"))
    if not sites:
        raise Http404
    return sites


@require_safe
def offices(request):
    """The offices near her, or those that she searches."""
    sites = her_sites(request)
    form = forms.DirectoryFilter(request.GET or {"department": sites[0].department_id})
    form.is_valid()
    asked = form.cleaned_data
    found = queries.directory(
        words=asked.get("words", ""),
        purpose=asked.get("purpose", ""),
        department=asked["department"].pk if asked.get("department") else "",
    )
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    return TemplateResponse(request, "partners/offices.html", {"form": form, "page": page})


@require_http_methods(["GET", "HEAD", "POST"])
def new_office(request):
    """An office that the directory does not know yet."""
    sites = her_sites(request)
    form = forms.NewOffice(request.POST or None, initial={"department": sites[0].department_id})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            office = services.open_office(
                network=said["network"],
                name=said["name"],
                department=said["department"],
                commune_codes=said["communes"],
                phone=said["phone"],
                address=said["address"],
                city=said["city"],
                by=request.user,
                at=timezone.now(),
            )
        except services.OfficeKnown as refusal:
            form.add_error("name", str(refusal))
        else:
            return redirect("partners:new_contact", office.pk)
    return TemplateResponse(request, "partners/new_office.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def new_contact(request, pk):
    """Someone more at an office."""
    her_sites(request)
    office = get_object_or_404(Office.objects.select_related("network"), pk=pk)
    form = forms.ContactForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.add_contact(office=office, by=request.user, at=timezone.now(), **form.cleaned_data)
        except services.AddressTaken as refusal:
            form.add_error("email", str(refusal))
        else:
            messages.success(request, _("The contact is in the directory."))
            return redirect("partners:offices")
    return TemplateResponse(
        request, "partners/contact.html", {"form": form, "office": office}, status=422 if form.errors else 200
    )


@require_http_methods(["GET", "HEAD", "POST"])
def contact(request, pk):
    """Correct a contact."""
    her_sites(request)
    found = get_object_or_404(Contact.objects.active().select_related("office__network"), pk=pk)
    form = forms.ContactForm(request.POST or None, initial={"name": found.name, "email": found.email})
    if request.method == "POST" and form.is_valid():
        try:
            services.correct_contact(contact=found, by=request.user, at=timezone.now(), **form.cleaned_data)
        except services.AddressTaken as refusal:
            form.add_error("email", str(refusal))
        else:
            messages.success(request, _("The contact is corrected."))
            return redirect("partners:offices")
    return TemplateResponse(
        request,
        "partners/contact.html",
        {"form": form, "office": found.office, "contact": found},
        status=422 if form.errors else 200,
    )


@require_POST
def retirement(request, pk):
    """Nobody is referred to this contact any more."""
    her_sites(request)
    found = get_object_or_404(Contact.objects.active(), pk=pk)
    services.retire_contact(contact=found, by=request.user, at=timezone.now())
    messages.success(request, _("The contact is out of the directory; links sent to it are closed."))
    return redirect("partners:offices")
