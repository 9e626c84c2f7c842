"""Doors: an organization, made, corrected, renamed, merged."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from citeslab.network import forms, queries, services
from citeslab.network.forms.places import contact_of
from citeslab.network.models import HostOrganization, Merger, Site
from citeslab.network.views.places import form_page, seen_by, set_by


@require_safe
def organization(request, pk):
    """What it is, its sites with their posts, what happened."""
    seen = seen_by(request)
    visible = HostOrganization.objects.visible_to(request.user, on=seen.today).as_of(seen.on)
    found = get_object_or_404(visible, pk=pk)
    sites = Site.objects.open_on(seen.on).as_of(seen.on).filter(organization_then=found.pk)
    mergers = found.mergers.standing().filter(merged_on__lte=seen.on).select_related("into")
    taken_in = found.absorptions.standing().filter(merged_on__lte=seen.on).select_related("absorbed")
    return TemplateResponse(
        request,
        "network/organization.html",
        {
            "seen": seen,
            "organization": found,
            "sites": queries.described(sites.select_related("department").order_by("sort_then", "pk"), on=seen.on),
            "merger": mergers.first(),
            "taken_in": taken_in.order_by("-merged_on", "pk"),
            "events": queries.events_of_organization(found, on=seen.on),
        },
    )


def settable(request, pk) -> HostOrganization:
    set_by(request)
    return get_object_or_404(HostOrganization, pk=pk)


def back_to(found: HostOrganization) -> tuple[str, str]:
    return reverse("network:organization", args=[found.pk]), found.name


@require_http_methods(["GET", "POST"])
def new_organization(request):
    """A body that employs advisors joins the network."""
    set_by(request)
    form = forms.NewOrganization(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            made = services.open_organization(
                name=said["name"],
                legal_form=said["legal_form"],
                siret=said["siret"],
                contact_name=said["contact_name"],
                contact=form.contact,
                by=request.user,
                at=timezone.now(),
            )
        except (services.NotASiret, services.SiretTaken) as refusal:
            form.add_error("siret", str(refusal))
        else:
            messages.success(request, _("%(name)s is in the network. Add its first site.") % {"name": made.name})
            return redirect("network:organization", made.pk)
    return form_page(
        request,
        form,
        heading=_("Add an organization"),
        lead=_("A body that employs advisors: an association, a town, a cooperative…"),
        back=(reverse("network:network"), _("The network")),
        verb=_("Save the organization"),
    )


@require_http_methods(["GET", "POST"])
def correction_of_organization(request, pk):
    """Everything but its name."""
    found = settable(request, pk)
    initial = {"legal_form": found.legal_form, "siret": found.siret, "contact_name": found.contact_name}
    form = forms.Correction(request.POST or None, initial={**initial, **contact_of(found)})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            services.correct_organization(
                organization=found,
                legal_form=said["legal_form"],
                siret=said["siret"],
                contact_name=said["contact_name"],
                contact=form.contact,
                by=request.user,
                at=timezone.now(),
            )
        except (services.NotASiret, services.SiretTaken) as refusal:
            form.add_error("siret", str(refusal))
        else:
            messages.success(request, _("The organization is corrected."))
            return redirect("network:organization", pk)
    heading = _("Correct %(name)s") % {"name": found.name}
    return form_page(request, form, heading=heading, back=back_to(found), verb=_("Save the organization"))


@require_http_methods(["GET", "POST"])
def name_of_organization(request, pk):
    """Another name, from a day on."""
    found = settable(request, pk)
    return renaming(request, found, back_to(found))


def renaming(request, found, back):
    """Of an organization or of a site."""
    on = timezone.localdate()
    form = forms.Renaming(request.POST or None, on=on, initial={"since": on})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            services.rename(place=found, name=said["name"], since=said["since"], by=request.user, at=timezone.now())
        except services.AlreadyNamed as refusal:
            form.add_error("since" if refusal.since else "name", str(refusal))
        else:
            messages.success(request, _("The name is changed. The one before stays told for the days before."))
            return redirect(back[0])
    heading = _("Rename %(name)s") % {"name": found.name}
    return form_page(request, form, heading=heading, back=back, verb=_("Save the name"))


@require_http_methods(["GET", "POST"])
def merger(request, pk):
    """Another organization takes it in."""
    on = set_by(request)
    found = settable(request, pk)
    if found.mergers.standing().exists():
        raise Http404
    form = forms.Merger(request.POST or None, organization=found, on=on, initial={"merged_on": on})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            made = services.merge(
                absorbed=found,
                into=said["into"],
                merged_on=said["merged_on"],
                today=on,
                by=request.user,
                at=timezone.now(),
            )
        except services.CannotMerge as refusal:
            form.add_error("merged_on", str(refusal))
        else:
            messages.success(
                request,
                _("%(absorbed)s is part of %(into)s. It can be undone on this page.")
                % {"absorbed": made.absorbed.name, "into": made.into.name},
            )
            return redirect("network:organization", made.into_id)
    return form_page(
        request,
        form,
        heading=_("Merge %(name)s") % {"name": found.name},
        lead=_(
            "Its sites, with their posts, coverage and FSE+ periods, and its coordinators go to the other one. Its "
            "past stays told under its name, and the act can be undone."
        ),
        back=back_to(found),
        verb=_("Merge the two"),
    )


@require_POST
def undoing_of_merger(request, pk):
    """What went with the merger comes back."""
    set_by(request)
    found = get_object_or_404(Merger.objects.standing().select_related("absorbed", "into"), pk=pk)
    try:
        services.undo_merger(merger=found, by=request.user, at=timezone.now())
    except services.CannotPart as refusal:
        messages.error(request, str(refusal))
        return redirect("network:organization", found.into_id)
    messages.success(request, _("%(name)s stands by itself again.") % {"name": found.absorbed.name})
    return redirect("network:organization", found.absorbed_id)
