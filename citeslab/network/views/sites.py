"""Doors: a site, opened, reached, renamed, closed."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from citeslab.network import forms, queries, rules, services
from citeslab.network.forms.places import contact_of
from citeslab.network.models import HostOrganization, Post, Site
from citeslab.network.views.organizations import renaming
from citeslab.network.views.places import form_page, seen_by, set_by
from citeslab.territories.models import Commune


@require_safe
def site(request, pk):
    """Its posts, who holds them, what it covers, what happened."""
    seen = seen_by(request)
    visible = Site.objects.visible_to(request.user, on=seen.today).as_of(seen.on)
    found = get_object_or_404(visible.select_related("department__region"), pk=pk)
    organization = HostOrganization.objects.as_of(seen.on).get(pk=found.organization_then)
    # On a past day nothing of what came after is told.
    posts = queries.posts_then(Post.objects.filter(site=found), on=seen.on, also_to_come=not seen.is_past)
    covered = queries.covered_by(found, on=seen.on, also_to_come=not seen.is_past)
    to_come = [pair for pair in covered if pair[0].begins_on > seen.on]
    before = [pair for pair in covered if pair[0].ends_on is not None and pair[0].ends_on <= seen.on]
    return TemplateResponse(
        request,
        "network/site.html",
        {
            "seen": seen,
            "site": found,
            "organization": organization,
            "commune": Commune.objects.filter(code=found.commune_code).first(),
            "posts": [one for one in posts if one.post.begins_on <= seen.on],
            "posts_to_come": [one for one in posts if one.post.begins_on > seen.on],
            "covered": [pair for pair in covered if pair not in to_come and pair not in before],
            "covered_to_come": to_come,
            "covered_before": before,
            "events": queries.events_of_site(found, on=seen.on),
            "staffs": not seen.is_past,
            "manages": rules.may_see_names(request.user, found, on=seen.today),
            "where": found.name_then,
        },
    )


def back_to(found: Site) -> tuple[str, str]:
    return reverse("network:site", args=[found.pk]), found.name


def readable(request, pk) -> Site:
    """A site that she reads: its contact and who holds its posts are hers to say."""
    seen = seen_by(request)
    return get_object_or_404(Site.objects.visible_to(request.user, on=seen.today), pk=pk)


def settable(request, pk) -> Site:
    """A site, for the pilot."""
    set_by(request)
    return get_object_or_404(Site, pk=pk)


@require_http_methods(["GET", "POST"])
def new_site(request):
    """A CitésLab opens."""
    on = set_by(request)
    initial = {"organization": request.GET.get("structure"), "opened_on": on}
    form = forms.NewSite(request.POST or None, on=on, initial=initial)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            made = services.open_site(
                code=said["code"],
                name=said["name"],
                organization=said["organization"],
                commune_code=said["commune"],
                opened_on=said["opened_on"],
                contact=form.contact,
                by=request.user,
                at=timezone.now(),
            )
        except services.CodeTaken as refusal:
            form.add_error("code", str(refusal))
        else:
            messages.success(request, _("The site is open. Add its posts, and the neighborhoods that it covers."))
            return redirect("network:site", made.pk)
    return form_page(
        request,
        form,
        heading=_("Add a site"),
        lead=_("The place where advisors work. Its phone, e-mail and address are for everyone."),
        back=(reverse("network:network"), _("The network")),
        verb=_("Open the site"),
    )


@require_http_methods(["GET", "POST"])
def contact_of_site(request, pk):
    """How everyone reaches it."""
    found = readable(request, pk)
    form = forms.ContactOfSite(request.POST or None, initial=contact_of(found))
    if request.method == "POST" and form.is_valid():
        services.correct_contact(site=found, contact=form.contact, by=request.user, at=timezone.now())
        messages.success(request, _("This is how people reach the site from now on."))
        return redirect("network:site", pk)
    return form_page(
        request,
        form,
        heading=_("How people reach %(name)s") % {"name": found.name},
        lead=_("Everyone reads this: no one's own number."),
        back=back_to(found),
        verb=_("Save the contact"),
    )


@require_http_methods(["GET", "POST"])
def name_of_site(request, pk):
    """Another name, from a day on."""
    found = settable(request, pk)
    return renaming(request, found, back_to(found))


@require_http_methods(["GET", "POST"])
def closing_of_site(request, pk):
    """The last day that it is open."""
    found = settable(request, pk)
    form = forms.Closing(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.close_site(
                site=found, closed_on=form.cleaned_data["closed_on"], by=request.user, at=timezone.now()
            )
        except services.NotThen as refusal:
            form.add_error("last_on", str(refusal))
        else:
            messages.success(request, _("The closing is set. The neighborhoods that nobody covers become white zones."))
            return redirect("network:site", pk)
    return form_page(
        request,
        form,
        heading=_("Close %(name)s") % {"name": found.name},
        lead=_(
            "Its posts and its coverage end with that day. The files of people stay with the organization: its "
            "coordinator hands them over."
        ),
        back=back_to(found),
        verb=_("Close the site"),
    )


@require_POST
def reopening_of_site(request, pk):
    """It does not close after all."""
    found = settable(request, pk)
    services.reopen_site(site=found, by=request.user, at=timezone.now())
    messages.success(request, _("The site is open. Open its posts and its coverage again, from the day you choose."))
    return redirect("network:site", pk)
